import type { ApiAnswer } from './api-data.js';

/** Something that can be written: `/v2/feedbacks`. What is written twice is there twice. */
export class Feedbacks {
  readonly #rows = new Map<number, unknown>();
  #nextId = 1;

  answer(method: string, path: string, body: string): ApiAnswer | undefined {
    const id = Number(/^\/v2\/feedbacks\/(\d+)$/.exec(path)?.[1] ?? Number.NaN);
    if (Number.isNaN(id)) return path === '/v2/feedbacks' ? this.#all(method, body) : undefined;
    if (!this.#rows.has(id)) return undefined;
    if (method === 'DELETE') {
      this.#rows.delete(id);
      return { status: 200, body: {} };
    }
    if (method === 'PUT' || method === 'PATCH') this.#rows.set(id, parse(body));
    return { status: 200, body: { id, feedback: this.#rows.get(id) } };
  }

  #all(method: string, body: string): ApiAnswer | undefined {
    if (method === 'GET') {
      return { status: 200, body: [...this.#rows].map(([id, feedback]) => ({ id, feedback })) };
    }
    if (method !== 'POST') return undefined;
    const id = this.#nextId++;
    this.#rows.set(id, parse(body));
    return { status: 201, body: { id, feedback: this.#rows.get(id) } };
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

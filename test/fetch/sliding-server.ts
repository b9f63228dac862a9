/** A server that admits each token so often in any window, and counts what it accepted and refused. */
import type { Limit } from '../../src/index.js';
import { listenHttp } from '../transport/http-world.js';
import { readAll } from './setting.js';

export interface SlidingServer {
  readonly origin: string;
  /** Accepted requests, by `Authorization`. */
  readonly accepted: ReadonlyMap<string, number>;
  refused: number;
}

/**
 * `/v1/items/7` is `{"id":7}`, `/v1/items/422` an error, `/v1/slow` never answered; what is posted is
 * handed back.
 */
export async function slidingServer({ requests, perMs }: Limit): Promise<SlidingServer> {
  const times = new Map<string, number[]>();
  const accepted = new Map<string, number>();
  const admits = (token: string): boolean => {
    const nowMs = performance.now();
    const recent = (times.get(token) ?? []).filter((time) => time > nowMs - perMs);
    times.set(token, recent);
    if (recent.length >= requests) return false;
    recent.push(nowMs);
    accepted.set(token, (accepted.get(token) ?? 0) + 1);
    return true;
  };
  const { origin } = await listenHttp((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    if (!admits(request.headers.authorization ?? '')) {
      server.refused += 1;
      return answer(429, { message: 'too many' });
    }
    if (request.url === '/v1/slow') return;
    if (request.method === 'POST') {
      readAll(request).then(
        (body) => answer(201, JSON.parse(body.toString())),
        () => response.destroy(),
      );
      return;
    }
    const id = Number(/\/items\/(\d+)/.exec(request.url ?? '')?.[1]);
    answer(id === 422 ? 422 : 200, { id });
  });
  const server: SlidingServer = { origin, accepted, refused: 0 };
  return server;
}

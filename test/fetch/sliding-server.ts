/** A server that admits each token so often in any window, and notes what came, accepted or not. */
import type { Limit } from '../../src/index.js';
import { listenHttp } from '../transport/http-world.js';
import { readAll } from './setting.js';

export interface SlidingServer {
  readonly origin: string;
  /** When requests came, also those that were refused, by `Authorization`; milliseconds. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
  /** Requests that were not refused. */
  accepted: number;
}

/**
 * `/v1/items/7` is `{"id":7}`, `/v1/items/422` an error, `/v1/slow` never answered; what is posted is
 * handed back.
 */
export async function slidingServer({ requests, perMs }: Limit): Promise<SlidingServer> {
  const times = new Map<string, number[]>();
  const arrivals = new Map<string, number[]>();
  const note = (token: string, nowMs: number): void => {
    const known = arrivals.get(token);
    if (known === undefined) arrivals.set(token, [nowMs]);
    else known.push(nowMs);
  };
  const admits = (token: string, nowMs: number): boolean => {
    const recent = (times.get(token) ?? []).filter((time) => time > nowMs - perMs);
    times.set(token, recent);
    if (recent.length >= requests) return false;
    recent.push(nowMs);
    server.accepted += 1;
    return true;
  };
  const { origin } = await listenHttp((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    const { authorization = '' } = request.headers;
    const nowMs = performance.now();
    note(authorization, nowMs);
    if (!admits(authorization, nowMs)) return answer(429, { message: 'too many' });
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
  const server: SlidingServer = { origin, arrivals, accepted: 0 };
  return server;
}

/** The most arrivals in any window of so long. */
export function mostIn(arrivals: readonly number[], perMs: number): number {
  const counts = arrivals.map(
    (first) => arrivals.filter((time) => time >= first && time < first + perMs).length,
  );
  return Math.max(0, ...counts);
}

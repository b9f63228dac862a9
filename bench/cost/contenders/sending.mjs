// What all but ours send with: undici, 100 connections, one header that names the app.
import { Agent, request } from 'undici';
import { CONCURRENCY } from '../../shared/load.mjs';

export const headers = { authorization: 'Bearer t' };

/** @returns a function that asks for a path and reads its body. */
export function sender(origin) {
  const dispatcher = new Agent({ connections: CONCURRENCY });
  return async (path) => {
    const { body } = await request(origin + path, { dispatcher, headers });
    return body.text();
  };
}

/** Calls `one(path, id)` so many times, at most {@link CONCURRENCY} at once. */
export async function concurrently(count, one) {
  let next = 0;
  const work = async () => {
    while (next < count) {
      const id = next++;
      await one(`/users/${id}`, id);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, count) }, work));
}

// How every contender but ours sends: undici, with a connection for each request under way (which is also
// what ours does), and one way to go on after a refusal.
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';

/**
 * A function that sends one request with an app.
 *
 * @returns how long the server says to wait when it refuses, milliseconds; else `undefined`.
 */
export function sender(origin) {
  const dispatcher = new Agent();
  return async (app, path) => {
    const { statusCode, headers, body } = await request(origin + path, {
      dispatcher,
      headers: { authorization: `Bearer ${app}` },
    });
    await body.text();
    return statusCode === 429 ? Number(headers['retry-after']) * 1000 : undefined;
  };
}

/** Sends through a limiter, again after each refusal, so that no request is lost. */
export async function untilAccepted(limited) {
  for (let waitMs = await limited(); waitMs !== undefined; waitMs = await limited()) {
    await wait(waitMs);
  }
}

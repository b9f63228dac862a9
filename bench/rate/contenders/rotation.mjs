import { sender, untilAccepted } from '../send.mjs';

/**
 * Spreads requests over apps in turn, each app with a limiter of its own. That is how one uses a
 * limiter for one key with many keys.
 *
 * @param makeLimiter - called once for each app with a function `(path) => promise` that sends with it;
 * returns the same function, limited.
 */
export function askInTurn({ origin, apps, total }, makeLimiter) {
  const send = sender(origin);
  const limiters = Array.from({ length: apps }, (_, app) => makeLimiter((path) => send(app, path)));
  for (let id = 0; id < total; id++) {
    const limited = limiters[id % apps];
    void untilAccepted(() => limited(`/users/${id}`));
  }
}

// A hydra that its API does not slow down: what is measured is what it costs.
import { ApiHydra, bearerToken, defineApi } from '../../dist/index.js';
import { ALLOWED_PER_SECOND, CONCURRENCY } from './load.mjs';

/** @param options - those of the hydra, other than the usual ones; `apps` is how many. */
export function unlimitedHydra(origin, { apps = 10, ...options } = {}) {
  return new ApiHydra({
    api: defineApi({
      baseUrl: origin,
      limits: [{ requests: ALLOWED_PER_SECOND / apps, perMs: 1000 }],
      auth: bearerToken(),
      responseType: 'json',
    }),
    apps: Array.from({ length: apps }, (_, app) => ({ id: `${app}`, credentials: { token: 't' } })),
    appsFile: false,
    minRequestDelayMs: 0,
    maxConcurrency: CONCURRENCY,
    logLevel: 'warning',
    ...options,
  });
}

/** The origin of a server on this machine. */
export function localOrigin(port, scheme = 'http') {
  return `${scheme}://127.0.0.1:${port}`;
}

/** So many paths, one by one. */
export function* paths(count) {
  for (let id = 0; id < count; id++) yield `/users/${id}`;
}

// A hydra that its API does not slow down: what is measured is what it costs.
import { ApiHydra, bearerToken, defineApi } from '../../dist/index.js';

const APPS = 10;

/** @param options - other than the usual ones. */
export function unlimitedHydra(port, options = {}) {
  return new ApiHydra({
    api: defineApi({
      baseUrl: `http://127.0.0.1:${port}`,
      limits: [{ requests: 10_000, perMs: 1000 }],
      auth: bearerToken(),
      responseType: 'json',
    }),
    apps: Array.from({ length: APPS }, (_, app) => ({ id: `${app}`, credentials: { token: 't' } })),
    appsFile: false,
    minRequestDelayMs: 0,
    maxConcurrency: 100,
    logLevel: 'warning',
    ...options,
  });
}

/** So many paths, one by one. */
export function* paths(count) {
  for (let id = 0; id < count; id++) yield `/users/${id}`;
}

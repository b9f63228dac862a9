import * as path from 'node:path';
import { ApiHydra, bearerToken, defineApi } from '../../../dist/index.js';

export const apihydra = {
  name: 'ApiHydra',
  words:
    'Defaults (outcomes on disk, too), but `minRequestDelayMs: 0`. It finds its margin by itself.',
  ask({ origin, apps, requests, total, folder }) {
    const hydra = new ApiHydra({
      api: defineApi({
        baseUrl: origin,
        limits: [{ requests, perMs: 1000 }],
        auth: bearerToken(),
      }),
      apps: Array.from({ length: apps }, (_, app) => ({
        id: `${app}`,
        credentials: { token: `${app}` },
      })),
      appsFile: false,
      minRequestDelayMs: 0,
      responsesFilePathTemplate: path.join(folder, 'responses_%s_%s.json'),
      logLevel: 'error',
    });
    for (let id = 0; id < total; id++) hydra.get(`/users/${id}`);
  },
};

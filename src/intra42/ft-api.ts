import { defineApi, oauth2ClientCredentials, type Api, type App } from '../index.js';
import { FT_LIMITS, ftLimits } from './ft-limits.js';
import type { AppPage } from './pages/app-page.js';

/** The API of the 42 Intra. */
export function defineFtApi(
  apiBase: string,
  recoverApp: (app: App) => Promise<App | undefined>,
): Api {
  return defineApi({
    name: '42',
    baseUrl: apiBase,
    limits: FT_LIMITS,
    responseType: 'json',
    auth: oauth2ClientCredentials({ tokenUrl: `${new URL(apiBase).origin}/oauth/token` }),
    recoverApp,
    // A larger page is cut to 100.
    pagination: {
      style: 'page',
      pageSize: 100,
      parameters: { page: 'page[number]', size: 'page[size]' },
    },
  });
}

/** An app as a hydra uses it, from its page on the website. */
export function toApp(id: string, page: AppPage): App {
  const { name, uid, secret, maxPerSecond, usage } = page;
  return {
    id,
    name,
    credentials: { clientId: uid, clientSecret: secret },
    limits: ftLimits(maxPerSecond, usage.maxPerHour),
  };
}

import { defineApi, oauth2ClientCredentials, type Api, type App } from '../index.js';
import type { WebApp } from './app-website.js';

/** What an app of the 42 Intra is allowed unless its page says otherwise. */
const DEFAULT_LIMITS = [
  { requests: 2, perMs: 1000 },
  { requests: 1200, perMs: 3_600_000 },
];

/** The API of the 42 Intra. */
export function defineFtApi(
  apiBase: string,
  recoverApp: (app: App) => Promise<App | undefined>,
): Api {
  return defineApi({
    name: '42',
    baseUrl: apiBase,
    limits: DEFAULT_LIMITS,
    responseType: 'json',
    auth: oauth2ClientCredentials({ tokenUrl: `${new URL(apiBase).origin}/oauth/token` }),
    recoverApp,
  });
}

/** An app as a hydra uses it, from its page on the website. */
export function toApp({ id, page }: WebApp): App {
  const { name, uid, secret, limits } = page;
  return {
    id,
    name,
    credentials: { clientId: uid, clientSecret: secret },
    ...(limits.length > 0 ? { limits } : {}),
  };
}

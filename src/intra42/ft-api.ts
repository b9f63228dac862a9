import { defineApi, oauth2ClientCredentials, type Api, type App, type Limit } from '../index.js';
import type { AppPage } from './pages/app-page.js';

/** What an app of the 42 Intra is allowed unless its page says otherwise. */
const PER_SECOND = 2;
const PER_HOUR = 1200;

/** The limits of an app of which no more is known. */
export const FT_LIMITS: readonly Limit[] = limitsOf(undefined, undefined);

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
  });
}

/** An app as a hydra uses it, from its page on the website. */
export function toApp(id: string, page: AppPage): App {
  const { name, uid, secret, maxPerSecond, usage } = page;
  return {
    id,
    name,
    credentials: { clientId: uid, clientSecret: secret },
    limits: limitsOf(maxPerSecond, usage.maxPerHour),
  };
}

/** Where a page names only one of the two limits, the other one still holds. */
function limitsOf(perSecond: number | undefined, perHour: number | undefined): Limit[] {
  return [
    { requests: perSecond || PER_SECOND, perMs: 1000 },
    { requests: perHour || PER_HOUR, perMs: 3_600_000 },
  ];
}

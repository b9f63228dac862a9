import { defineApi, oauth2ClientCredentials, type Api } from '../index.js';

/** What {@link reddit} must be told. */
export interface RedditOptions {
  /**
   * Who asks, as Reddit wants it: `<platform>:<app id>:<version> (by /u/<user>)`. The usual names of
   * programs are admitted far less.
   */
  readonly userAgent: string;
  /**
   * Requests a minute for each client.
   *
   * @defaultValue 100
   */
  readonly requestsPerMinute?: number;
}

/**
 * The Reddit Data API, read only. Credentials of each app: `clientId` and `clientSecret`.
 *
 * - 100 requests a minute for each OAuth client, since July 2023. Source: Reddit's announcement,
 *   https://www.reddit.com/r/redditdev/comments/13wsiks/ (as copies of it tell). Who pays has other numbers:
 *   `requestsPerMinute`.
 * - `X-Ratelimit-Remaining` and `X-Ratelimit-Reset` (seconds) are kept to. Source:
 *   https://github.com/reddit-archive/reddit/wiki/API
 * - Tokens come from https://www.reddit.com/api/v1/access_token, with Basic authentication. Source:
 *   https://github.com/reddit/reddit/wiki/OAuth2#application-only-oauth, and clients that do so, such as
 *   https://rdrr.io/cran/httr/src/demo/oauth2-reddit.R
 * - Its listings come by `data.after`, 100 at once; most end after 1000 items. Source:
 *   https://www.reddit.com/r/redditdev/wiki/api/faq, as a copy of it tells.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function reddit({ userAgent, requestsPerMinute = 100 }: RedditOptions): Api {
  return defineApi({
    name: 'reddit',
    baseUrl: 'https://oauth.reddit.com',
    auth: oauth2ClientCredentials({
      tokenUrl: 'https://www.reddit.com/api/v1/access_token',
      clientAuthentication: 'client_secret_basic',
    }),
    headers: { 'user-agent': userAgent },
    limits: [{ requests: requestsPerMinute, perMs: 60_000 }],
    pagination: {
      cursor: { path: 'data.after' },
      items: 'data.children',
      pageSize: 100,
      parameters: { cursor: 'after' },
    },
  });
}

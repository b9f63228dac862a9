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
   * @defaultValue 60
   */
  readonly requestsPerMinute?: number;
}

/**
 * The Reddit Data API, read only. Credentials of each app: `clientId` and `clientSecret`.
 *
 * - 60 requests a minute for each OAuth client. Source: https://github.com/reddit-archive/reddit/wiki/API,
 *   the last public page that could be read. Reddit has since named 100 a minute, as a mean over 10 minutes;
 *   that could not be verified, so ask for it with `requestsPerMinute`.
 * - `X-Ratelimit-Remaining` and `X-Ratelimit-Reset` (seconds) are kept to. Source: the same page.
 * - Tokens come from https://www.reddit.com/api/v1/access_token, with Basic authentication. Source:
 *   https://github.com/reddit-archive/reddit/wiki/OAuth2 (from memory, not looked up again).
 * - Its listings come by `data.after`, 100 at once; most end after 1000 items. Source:
 *   https://www.reddit.com/r/redditdev/wiki/api/faq, as a copy of it tells.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function reddit({ userAgent, requestsPerMinute = 60 }: RedditOptions): Api {
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

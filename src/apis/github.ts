import {
  bearerToken,
  defineApi,
  type AnswerFacts,
  type Api,
  type Limit,
  type ToldWindow,
} from '../index.js';
import { headerCount, headerText } from './header-value.js';

/** What {@link github} may be told. */
export interface GitHubOptions {
  /**
   * The REST API; for GitHub Enterprise Server `https://<host>/api/v3`.
   *
   * @defaultValue `'https://api.github.com'`
   */
  readonly baseUrl?: string;
  /**
   * Requests an hour for each token: up to 15,000 for apps of an Enterprise Cloud organization.
   *
   * @defaultValue 5000
   */
  readonly requestsPerHour?: number;
}

/** Methods that read: they take one point. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const POINTS_TO_WRITE = 5;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What content may be made at most; see {@link github}. */
const content: readonly Limit[] = [
  { requests: 80, perMs: MINUTE_MS },
  { requests: 500, perMs: HOUR_MS },
];

/** Resources of `X-RateLimit-Resource` that are not counted with all others, and what they admit a minute. */
const perMinute: Readonly<Record<string, number>> = { search: 30, code_search: 10 };

/**
 * The GitHub REST API. Credential of each app: `token`. Tokens of one user share their limits, so use one
 * for each user or installation.
 *
 * - 5000 requests an hour for each user; 900 points a minute, of which GET, HEAD and OPTIONS take 1 and
 *   others 5; 80 requests a minute and 500 an hour that make content (here: all but those three). Points of
 *   all endpoints count together here, which is never less strict than GitHub's own count for each endpoint.
 *   Some endpoints take other points, which GitHub does not tell. Source:
 *   https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 * - Search: 30 requests a minute, 10 for code. Source: https://docs.github.com/en/rest/search/search (some
 *   states of that page say 9 for code in one place; `X-RateLimit-Limit` says 10).
 * - 403 is a refusal when it has `Retry-After`, or `X-RateLimit-Remaining: 0`. A secondary limit that says
 *   neither, in its body alone, looks like any other 403 and is given up.
 * - No more than 100 requests may be under way for a token: the option `maxConcurrency` of the hydra keeps to
 *   that for all of its apps together.
 *
 * - A 304 to a conditional request that is signed does not count in the hour (the primary limit). GitHub does
 *   not say that it takes no points, so it counts in the minute. Source:
 *   https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function github(options: GitHubOptions = {}): Api {
  const { baseUrl = 'https://api.github.com', requestsPerHour = 5000 } = options;
  return defineApi({
    name: 'github',
    baseUrl,
    auth: bearerToken(),
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    limits: [
      // What 900 points admit at most: plans and the pace know requests only.
      { requests: 900, perMs: MINUTE_MS },
      { of: 'points', requests: 900, perMs: MINUTE_MS },
      { requests: requestsPerHour, perMs: HOUR_MS },
    ],
    cost: ({ method }) => ({ points: isReading(method) ? 1 : POINTS_TO_WRITE }),
    scope: ({ method, path }) => {
      if (path.startsWith('/search/code')) return 'code_search';
      if (path.startsWith('/search/')) return 'search';
      return isReading(method) ? undefined : 'content';
    },
    scopeLimits: {
      content,
      search: [{ requests: 30, perMs: MINUTE_MS }],
      code_search: [{ requests: 10, perMs: MINUTE_MS }],
    },
    notModifiedIsFree: true,
    readLimits: readWindow,
    isRefusal: ({ status, headers }) =>
      status === 403 &&
      (headers['retry-after'] !== undefined || headerCount(headers, 'x-ratelimit-remaining') === 0),
  });
}

function isReading(method: string): boolean {
  return READING.has(method);
}

/** The window that an answer tells of: the app's own, or that of the resource which it names. */
function readWindow(headers: AnswerFacts['headers'], wallNow: () => number): readonly ToldWindow[] {
  const remaining = headerCount(headers, 'x-ratelimit-remaining');
  if (remaining === undefined) return [];
  const resource = headerText(headers, 'x-ratelimit-resource') ?? 'core';
  const reset = headerCount(headers, 'x-ratelimit-reset');
  const isOwn = resource === 'core';
  return [
    {
      name: 'X-RateLimit',
      requests: headerCount(headers, 'x-ratelimit-limit'),
      perMs: isOwn ? HOUR_MS : perMinute[resource] === undefined ? undefined : MINUTE_MS,
      remaining,
      resetMs: reset === undefined ? undefined : Math.max(0, reset * 1000 - wallNow()),
      ...(isOwn ? {} : { scope: resource }),
    },
  ];
}

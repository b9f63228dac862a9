/** What must be known of an API: where it is, what it allows, how an app signs, how answers are read. */
import type { App, Token } from './app.js';
import { describeValue, HydraError } from './errors.js';
import type { Limit } from './limits/limit.js';
import { checkPagination } from './pagination/paging.js';
import type { PaginationOptions } from './pagination/pagination.js';

/** Header names (lower case) and values. */
export type HeaderRecord = Readonly<Record<string, string>>;

/** What a way to sign may use while it gets a token. */
export interface AuthContext {
  /** HTTP outside the apps' limits, through the hydra's connections, proxy and time-outs. */
  readonly fetch: typeof globalThis.fetch;
  /** Aborted when the hydra finishes. */
  readonly signal: AbortSignal;
  /** Milliseconds since the Unix epoch. */
  readonly wallNow: () => number;
}

/** What a signature adds to a request. */
export interface RequestSignature {
  /** Where they are the same each time, freeze them and hand out the same object: that is quicker. */
  readonly headers: HeaderRecord;
}

/** A way to sign requests. */
export interface Auth {
  /** Signs one attempt; called for each, so it must be quick. `token` is what {@link renewToken} gave. */
  authorize(app: App, token: Token | undefined): RequestSignature;
  /**
   * Gets a new token. Left out where an app signs with its credentials alone.
   *
   * A `HydraError` with code `HYDRA_CREDENTIALS_REJECTED` says that trying again is of no use; after
   * any other error it is called again, every 2 seconds.
   */
  renewToken?(app: App, context: AuthContext): Promise<Token>;
}

/** An API, as {@link defineApi} makes it. */
export interface Api {
  /** A short name, for logs and files. */
  readonly name: string;
  /** What paths are appended to, without a slash at its end. */
  readonly baseUrl: string;
  /**
   * All windows of each app, unless the app has its own. `'discover'`: nobody knows them. Each app then
   * starts with one request a second and doubles that with each second in which it was used up and
   * nothing was refused; after the first refusal it climbs slowly from 0.7 of what was refused. Limits
   * that answers tell in their headers take the place of what was found so. Some requests are refused on
   * the way (and go on with another app, or later), so say the limits where you know them.
   */
  readonly limits: readonly Limit[] | 'discover';
  readonly auth: Auth;
  /**
   * What a successful answer must be: with `'json'`, a body that does not parse is a failed attempt.
   *
   * @defaultValue `'any'`
   */
  readonly responseType: 'json' | 'any';
  /** Headers of every request, lower case; a request's own replace them. */
  readonly headers: HeaderRecord;
  /**
   * True where an answer 304 (not modified) costs nothing of the limits, as GitHub has it: the request
   * then counts in no window, once it is answered.
   *
   * @defaultValue `false`
   */
  readonly notModifiedIsFree: boolean;
  /**
   * Called when an app's credentials were rejected: returns the app with new ones, or `undefined`
   * when it is gone. Without it, the app is dropped.
   */
  readonly recoverApp?: (app: App, context: AuthContext) => Promise<App | undefined>;
  /** How its lists come page by page, for `hydra.paginate()`. Left out: found out from each. */
  readonly pagination?: PaginationOptions;
}

/** What {@link defineApi} takes: an {@link Api} with the defaults left out. */
export type ApiDefinition = Pick<Api, 'baseUrl' | 'limits' | 'auth'> & Partial<Api>;

/**
 * Describes an API.
 *
 * @param definition - `baseUrl`, `limits` and `auth`; `name` is the host unless given.
 * @throws HydraError `HYDRA_INVALID_OPTION` for a base URL without scheme, with credentials, a query
 * or a fragment in it, and for limits that admit nothing.
 *
 * @example
 * ```ts
 * const api = defineApi({
 *   baseUrl: 'https://api.example.com/v1',
 *   limits: [{ requests: 5, perMs: 1000 }],
 *   auth: bearerToken(),
 * });
 * ```
 */
export function defineApi(definition: ApiDefinition): Api {
  const url = parseBaseUrl(definition.baseUrl);
  checkLimits(definition.limits);
  if (typeof definition.auth?.authorize !== 'function') {
    throw invalid('auth', 'a way to sign, such as bearerToken()', definition.auth);
  }
  const { limits, auth, responseType = 'any', headers = {}, recoverApp } = definition;
  const { notModifiedIsFree = false } = definition;
  if (typeof notModifiedIsFree !== 'boolean') {
    throw invalid('notModifiedIsFree', 'true or false', notModifiedIsFree);
  }
  const { pagination } = definition;
  if (pagination !== undefined) checkPagination(pagination);
  return Object.freeze({
    name: definition.name ?? url.host,
    baseUrl: url.href.replace(/\/+$/, ''),
    limits,
    auth,
    responseType,
    headers: lowerCaseNames(headers),
    notModifiedIsFree,
    ...(recoverApp === undefined ? {} : { recoverApp }),
    ...(pagination === undefined ? {} : { pagination }),
  });
}

function lowerCaseNames(headers: HeaderRecord): HeaderRecord {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function parseBaseUrl(baseUrl: string): URL {
  const expected = 'an absolute http or https URL such as "https://api.example.com/v1"';
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw invalid('baseUrl', expected, baseUrl);
  }
  if (url.username || url.password) {
    throw invalid('baseUrl', `${expected}, without credentials in it`, '(not shown)');
  }
  if (/[?#]/.test(baseUrl)) throw invalid('baseUrl', `${expected}, without ? or #`, baseUrl);
  return url;
}

function checkLimits(limits: Api['limits']): void {
  if (limits === 'discover') return;
  if (!Array.isArray(limits) || limits.length === 0) {
    throw invalid('limits', "a list of at least one limit, or 'discover'", limits);
  }
  for (const limit of limits as readonly Limit[]) checkLimit(limit);
}

function checkLimit(limit: Limit): void {
  if (!Number.isInteger(limit?.requests) || limit.requests < 1) {
    throw invalid('limits[].requests', 'a whole number of at least 1', limit?.requests);
  }
  if (!Number.isFinite(limit.perMs) || limit.perMs <= 0) {
    throw invalid('limits[].perMs', 'a number of milliseconds above 0', limit.perMs);
  }
}

function invalid(name: string, expected: string, value: unknown): HydraError {
  const message = `Expected \`${name}\` to be ${expected}, got ${describeValue(value)}.`;
  return new HydraError('HYDRA_INVALID_OPTION', message, { name });
}

/** What must be known of an API: where it is, what it allows, how an app signs, how answers are read. */
import type { App, Token } from './app.js';
import { ownSignature } from './auth/own-signature.js';
import { describeValue, HydraError } from './errors.js';
import { checkCosts, checkedRules, checkLimits } from './limits/check-limits.js';
import type { Limit } from './limits/limit.js';
import type { LimitRules } from './limits/limit-rules.js';
import { checkPagination } from './pagination/check-paging.js';
import type { PaginationOptions } from './pagination/pagination.js';
import { checkHeaders } from './request/header-fields.js';

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
  /**
   * Query parameters, put on the wire and nowhere else: not into the URLs of answers, errors, logs and
   * files. {@link Auth.queryNames} must name them. A request's own of the same name are left out.
   */
  readonly query?: Readonly<Record<string, string>>;
}

/** Signs one attempt with an app's credentials alone. */
export type SignRequest = (app: App) => RequestSignature;

/** A way to sign requests. */
export interface Auth {
  /** Signs one attempt; called for each, so it must be quick. `token` is what {@link renewToken} gave. */
  authorize(app: App, token: Token | undefined): RequestSignature;
  /**
   * Called when an app is taken in: throws a `HydraError` (`HYDRA_INVALID_OPTION`) when it lacks what
   * this way signs with. The error names what is missing and shows no credential.
   */
  checkApp?(app: App): void;
  /**
   * The names of the query parameters that signatures add: URLs that come back with them (redirects,
   * links to the next page) are kept and followed without them.
   */
  readonly queryNames?: readonly string[];
  /**
   * Says that {@link renewToken} uses up what it sends, and that only its answer gets the next token
   * (rotating refresh tokens): each answer is written to the apps file at once, and the end of the
   * hydra waits for an answer that is under way.
   *
   * @defaultValue `false`
   */
  readonly rotatesTokens?: boolean;
  /**
   * Gets a new token; `last` is the one before it, if any, also when it was rejected or has expired.
   * Left out where an app signs with its credentials alone.
   *
   * A `HydraError` with code `HYDRA_CREDENTIALS_REJECTED` says that trying again is of no use; after
   * any other error it is called again, every 2 seconds.
   */
  renewToken?(app: App, context: AuthContext, last?: Token): Promise<Token>;
}

/** An API, as {@link defineApi} makes it. */
export interface Api extends LimitRules {
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
   * True where an answer 304 (not modified) costs nothing of the quota, as GitHub has it: the request then
   * does not count in the longest window. Shorter ones, which bound how fast may be asked, count it; until
   * they have passed, so does the longest.
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
export type ApiDefinition = Pick<Api, 'baseUrl' | 'limits'> &
  Partial<Omit<Api, 'auth'>> & {
    /** A way to sign: one of those that are there, one's own, or a function that signs with an app. */
    readonly auth: Auth | SignRequest;
  };

/**
 * Describes an API.
 *
 * @param definition - `baseUrl`, `limits` and `auth`; `name` is the host unless given.
 * @throws HydraError `HYDRA_INVALID_OPTION` for a base URL without scheme, with credentials, a query
 * or a fragment in it, for limits that admit nothing, for limits of scopes without a `scope`, and for
 * headers that no request may have.
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
  const { limits } = definition;
  if (limits !== 'discover') {
    checkLimits('limits', limits, "a list of at least one limit, or 'discover'");
  }
  const rules = checkedRules(definition);
  checkCosts(limits, rules);
  const auth = wayToSign(definition.auth);
  const { responseType = 'any', headers = {}, recoverApp } = definition;
  checkHeaders(headers);
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
    ...rules,
    notModifiedIsFree,
    ...(recoverApp === undefined ? {} : { recoverApp }),
    ...(pagination === undefined ? {} : { pagination }),
  });
}

function wayToSign(auth: ApiDefinition['auth']): Auth {
  if (typeof auth === 'function') return ownSignature(auth);
  if (typeof auth?.authorize === 'function') return auth;
  throw invalid('auth', 'a way to sign, such as bearerToken(), or a function', auth);
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

function invalid(name: string, expected: string, value: unknown): HydraError {
  const message = `Expected \`${name}\` to be ${expected}, got ${describeValue(value)}.`;
  return new HydraError('HYDRA_INVALID_OPTION', message, { name });
}

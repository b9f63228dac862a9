/** Turns what a caller asks for into what is sent, with clear errors for what cannot be. */
import type { Api } from '../api.js';
import { describeValue, HydraError } from '../errors.js';
import { withoutParameters } from './signed-query.js';
import type { QueryValue, RequestOptions } from './request.js';

/**
 * Paths that a URL parser leaves as they are: nothing to encode, no step up. Nearly all are; parsing
 * would be the dearest part of asking for one.
 */
const PLAIN_PATH = /^(?!\/\/|.*\/\.)\/[\w./~!$&()*+,;=:@-]*(?:\?[\w./~!$&()*+,;=:@?%-]*)?$/;
/** The base URL of each API, as a URL parser writes it. */
const bases = new WeakMap<Api, string>();

/**
 * The absolute URL of a request, without a fragment, and without what only a signature may add.
 *
 * @throws HydraError `HYDRA_INVALID_REQUEST` for a path without a slash in front,
 * `HYDRA_FOREIGN_ORIGIN` for an absolute URL of another origin.
 */
export function targetUrl(api: Api, path: string, query: RequestOptions['query']): string {
  const url = givenUrl(api, path, query);
  const { queryNames } = api.auth;
  return queryNames === undefined ? url : withoutParameters(url, queryNames);
}

function givenUrl(api: Api, path: string, query: RequestOptions['query']): string {
  if (query === undefined && isPlain(path)) return baseOf(api) + path;
  const url = isAbsolute(path) ? absoluteUrl(api, path) : new URL(api.baseUrl + checkedPath(path));
  url.hash = '';
  for (const [name, value] of Object.entries(query ?? {})) appendQuery(url, name, value);
  return url.href;
}

/**
 * Where a redirect leads, without credentials and fragment, and without what only a signature may add.
 *
 * @throws HydraError `HYDRA_FOREIGN_ORIGIN` when that is another origin.
 */
export function redirectUrl(api: Api, from: string, given: string): string {
  const location = withoutParameters(given, api.auth.queryNames ?? []);
  const url = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (url === undefined || url.origin !== new URL(api.baseUrl).origin) {
    throw foreign(api, `${from} redirects to ${url?.origin ?? describeValue(location)}`, from);
  }
  return url.origin + url.pathname + url.search;
}

function baseOf(api: Api): string {
  let base = bases.get(api);
  if (base === undefined) {
    base = new URL(`${api.baseUrl}/`).href.slice(0, -1);
    bases.set(api, base);
  }
  return base;
}

function isPlain(path: unknown): boolean {
  return typeof path === 'string' && PLAIN_PATH.test(path);
}

function isAbsolute(path: unknown): path is string {
  return typeof path === 'string' && /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}

function absoluteUrl(api: Api, path: string): URL {
  const url = URL.canParse(path) ? new URL(path) : undefined;
  if (url === undefined || url.origin !== new URL(api.baseUrl).origin) {
    // Only the origin is named: the rest may hold a password.
    throw foreign(api, `got ${url?.origin ?? 'one that cannot be understood'}`, url?.origin);
  }
  if (url.username || url.password) {
    throw new HydraError('HYDRA_INVALID_REQUEST', 'Expected a URL without credentials in it.');
  }
  return url;
}

function checkedPath(path: unknown): string {
  // Two slashes would name another host, were it not for the base in front; nobody means them.
  if (typeof path === 'string' && path.startsWith('/') && !path.startsWith('//')) return path;
  throw new HydraError(
    'HYDRA_INVALID_REQUEST',
    `Expected a path that begins with one "/", got ${describeValue(path)}.`,
    { name: 'path' },
  );
}

function appendQuery(url: URL, name: string, value: QueryValue): void {
  const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  for (const one of values) {
    if (one === undefined) continue;
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') {
      throw new HydraError(
        'HYDRA_INVALID_REQUEST',
        `Expected the query parameter \`${name}\` to be a string, number or boolean, got ${describeValue(one)}.`,
        { name },
      );
    }
    url.searchParams.append(name, String(one));
  }
}

function foreign(api: Api, what: string, url: string | undefined): HydraError {
  const origin = new URL(api.baseUrl).origin;
  return new HydraError(
    'HYDRA_FOREIGN_ORIGIN',
    `Expected a URL of ${origin}, ${what}: a token must not leave for another host.`,
    url === undefined ? {} : { url },
  );
}

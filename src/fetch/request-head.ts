/** The head of a request as undici's callers give it, in the form of the hydra's requests. */
import type { Dispatcher } from 'undici';
import type { Api, HeaderRecord } from '../api.js';
import { HydraError } from '../errors.js';
import { checkRequestOptions } from '../request/request-options.js';
import { targetUrl } from '../request/request-target.js';
import type { QueryValue } from '../request/request.js';

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Left out: the app signs, and the transport keeps its connections as it likes. */
const NOT_SENT = new Set(['authorization', 'connection', 'keep-alive', 'proxy-authorization']);

/**
 * The URL of a request.
 *
 * @throws HydraError `HYDRA_FOREIGN_ORIGIN`, `HYDRA_INVALID_REQUEST`.
 */
export function requestUrl(api: Api, { origin, path, query }: Dispatcher.DispatchOptions): string {
  const base = origin === undefined ? new URL(api.baseUrl).origin : String(origin);
  const url = base.replace(/\/$/, '') + path;
  return targetUrl(api, url, query as Readonly<Record<string, QueryValue>> | undefined);
}

/**
 * Checks what a request asks of the connection.
 *
 * @throws HydraError `HYDRA_INVALID_REQUEST`.
 */
export function checkMethod({ method, upgrade }: Dispatcher.DispatchOptions): void {
  if (METHOD.test(method) && method !== 'CONNECT' && !upgrade) return;
  const what = upgrade ? `an upgrade to ${String(upgrade)}` : JSON.stringify(method);
  const message = `Expected a method such as GET or POST, got ${what}.`;
  throw new HydraError('HYDRA_INVALID_REQUEST', message, { name: 'method' });
}

/**
 * The headers of a request: lower-case names, each once, without those that are not the caller's to set.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for a header that cannot be sent.
 */
export function requestHeaders(given: Dispatcher.DispatchOptions['headers']): HeaderRecord {
  const headers: Record<string, string> = {};
  for (const [givenName, value] of headerPairs(given)) {
    const name = givenName.toLowerCase();
    if (value === undefined || NOT_SENT.has(name)) continue;
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    const known = headers[name];
    headers[name] = known === undefined ? text : known + (name === 'cookie' ? '; ' : ', ') + text;
  }
  // How long the body is, the transport finds out; only of a stream it has to be told.
  const { 'content-length': _length, ...checked } = headers;
  checkRequestOptions({ headers: checked });
  return headers;
}

type HeaderPair = readonly [name: string, value: string | readonly string[] | undefined];

function* headerPairs(given: Dispatcher.DispatchOptions['headers']): Generator<HeaderPair> {
  if (given === null || given === undefined) return;
  if (Array.isArray(given) && !Array.isArray(given[0])) {
    for (let i = 0; i + 1 < given.length; i += 2) yield [String(given[i]), given[i + 1]];
  } else if (Symbol.iterator in given) {
    yield* given as Iterable<HeaderPair>;
  } else {
    yield* Object.entries(given);
  }
}

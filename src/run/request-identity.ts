/** What makes a request of a source the one that it is, and how it is named to people. */
import { describeValue } from '../errors.js';
import type { RunRequest } from './run.js';

/** What a request asks for, without how it is carried out. The same request gives the same text. */
export function identityOf(request: string | RunRequest): string {
  if (typeof request === 'string') return `GET ${request}`;
  const { method = 'GET', path, query, headers, json, body, key } = request;
  const rest = { query, headers, json, body: body instanceof Uint8Array ? [...body] : body, key };
  const name = `${shown(method)} ${shown(path)}`;
  const restText = stringify(rest);
  return restText === '{}' ? name : `${name} ${restText}`;
}

/** A request for an error's message: the values of headers and bodies may be secrets. */
export function describeRequest(request: string | RunRequest): string {
  if (typeof request === 'string') return `GET ${describePath(request)}`;
  const { method = 'GET', path, query, headers, json, body, key } = request;
  const parts = [
    query === undefined ? '' : `query ${stringify(query)}`,
    key === undefined ? '' : `key ${describeValue(key)}`,
    headers === undefined ? '' : `headers ${Object.keys(headers).join(', ')}`,
    json === undefined && body === undefined ? '' : 'a body',
  ].filter((part) => part !== '');
  const rest = parts.length === 0 ? '' : ` with ${parts.join(' and ')}`;
  return `${shown(method)} ${describePath(path)}${rest}`;
}

/** A path, or what stands in its place; a URL without the password that it may hold. */
export function describePath(path: unknown): string {
  if (typeof path !== 'string') return describeValue(path);
  return path.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : describeValue(value);
}

/** What JSON cannot hold is refused later, with a better word. */
function stringify(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return `(${(error as Error).message.split('\n')[0]})`;
  }
}

/** Checks the options of one request. By hand and not by schema: it runs for every request. */
import { describeValue, HydraError } from './errors.js';
import type { RequestOptions } from './request.js';

const KNOWN = new Set([
  'query',
  'headers',
  'json',
  'body',
  'key',
  'priority',
  'timeoutMs',
  'signal',
  'idempotent',
]);

/** Field names and values as RFC 9110, section 5.5, admits them, so that none can smuggle in another. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Checks the options of one request.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`, naming the option, what was expected and what came.
 */
export function checkRequestOptions(options: RequestOptions): void {
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name)) {
      throw error(`Unknown request option \`${name}\`. Known are: ${[...KNOWN].join(', ')}.`, name);
    }
  }
  const { json, body, key, priority, timeoutMs, signal, idempotent, query } = options;
  if (json !== undefined && body !== undefined)
    throw error('Expected `json` or `body`, got both.', 'json');
  expect('query', query, 'an object', isObject);
  expect(
    'body',
    body,
    'a string or bytes',
    (v) => typeof v === 'string' || v instanceof Uint8Array,
  );
  expect('key', key, 'a string', (v) => typeof v === 'string');
  expect('priority', priority, 'a whole number', Number.isInteger);
  expect('timeoutMs', timeoutMs, 'a number of milliseconds above 0', isDuration);
  expect('signal', signal, 'an AbortSignal', (v) => v instanceof AbortSignal);
  expect('idempotent', idempotent, 'true or false', (v) => typeof v === 'boolean');
  checkHeaders(options.headers);
}

function checkHeaders(headers: RequestOptions['headers']): void {
  expect('headers', headers, 'an object', isObject);
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!HEADER_NAME.test(name))
      throw error(`Expected a header name, got ${describeValue(name)}.`, 'headers');
    // The value is not shown: it may be a secret.
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
      throw error(`Expected the header \`${name}\` to be a string of one line.`, `headers.${name}`);
    }
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function expect(
  name: string,
  value: unknown,
  expected: string,
  test: (v: unknown) => boolean,
): void {
  if (value === undefined || test(value)) return;
  throw error(`Expected \`${name}\` to be ${expected}, got ${describeValue(value)}.`, name);
}

function error(message: string, name: string): HydraError {
  return new HydraError('HYDRA_INVALID_OPTION', message, { name });
}

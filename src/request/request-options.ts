/** Checks the options of one request. By hand and not by schema: it runs for every request. */
import { describeValue, HydraError } from '../errors.js';
import { checkHeaders } from './header-fields.js';
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

/** The options of a request that has none: one object for all of them. */
export const noOptions: RequestOptions = Object.freeze({});

/**
 * Checks the options of one request.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`, naming the option, what was expected and what came.
 */
export function checkRequestOptions(options: RequestOptions): void {
  if (options === noOptions) return;
  if (!isObject(options)) {
    throw error(
      `Expected request options to be an object, got ${describeValue(options)}.`,
      'options',
    );
  }
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name)) {
      throw error(`Unknown request option \`${name}\`. Known are: ${[...KNOWN].join(', ')}.`, name);
    }
  }
  const { json, body, key, priority, timeoutMs, signal, idempotent, query } = options;
  if (json !== undefined && body !== undefined)
    throw error('Expected `json` or `body`, got both.', 'json');
  expect('query', query, 'an object', isObject);
  if (json !== undefined) checkJson(json);
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
  if (options.headers !== undefined) checkHeaders(options.headers);
}

function checkJson(json: unknown): void {
  let cause: unknown;
  try {
    if (JSON.stringify(json) !== undefined) return;
  } catch (thrown) {
    cause = thrown;
  }
  const message = `Expected \`json\` to be a value that JSON can hold, got ${describeValue(json)}.`;
  throw new HydraError('HYDRA_INVALID_OPTION', message, { name: 'json', cause });
}

/** Lists, `URLSearchParams` and maps are left out: they have no properties to read. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
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

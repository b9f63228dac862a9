/** Reads a request that is written as a line of JSON. */
import { nearestName } from '../../nearest-name.js';
import { describeValue } from '../../errors.js';
import { checkRequestOptions } from '../../request/request-options.js';
import type { RequestMethod } from '../../request/request.js';
import type { RunRequest } from '../../run/run.js';
import { faultOfPath } from './request-path.js';

const METHODS: readonly RequestMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What a line may hold: all of a request that JSON can. */
const FIELDS: readonly string[] = [
  'path',
  'method',
  'query',
  'headers',
  'json',
  'body',
  'key',
  'priority',
  'timeoutMs',
  'idempotent',
];

/**
 * The request of a line that begins with `{`.
 *
 * @throws Error, with a sentence that says what was expected. It shows no value of a header.
 */
export function parseJsonRequest(line: string): RunRequest {
  const request = parse(line);
  const unknown = Object.keys(request).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw unknownField(unknown);
  const { path, method, ...options } = request;
  if (path === undefined) throw new Error('Expected a request with a `path`, got one without.');
  const fault = faultOfPath(path);
  if (fault !== undefined) throw new Error(fault);
  if (method !== undefined && !METHODS.includes(method as RequestMethod)) {
    const known = METHODS.join(', ');
    throw new Error(`Expected \`method\` to be one of ${known}, got ${describeValue(method)}.`);
  }
  checkRequestOptions(options);
  checkBody(options['body']);
  checkQuery(options['query'] as object | undefined);
  return request as unknown as RunRequest;
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the line, which may hold secrets.
    throw new Error(
      'Expected a JSON object on one line, got text that is no JSON, or is cut short.',
    );
  }
}

function unknownField(name: string): Error {
  const nearest = nearestName(name, FIELDS);
  const hint =
    nearest === undefined ? `Known are: ${FIELDS.join(', ')}.` : `Did you mean \`${nearest}\`?`;
  return new Error(`Unknown field \`${name}\` in a request. ${hint}`);
}

/** As text only: a list of numbers, say, is no bytes. */
function checkBody(body: unknown): void {
  if (body === undefined || typeof body === 'string') return;
  throw new Error(`Expected \`body\` to be a string, got ${describeValue(body)}.`);
}

function checkQuery(query: object | undefined): void {
  for (const [name, value] of Object.entries(query ?? {})) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    const wrong = values.find((one) => !['string', 'number', 'boolean'].includes(typeof one));
    if (wrong === undefined) continue;
    throw new Error(
      `Expected the query parameter \`${name}\` to be a string, number or boolean, or a list of them, got ${describeValue(wrong)}.`,
    );
  }
}

/** Outcomes for tests of the store, and what must be the same when they come back. */
import * as fc from 'fast-check';
import { HydraError, type HydraErrorFacts } from '../../src/errors.js';
import type { Outcome } from '../../src/request/request.js';
import { isJson } from '../../src/json-body.js';
import { HydraResponse, type ResponseParts } from '../../src/request/response.js';

const AT_MS = Date.UTC(2026, 10, 24);

/** A response; its body is the JSON `{"id":<id>}` unless given. */
export function response(id: number, parts: Partial<ResponseParts> = {}): Outcome {
  return {
    kind: 'response',
    response: new HydraResponse({
      id,
      method: 'GET',
      url: `https://api.example/v2/users/${id}`,
      status: 200,
      headers: { 'content-type': 'application/json' },
      attempts: 1,
      appId: '40001',
      durationMs: 83,
      endedAtMs: AT_MS + id,
      body: Buffer.from(JSON.stringify({ id })),
      ...parts,
    }),
  };
}

/** A failure with a status and a cause. */
export function failure(
  id: number,
  message = 'The server answered 500, after 3 attempts.',
): Outcome {
  const url = `https://api.example/v2/users/${id}`;
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const known = { url, attempts: 3, status: 500, appId: '40001', cause };
  const error = new HydraError('HYDRA_HTTP_STATUS', message, known);
  const endedAtMs = AT_MS + id;
  return { kind: 'failure', failure: { id, method: 'GET', url, attempts: 3, endedAtMs, error } };
}

/** A response that cannot be written as JSON: its control characters take six bytes each there. */
export function tooLargeForJson(id: number): Outcome {
  const headers = { 'content-type': 'text/plain' };
  return response(id, { headers, body: Buffer.alloc(90 * 1024 * 1024, 1) });
}

/** The same, and cheap, though nothing like it comes from a server. */
export function notForJson(id: number): Outcome {
  const toJSON = (): never => {
    throw new Error('no');
  };
  const etag = Object.assign(Object('a') as object, { toJSON }) as unknown as string;
  return response(id, { headers: { etag } });
}

/** All that a reader gets of an outcome, in a form that can be compared. */
export function facts(outcome: Outcome): unknown {
  if (outcome.kind === 'failure') {
    const { error, ...rest } = outcome.failure;
    return { ...rest, error: errorFacts(error) };
  }
  const { response: one } = outcome;
  const { id, method, url, key, status, headers, attempts, appId, endedAtMs } = one;
  const known = { id, method, url, key, status, headers, attempts, appId, endedAtMs };
  const durationMs = Math.round(one.durationMs);
  return { ...known, durationMs, isJson: one.isJson, body: bodyBytes(one).toString('latin1') };
}

/** White space between the tokens of JSON is not kept apart, nor is its byte order mark. */
function bodyBytes(of: HydraResponse): Buffer {
  const bytes = Buffer.from(of.bytes());
  if (!of.isJson) return bytes;
  const spaces = bytes
    .toString('latin1')
    .replace(/^\xEF\xBB\xBF/, '')
    .replaceAll(/[\r\n]/g, ' ');
  return Buffer.from(spaces, 'latin1');
}

function errorFacts(error: unknown): unknown {
  const { name, code, message, cause, facts: known } = error as HydraError;
  return {
    name,
    code,
    message,
    facts: known,
    cause: cause === undefined ? undefined : errorFacts(cause),
  };
}

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
/** Values that a careless reader would take for something else. */
const treacherous = fc.constantFrom(
  'bytes 5',
  'x\nbytes 5\ny',
  'x\u2028bytes 5',
  'x\r\nbytes 0',
  '\noutcome of request 3\nbytes 0\n',
  '},"body":',
  '"headers":{},"body":1}',
  'back\\slash\\n',
  '\\\u2028',
  '',
);
const text = fc.oneof(anyText, treacherous);

const jsonBody = fc
  .oneof(
    fc.json(),
    fc.constantFrom(
      '12345678901234567890',
      '1.0',
      '1e400',
      '-0',
      'null',
      '"a string"',
      ' \t\r\n "a string"\r\n',
      `${' '.repeat(100)}"far in"`,
      '{\n  "a": [\n    1,\r\n    2\n  ]\n}\n',
      '{"body":1,"headers":{},"},\\"body\\":":[{}]}',
      '"line\u2028separator"',
      '{"a":1,"a":2,"__proto__":{}}',
      '"\u00e9\u{1f419}"',
      '['.repeat(3000) + ']'.repeat(3000),
    ),
  )
  .chain((json) => fc.boolean().map((hasMark) => Buffer.from(hasMark ? `\uFEFF${json}` : json)));
const textBody = text.map((body) => Buffer.from(body));
const binaryBody = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));

const headerName = fc.constantFrom('body', 'bytes', 'etag', 'set-cookie', 'error', 'x-a', 'key');
const headerValue = fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 }));
const contentType = fc.constantFrom(undefined, 'text/html', 'application/json; charset=utf-8');
const headers = fc
  .tuple(contentType, fc.dictionary(headerName, headerValue, { noNullPrototype: true }))
  .map(([type, others]) =>
    Object.assign(others, type === undefined ? {} : { 'content-type': type }),
  );

const whole = fc.nat({ max: 1e6 });
const common = {
  method: fc.constantFrom('GET' as const, 'POST' as const, 'DELETE' as const),
  url: text.map((one) => `https://api.example/${one}`),
  attempts: fc.nat(60),
  endedAtMs: fc.integer({ min: 0, max: Date.UTC(2100, 0) }),
};
const key = fc.option(text, { nil: undefined });

const responses = fc
  .record({
    ...common,
    id: whole,
    key,
    headers,
    status: fc.integer({ min: 100, max: 599 }),
    appId: text,
    durationMs: fc.double({ min: 0, max: 1e5, noNaN: true }),
    body: fc.oneof(jsonBody, textBody, binaryBody),
    isPromised: fc.boolean(),
  })
  .map(({ isPromised, ...parts }): Outcome => {
    // An API may promise JSON whatever the type says.
    const known = isPromised && isJson(parts.body) ? { isJson: true } : {};
    return { kind: 'response', response: new HydraResponse({ ...parts, ...known }) };
  });

const anError = fc.record({ message: text, code: fc.option(text, { nil: undefined }) });
const failures = fc
  .record({
    ...common,
    id: whole,
    key,
    code: fc.constantFrom('HYDRA_NETWORK' as const, 'HYDRA_ABORTED' as const),
    message: text,
    status: fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
    appId: fc.option(text, { nil: undefined }),
    causes: fc.array(anError, { maxLength: 3 }),
  })
  .map(({ code, message, status, appId, causes, key: name, ...rest }): Outcome => {
    let cause: Error | undefined;
    for (const one of causes) {
      const because = cause === undefined ? {} : { cause };
      const plain = new Error(one.message, because);
      cause = one.code === undefined ? plain : Object.assign(plain, { code: one.code });
    }
    const known: HydraErrorFacts = {
      url: rest.url,
      attempts: rest.attempts,
      ...(status === undefined ? {} : { status }),
      ...(appId === undefined ? {} : { appId }),
      ...(cause === undefined ? {} : { cause }),
    };
    const error = new HydraError(code, message, known);
    const named = name === undefined ? rest : { ...rest, key: name };
    return { kind: 'failure', failure: { ...named, error } };
  });

/** Outcomes of all kinds, with all that is awkward in them. */
export const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  { arbitrary: responses, weight: 4 },
  { arbitrary: failures, weight: 1 },
);

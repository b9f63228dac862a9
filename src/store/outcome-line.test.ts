import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyOutcome, facts, failure, response } from '../../test/store/outcomes.js';
import { HydraError } from '../errors.js';
import type { Outcome } from '../request/request.js';
import { LineBatch } from './line-batch.js';
import { decodeLine, peekId } from './outcome-line.js';

/** As it stands in a file. */
function lineOf(outcome: Outcome): Buffer {
  const batch = new LineBatch('jsonl');
  batch.append(outcome);
  return Buffer.from(batch.line(0));
}

/** There and back. */
function copyOf(outcome: Outcome): Outcome {
  return decodeLine(lineOf(outcome));
}

function bodyOf(outcome: Outcome): string {
  return outcome.kind === 'response' ? outcome.response.text() : '';
}

function fieldsOf(outcome: Outcome): Record<string, unknown> {
  return JSON.parse(lineOf(outcome).toString()) as Record<string, unknown>;
}

describe('the line of an outcome', () => {
  it('gives the same outcome back, whatever is in it', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        expect(facts(copyOf(outcome))).toEqual(facts(outcome));
      }),
      { numRuns: 500 },
    );
  });

  it('is one line in valid UTF-8, and JSON, and begins with its id', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        const line = lineOf(outcome);
        const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
        expect(text).not.toMatch(/[\n\r]/);
        const { id } = outcome.kind === 'response' ? outcome.response : outcome.failure;
        expect(JSON.parse(text)).toMatchObject({ id });
        expect(peekId(line)).toBe(id);
      }),
      { numRuns: 500 },
    );
  });

  it('has the fields that the documentation names, in this order', () => {
    const at = Date.UTC(2026, 10, 24);
    const line = lineOf(response(0, { url: 'https://a.b/c', endedAtMs: at, durationMs: 82.6 }));
    expect(line.toString()).toBe(
      '{"id":0,"method":"GET","url":"https://a.b/c","status":200,"attempts":1,"app":"40001",' +
        '"at":"2026-11-24T00:00:00.000Z","ms":83,"headers":{"content-type":"application/json"},' +
        '"body":{"id":0}}',
    );
  });

  it('has an error in place of the body for a failure', () => {
    const fields = fieldsOf(failure(7));
    expect(Object.keys(fields)).toEqual([
      'id',
      'method',
      'url',
      'status',
      'attempts',
      'app',
      'at',
      'error',
    ]);
    expect(fields['error']).toEqual({
      code: 'HYDRA_HTTP_STATUS',
      message: 'The server answered 500, after 3 attempts.',
      cause: { code: 'ECONNRESET', message: 'read ECONNRESET' },
    });
  });

  it.each([
    ['JSON as JSON', 'application/json', '{"a":[1]}', { body: { a: [1] } }],
    ['text as a string', 'text/html', '<p>"é"</p>', { body: '<p>"é"</p>' }],
    ['an empty body as an empty string', 'text/html', '', { body: '' }],
    ['bytes as base64', 'image/png', '\xff\x00', { encoding: 'base64', body: '/wA=' }],
    ['what is no JSON as text', 'application/json', '{"a":', { encoding: 'text', body: '{"a":' }],
  ])('holds %s', (_what, type, body, fields) => {
    const one = response(0, {
      headers: { 'content-type': type },
      body: Buffer.from(body, 'latin1'),
    });
    const utf8 = response(0, { headers: { 'content-type': type }, body: Buffer.from(body) });
    const line = fieldsOf(type === 'image/png' ? one : utf8);
    expect(line).toMatchObject(fields);
    expect('encoding' in line).toBe('encoding' in fields);
  });

  it('keeps the digits of numbers that JavaScript cannot hold', () => {
    const body = Buffer.from('[12345678901234567890,1.0,1e400,-0]');
    expect(lineOf(response(1, { body })).toString()).toContain(`"body":${body.toString()}}`);
    expect(bodyOf(copyOf(response(1, { body })))).toBe(body.toString());
  });

  it('tells a string literal from text also behind much white space, where no type says JSON', () => {
    const body = Buffer.from(`${' '.repeat(200)}"text"`);
    const one = response(1, { headers: {}, body, isJson: true });
    expect(facts(copyOf(one))).toEqual(facts(one));
  });

  it('reads the cause of a failure back, with its code and its own cause', () => {
    const copy = copyOf(failure(1));
    const error = copy.kind === 'failure' ? copy.failure.error : undefined;
    expect(error).toBeInstanceOf(HydraError);
    expect(error?.cause).toMatchObject({ code: 'ECONNRESET', message: 'read ECONNRESET' });
  });

  it.each(['toString', '__proto__', 'constructor'])(
    'takes a cause with the code %s for no error of its own',
    (code) => {
      const cause = Object.assign(new Error('odd'), { code });
      const error = new HydraError('HYDRA_NETWORK', 'odd', { cause });
      const base = {
        id: 1,
        method: 'GET' as const,
        url: 'https://a.b/',
        attempts: 1,
        endedAtMs: 0,
      };
      const copy = copyOf({ kind: 'failure', failure: { ...base, error } });
      expect(copy.kind === 'failure' && copy.failure.error.cause).not.toBeInstanceOf(HydraError);
    },
  );

  it('ends a chain of causes that goes round', () => {
    const cause = new Error('round');
    cause.cause = cause;
    const error = new HydraError('HYDRA_NETWORK', 'round', { cause });
    const base = { id: 1, method: 'GET' as const, url: 'https://a.b/', attempts: 1, endedAtMs: 0 };
    expect(copyOf({ kind: 'failure', failure: { ...base, error } }).kind).toBe('failure');
  });

  it('keeps a cause that is no error', () => {
    const error = new HydraError('HYDRA_NETWORK', 'odd', { cause: { why: 'so' } });
    const base = { id: 1, method: 'GET' as const, url: 'https://a.b/', attempts: 1, endedAtMs: 0 };
    const copy = copyOf({ kind: 'failure', failure: { ...base, error } });
    expect(copy.kind === 'failure' && copy.failure.error.cause).toMatchObject({
      message: "{ why: 'so' }",
    });
  });

  it.each([
    '',
    '{}',
    '[]',
    'null',
    '5',
    '{"id":1}',
    '{"id":-0.5,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","status":200,"headers":{},"body":1}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"never","status":200,"headers":{},"body":1}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","status":200,"headers":{}}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","status":200,"headers":[],"body":1}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","status":200,"headers":{},"encoding":"rot13","body":""}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","status":200,"headers":{},"encoding":"base64","body":{}}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","error":{"message":"no code"}}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","error":null}',
    '{"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","error":"text"}',
    '{"body":1,"id":1,"method":"GET","url":"/","attempts":1,"at":"2026-11-24","status":200,"headers":{}}',
  ])('refuses what is no outcome: %s', (line) => {
    expect(() => decodeLine(Buffer.from(line))).toThrow(Error);
  });

  it('refuses a line that was cut at any byte', () => {
    for (const outcome of [response(3), failure(4)]) {
      const line = lineOf(outcome);
      for (let length = 0; length < line.length; length++) {
        expect(() => decodeLine(line.subarray(0, length))).toThrow(Error);
      }
    }
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyOutcome, facts, failure, response } from '../../test/store/outcomes.js';
import type { Outcome } from '../request/request.js';
import { decodeText, encodeText } from './outcome-text.js';

function textOf(outcome: Outcome): Buffer {
  const [head, body] = encodeText(outcome);
  return Buffer.concat([Buffer.from(head), body]);
}

describe('the text of an outcome', () => {
  it('gives the same outcome back, whatever is in it', () => {
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        expect(facts(decodeText(textOf(outcome)))).toEqual(facts(outcome));
      }),
      { numRuns: 500 },
    );
  });

  it('can be read by people', () => {
    const text = textOf(response(5, { key: 'a\nb', headers: { 'set-cookie': ['a=1', 'b=2'] } }));
    expect(text.toString()).toBe(
      [
        'outcome of request 5',
        'method GET',
        'url https://api.example/v2/users/5',
        'attempts 1',
        'at 2026-11-24T00:00:00.005Z',
        'key a\\nb',
        'status 200',
        'app 40001',
        'ms 83',
        'json no',
        'header set-cookie a=1',
        'header set-cookie b=2',
        'bytes 8',
        '{"id":5}',
      ].join('\n'),
    );
  });

  it('keeps the bytes of JSON exactly', () => {
    const body = Buffer.from('\uFEFF{\r\n  "a": 1.0\n}\n');
    const copy = decodeText(textOf(response(5, { body })));
    expect(copy.kind === 'response' && Buffer.from(copy.response.bytes())).toEqual(body);
  });

  it('keeps a header of any name', () => {
    const headers = Object.fromEntries([['__proto__', 'odd']]);
    const copy = decodeText(textOf(response(5, { headers })));
    expect(copy.kind === 'response' && Object.entries(copy.response.headers)).toEqual([
      ['__proto__', 'odd'],
    ]);
  });

  it('takes a head of any length', () => {
    const one = response(5, { key: 'k'.repeat(3 * 1024 * 1024) });
    expect(facts(decodeText(textOf(one)))).toEqual(facts(one));
  });

  it('refuses a text that was cut at any byte', () => {
    for (const outcome of [response(3), failure(4)]) {
      const text = textOf(outcome);
      for (let length = 0; length < text.length; length++) {
        expect(() => decodeText(text.subarray(0, length))).toThrow('it is cut short');
      }
    }
  });

  it.each([
    'outcome of request 3\nbytes 0\n',
    'outcome of request 3\nmethod GET\nurl /\nattempts x\nat 2026-11-24\nstatus 200\nbytes 0\n',
    'outcome of request 3\nmethod GET\nurl /\nattempts 1\nat never\nstatus 200\nbytes 0\n',
    'outcome of request x\nmethod GET\nurl /\nattempts 1\nat 2026-11-24\nstatus 200\nbytes 0\n',
    'something else\nbytes 0\n',
  ])('refuses what is no outcome: %j', (text) => {
    expect(() => decodeText(Buffer.from(text))).toThrow(Error);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, toJsonText } from './json-value.js';

const json = fc.jsonValue({ maxDepth: 4 });

describe('JSON that keeps whole numbers', () => {
  it('reads and writes a number of any length to the digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (number) => {
        const text = `{"a":[${number}],"n${number}":"${number}"}`;
        const value = parseJson(text) as { a: [number | bigint] };
        expect(BigInt(value.a[0])).toBe(number);
        expect(typeof value.a[0]).toBe(Number.isSafeInteger(Number(number)) ? 'number' : 'bigint');
        expect(toJsonText(value)).toBe(text);
      }),
    );
  });

  it('reads what JSON.parse reads, also where it reads by itself', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify([value, ' 1234567890123456'], undefined, space);
        expect(JSON.parse(toJsonText(parseJson(text) ?? null))).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    '{"__proto__":{"a":12345678901234567890},"a":1,"a":2}',
    '["]","}","\\"","\\\\",12345678901234567890,{},[],"1234567890123456,:"]',
    '12345678901234567890',
    '[true,false,null,12345678901234567890]',
  ])('takes %s apart at the right places', (text) => {
    const kept = text.replace('"a":1,', '');
    expect(toJsonText(parseJson(text) ?? null)).toBe(kept);
  });

  it('leaves fractions and powers of ten to be numbers', () => {
    expect(
      parseJson('[1234567890123456.5, 1e300, 1234567890123456e2, 0.1234567890123456]'),
    ).toEqual([1234567890123456.5, 1e300, 1234567890123456e2, 0.1234567890123456]);
  });

  it.each(['', 'no', '{"a":1', '[12345678901234567890', "{'a':1}"])(
    'knows that %j is none',
    (text) => {
      expect(parseJson(text)).toBeUndefined();
    },
  );
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeValue, HydraError, hydraErrorCodes } from './errors.js';

describe('HydraError', () => {
  it('carries a literal code, its facts, and the error behind it as cause', () => {
    const cause = new Error('behind');
    const error = new HydraError('HYDRA_NETWORK', 'broke off', { url: 'http://x/', cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message]).toEqual([
      'HydraError',
      'HYDRA_NETWORK',
      'broke off',
    ]);
    expect(error.facts).toEqual({ url: 'http://x/' });
    expect(error.cause).toBe(cause);
  });

  it('has no cause where there is none', () => {
    expect('cause' in new HydraError('HYDRA_NETWORK', 'broke off')).toBe(false);
  });

  it('explains each of its codes in a sentence', () => {
    for (const [code, meaning] of Object.entries(hydraErrorCodes)) {
      expect(code).toMatch(/^HYDRA_[A-Z_]+$/);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('describeValue', () => {
  it.each([
    ['2', '"2" (string)'],
    [2, '2 (number)'],
    [Number.NaN, 'NaN (number)'],
    [-Infinity, '-Infinity (number)'],
    [10n, '10 (bigint)'],
    [true, 'true (boolean)'],
    [undefined, 'undefined'],
    [null, 'null'],
    [[1, 2], 'an array of 2'],
    [{}, 'an object (Object)'],
    [Object.create(null), 'an object (Object)'],
    [new Map(), 'an object (Map)'],
    [() => 1, 'a function'],
    [Symbol('s'), 'Symbol(s) (symbol)'],
    ['line\nbreak', '"line\\nbreak" (string)'],
  ])('describes %o as %s', (value, expected) => {
    expect(describeValue(value)).toBe(expected);
  });

  it('gives one short line for anything, and does not throw', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        const text = describeValue(value);
        expect(text.length).toBeLessThan(90);
        expect(text).not.toContain('\n');
      }),
      { numRuns: 300 },
    );
  });
});

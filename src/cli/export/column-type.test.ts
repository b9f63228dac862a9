import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from './cell.js';
import { kindOf, NO_KINDS, takesValue, typeFor, type ColumnType } from './column-type.js';

const typeOf = (values: readonly Value[]): ColumnType =>
  typeFor(values.reduce((kinds: number, value) => kinds | kindOf(value), NO_KINDS));

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc
    .bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
    .filter((one) => !Number.isSafeInteger(Number(one))),
  fc.string(),
  fc.constant({ a: 1 }),
  fc.constant(new Date(0)),
);

describe('the type of a column', () => {
  const examples: readonly (readonly [ColumnType, readonly Value[]])[] = [
    ['STRING', []],
    ['STRING', [null, undefined]],
    ['STRING', ['a', null]],
    ['BOOLEAN', [true, null, false]],
    ['INT64', [1, -5, 0]],
    ['INT64', [1, 9007199254740993n]],
    ['INT64', [-(2n ** 63n), 2n ** 63n - 1n]],
    ['DOUBLE', [1, 0.5]],
    ['DOUBLE', [1e300]],
    ['TIMESTAMP', [new Date(0), null]],
    ['JSON', [2n ** 63n]],
    ['JSON', [0.5, 9007199254740993n]],
    ['JSON', [1, 'a']],
    ['JSON', [true, 1]],
    ['JSON', [[1], { a: 1 }]],
    ['JSON', ['a', ['a']]],
  ];
  it.each(examples.map(([type, values]) => ({ type, values, shown: inspect(values) })))(
    'is $type for $shown',
    ({ type, values }) => {
      expect(typeOf(values)).toBe(type);
    },
  );

  it('takes every value that it was made from', () => {
    fc.assert(
      fc.property(fc.array(anyValue), (values) => {
        const type = typeOf(values);
        for (const value of values) expect(takesValue(type, value)).toBe(true);
      }),
    );
  });

  it('takes no value of another kind', () => {
    expect(takesValue('INT64', 0.5)).toBe(false);
    expect(takesValue('INT64', 'a')).toBe(false);
    expect(takesValue('DOUBLE', 9007199254740993n)).toBe(false);
    expect(takesValue('STRING', 1)).toBe(false);
    expect(takesValue('BOOLEAN', 1)).toBe(false);
    expect(takesValue('TIMESTAMP', 'now')).toBe(false);
  });
});

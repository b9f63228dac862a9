/** The types of columns in Parquet: exact, for they are taken from all values, not from the first. */
import type { Value } from './cell.js';

/** What a column holds; `JSON` is text, each value written as JSON. Any may be missing. */
export type ColumnType = 'BOOLEAN' | 'INT64' | 'DOUBLE' | 'TIMESTAMP' | 'STRING' | 'JSON';

/** Kinds of values, one bit each: a column's are their sum. */
const BOOLEAN = 1;
const INTEGER = 2;
/** Has a place in 64 bits, but not in a double. */
const LONG_INTEGER = 4;
const FRACTION = 8;
const TIME = 16;
const TEXT = 32;
const OTHER = 64;

/** Kinds of values that were seen, as bits. */
export type Kinds = number;

/** None yet. */
export const NO_KINDS: Kinds = 0;

/** The kind of a value. */
export function kindOf(value: Value): Kinds {
  if (value === undefined || value === null) return NO_KINDS;
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? INTEGER : FRACTION;
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? LONG_INTEGER : OTHER;
  if (typeof value === 'string') return TEXT;
  return value instanceof Date ? TIME : OTHER;
}

/** The type that takes all values of some kinds, without changing any. */
export function typeFor(kinds: Kinds): ColumnType {
  const areAll = (of: Kinds): boolean => (kinds & ~of) === 0;
  if (areAll(TEXT)) return 'STRING';
  if (areAll(BOOLEAN)) return 'BOOLEAN';
  if (areAll(INTEGER | LONG_INTEGER)) return 'INT64';
  if (areAll(INTEGER | FRACTION)) return 'DOUBLE';
  if (areAll(TIME)) return 'TIMESTAMP';
  return 'JSON';
}

/** Whether a column of this type takes a value. */
export function takesValue(type: ColumnType, value: Value): boolean {
  const kind = kindOf(value);
  return kind === NO_KINDS || type === 'JSON' || typeFor(kind) === type || isDoubleToo(type, kind);
}

function isDoubleToo(type: ColumnType, kind: Kinds): boolean {
  return type === 'DOUBLE' && kind === INTEGER;
}

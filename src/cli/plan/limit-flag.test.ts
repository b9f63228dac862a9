import { describe, expect, it } from 'vitest';
import { limitFlag } from './limit-flag.js';

describe('limitFlag', () => {
  it.each([
    ['2/1s', 2, 1000],
    ['2/s', 2, 1000],
    ['1200/1h', 1200, 3_600_000],
    ['30/15min', 30, 900_000],
    ['5/500ms', 5, 500],
    ['1/0.5s', 1, 500],
    ['100000/d', 100_000, 86_400_000],
  ])('reads %s', (text, requests, perMs) => {
    expect(limitFlag(text, undefined)).toEqual([{ requests, perMs }]);
  });

  it('adds to those before', () => {
    expect(limitFlag('3/h', limitFlag('2/s', undefined))).toHaveLength(2);
  });

  it.each([
    '',
    '2',
    '2/',
    '/1s',
    '0/1s',
    '2/0s',
    '2/x',
    '2.5/1s',
    '-2/1s',
    '2/1s ',
    '2/.s',
    '2/1m',
  ])('refuses %j, and says what it expects', (text) => {
    expect(() => limitFlag(text, undefined)).toThrow('Expected requests/window such as 2/1s');
  });
});

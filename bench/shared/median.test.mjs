import { describe, expect, it } from 'vitest';
import { median } from './median.mjs';
import { inTurns } from './turns.mjs';

describe('median', () => {
  it('is the middle one, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([100, 2, 10, 1, 50])).toBe(10);
  });
});

describe('inTurns', () => {
  it('begins each round with another one, and keeps apart what came out', async () => {
    const order = [];
    const taken = await inTurns(3, ['a', 'b', 'c'], (name, round) => {
      order.push(name);
      return `${name}${round}`;
    });
    expect(order.join('')).toBe('abcbcacab');
    expect(taken).toEqual({ a: ['a0', 'a1', 'a2'], b: ['b0', 'b1', 'b2'], c: ['c0', 'c1', 'c2'] });
  });
});

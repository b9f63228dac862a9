import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from './fifo.js';

describe('Fifo', () => {
  it('gives items in the order in which they came, mixed with adding as one likes', () => {
    const steps = fc.array(fc.integer({ min: -3000, max: 3000 }), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (someSteps) => {
        const fifo = new Fifo<number>();
        const taken: (number | undefined)[] = [];
        let added = 0;
        for (const step of [...someSteps, -Infinity]) {
          for (let i = 0; i < step; i++) fifo.push(added++);
          for (let i = 0; i < -step && taken.length < added; i++) taken.push(fifo.shift());
          expect(fifo.size).toBe(added - taken.length);
        }
        expect(taken).toEqual(Array.from({ length: added }, (_, index) => index));
        expect(fifo.shift()).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it('gives up the first item that matches, and keeps the order of the others', () => {
    const fifo = new Fifo<number>();
    for (let i = 0; i < 3000; i++) fifo.push(i);
    for (let i = 0; i < 10; i++) fifo.shift();
    expect(fifo.takeFirst((item) => item < 10)).toBeUndefined();
    expect(fifo.takeFirst((item) => item % 1000 === 0)).toBe(1000);
    expect(fifo.size).toBe(2989);
    const rest = Array.from({ length: 2989 }, () => fifo.shift());
    const expected = Array.from({ length: 2990 }, (_, index) => index + 10);
    expect(rest).toEqual(expected.filter((item) => item !== 1000));
  });
});

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
});

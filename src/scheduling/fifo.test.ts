import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from './fifo.js';

describe('Fifo', () => {
  it('gives items in the order in which they came, mixed with adding as one likes', () => {
    const steps = fc.array(fc.integer({ min: -3000, max: 3000 }), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (someSteps) => {
        const fifo = new Fifo<number>();
        let added = 0;
        let taken = 0;
        for (const step of someSteps) {
          for (let i = 0; i < step; i++) fifo.push(added++);
          for (let i = 0; i < -step && taken < added; i++) expect(fifo.shift()).toBe(taken++);
          expect(fifo.size).toBe(added - taken);
        }
        while (taken < added) expect(fifo.shift()).toBe(taken++);
        expect(fifo.shift()).toBeUndefined();
        expect(fifo.size).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});

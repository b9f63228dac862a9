import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { leastLoaded } from './least-loaded.js';

it('gives work to the first of those with the least to do', () => {
  expect(leastLoaded([2, 1, 1])).toBe(1);
  expect(leastLoaded([0, 0])).toBe(0);
  expect(leastLoaded([3])).toBe(0);
});

it('never makes all together need more connections than one alone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      // Something begins, or one of those under way ends.
      fc.array(fc.option(fc.nat(), { freq: 2 }), { maxLength: 200 }),
      (places, events) => {
        const underWay: number[] = [];
        const loads = Array.from({ length: places }, () => 0);
        // A place opens a connection when all that it has are in use.
        const connections = loads.map(() => 0);
        let most = 0;
        for (const ending of events) {
          if (ending === null) {
            const place = leastLoaded(loads);
            underWay.push(place);
            loads[place] = (loads[place] ?? 0) + 1;
            connections[place] = Math.max(connections[place] ?? 0, loads[place] ?? 0);
            most = Math.max(most, underWay.length);
          } else if (underWay.length > 0) {
            const [place = 0] = underWay.splice(ending % underWay.length, 1);
            loads[place] = (loads[place] ?? 0) - 1;
          }
        }
        expect(connections.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(most);
      },
    ),
  );
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sustainedRate } from './allowance.js';
import type { Limit } from './limit.js';
import { makespan, type AppGroup } from './makespan.js';

const HOUR_MS = 3_600_000;
const second = { requests: 2, perMs: 1000 };
const hour = { requests: 1200, perMs: HOUR_MS };
const intra = [second, hour];

describe('makespan', () => {
  it.each([
    [1, 1, 500, second],
    [1, 1200, 600_000, second],
    [1, 1201, HOUR_MS + 500, hour],
    [1, 10_000, 8 * HOUR_MS + 200_000, hour],
    [20, 24_000, 600_000, second],
    [20, 24_001, HOUR_MS + 25, hour],
    [200, 100_000_000, 416 * HOUR_MS + 400_000, hour],
  ])('of %i app and %i requests is %i ms', (apps, requests, durationMs, bindingLimit) => {
    expect(makespan([{ limits: intra, apps }], requests)).toEqual({ durationMs, bindingLimit });
  });

  it('adds up apps with different limits, and tells what holds the largest group back', () => {
    const fast = { requests: 8, perMs: 1000 };
    const groups = [
      { limits: [fast], apps: 1 },
      { limits: intra, apps: 2 },
      { limits: [{ requests: 1, perMs: 1 }], apps: 0 },
    ];
    expect(makespan(groups, 12)).toEqual({ durationMs: 1000, bindingLimit: second });
    expect(makespan(groups, 2 * 1200 + 8 * 3600)).toEqual({
      durationMs: HOUR_MS,
      bindingLimit: hour,
    });
  });

  it('is endless without apps, and nothing without requests or without limits', () => {
    expect(makespan([], 1)).toEqual({ durationMs: Infinity, bindingLimit: undefined });
    expect(makespan([{ limits: intra, apps: 0 }], 1).durationMs).toBe(Infinity);
    expect(makespan([{ limits: intra, apps: 1 }], 0).durationMs).toBe(0);
    expect(makespan([{ limits: [], apps: 1 }], 1e8)).toEqual({
      durationMs: 0,
      bindingLimit: undefined,
    });
  });

  // Windows that are whole numbers of the next shorter one, where the closed form is exact.
  const nestedLimits = fc
    .array(
      fc.record({
        requests: fc.integer({ min: 1, max: 30 }),
        times: fc.integer({ min: 2, max: 5 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((levels) => {
      let perMs = 1;
      return levels.map(({ requests, times }) => ({ requests, perMs: (perMs *= times) }));
    });
  const group = fc.record({ limits: nestedLimits, apps: fc.integer({ min: 1, max: 5 }) });
  const groups = fc.array(group, { minLength: 1, maxLength: 3 });
  const someRequests = fc.integer({ min: 1, max: 400 });

  it('is what filling the windows millisecond by millisecond takes', () => {
    fc.assert(
      fc.property(groups, someRequests, (someGroups, requests) => {
        const { durationMs } = makespan(someGroups, requests);
        expect(Math.ceil(durationMs - 1e-6)).toBe(millisecondByMillisecond(someGroups, requests));
      }),
      { numRuns: 300 },
    );
  });

  const anyLimit = fc.record({
    requests: fc.integer({ min: 1, max: 5000 }),
    perMs: fc.integer({ min: 1, max: 1e7 }),
  });
  const anyGroups = fc.array(
    fc.record({
      limits: fc.array(anyLimit, { minLength: 1, maxLength: 4 }),
      apps: fc.integer({ min: 1, max: 300 }),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const manyRequests = fc.integer({ min: 1, max: 1e8 });

  it('never falls with the number of requests', () => {
    fc.assert(
      fc.property(anyGroups, manyRequests, manyRequests, (someGroups, a, b) => {
        const ofFewer = makespan(someGroups, Math.min(a, b)).durationMs;
        expect(makespan(someGroups, Math.max(a, b)).durationMs).toBeGreaterThanOrEqual(ofFewer);
      }),
    );
  });

  it('is never faster than the limits admit for ever, but for the first window of each', () => {
    fc.assert(
      fc.property(anyGroups, manyRequests, (someGroups, requests) => {
        const { durationMs } = makespan(someGroups, requests);
        const admittedAtMost = someGroups.reduce((sum, { limits, apps }) => {
          const firstWindow = Math.max(...limits.map((limit) => limit.requests));
          return sum + apps * ((sustainedRate(limits) * durationMs) / 1000 + firstWindow);
        }, 0);
        expect(admittedAtMost).toBeGreaterThanOrEqual(requests * (1 - 1e-9));
      }),
    );
  });
});

/** Sends in each millisecond what every window still admits, with a log of what was sent. */
function millisecondByMillisecond(groups: readonly AppGroup[], requests: number): number {
  const apps = groups.map((group) => ({ ...group, sentBy: [0] }));
  for (let ms = 0; ; ms++) {
    const sent = apps.reduce((sum, app) => sum + app.apps * (app.sentBy[ms] ?? 0), 0);
    if (sent >= requests - 1e-6) return ms;
    for (const { limits, sentBy } of apps) sentBy.push(filledUp(limits, sentBy));
  }
}

function filledUp(limits: readonly Limit[], sentBy: readonly number[]): number {
  const now = sentBy.length - 1;
  const shortest = limits.reduce((a, b) => (b.perMs < a.perMs ? b : a));
  const bounds = limits.map(
    ({ requests, perMs }) => (sentBy[Math.max(0, now + 1 - perMs)] ?? 0) + requests,
  );
  return Math.min((sentBy[now] ?? 0) + shortest.requests / shortest.perMs, ...bounds);
}

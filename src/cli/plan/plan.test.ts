import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan, type Job } from './plan.js';

const HOUR_MS = 3_600_000;
const second = { requests: 2, perMs: 1000 };
const hour = { requests: 1200, perMs: HOUR_MS };

const job = (requests: number, apps: number, minRequestDelayMs = 0): Job => ({
  requests,
  groups: [{ limits: [second, hour], apps }],
  minRequestDelayMs,
});

describe('makePlan', () => {
  it('tells the time, what holds it back, and how many apps would halve it', () => {
    expect(makePlan(job(10_000, 1))).toEqual({
      apps: 1,
      durationMs: 8 * HOUR_MS + 200_000,
      binding: { kind: 'limit', limit: hour },
      halving: { apps: 2, durationMs: 4 * HOUR_MS + 100_000 },
      leastMs: 0,
    });
    expect(makePlan(job(1200, 10))).toMatchObject({
      durationMs: 60_000,
      binding: { kind: 'limit', limit: second },
      halving: { apps: 20, durationMs: 30_000 },
    });
  });

  it('halves with a single app more where that one spares an hour', () => {
    expect(makePlan(job(24_001, 20)).halving).toEqual({
      apps: 21,
      durationMs: expect.closeTo((24_001 / 42) * 1000, 3) as number,
    });
  });

  it('keeps all apps together to the delay between any two requests', () => {
    expect(makePlan(job(24_000, 200, 10))).toEqual({
      apps: 200,
      durationMs: 240_000,
      binding: { kind: 'delay', minRequestDelayMs: 10 },
      halving: undefined,
      leastMs: 240_000,
    });
    expect(makePlan(job(24_000, 50, 10)).binding).toEqual({ kind: 'limit', limit: second });
    expect(makePlan(job(300_000, 200, 10))).toMatchObject({
      durationMs: HOUR_MS + 600_000,
      binding: { kind: 'limit', limit: hour },
    });
  });

  it('adds further apps to those that are most', () => {
    const fast = { requests: 8, perMs: 1000 };
    const groups = [
      { limits: [fast], apps: 1 },
      { limits: [second], apps: 6 },
    ];
    expect(makePlan({ requests: 2000, groups, minRequestDelayMs: 0 })).toMatchObject({
      apps: 7,
      durationMs: 100_000,
      halving: { apps: 17, durationMs: 50_000 },
    });
  });

  it('promises no halving with more apps than requests', () => {
    expect(makePlan(job(3, 3)).halving).toBeUndefined();
    expect(makePlan(job(1, 1)).halving).toBeUndefined();
  });

  it('names the fewest apps that halve it', () => {
    const requests = fc.integer({ min: 2, max: 1e8 });
    const apps = fc.integer({ min: 1, max: 200 });
    const delay = fc.constantFrom(0, 1, 10);
    fc.assert(
      fc.property(requests, apps, delay, (someRequests, someApps, delayMs) => {
        const plan = makePlan(job(someRequests, someApps, delayMs));
        expect(plan.durationMs).toBeGreaterThanOrEqual(plan.leastMs * (1 - 1e-9));
        if (plan.halving === undefined) return;
        const half = (plan.durationMs / 2) * (1 + 1e-9);
        const timeWith = (many: number): number =>
          makePlan(job(someRequests, many, delayMs)).durationMs;
        expect(timeWith(plan.halving.apps)).toBeLessThanOrEqual(half);
        expect(timeWith(plan.halving.apps - 1)).toBeGreaterThan(half);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makespan } from '../limits/makespan.js';
import { progressOf, type ProgressFacts } from './progress.js';

const limits = [
  { requests: 2, perMs: 1000 },
  { requests: 1200, perMs: 3_600_000 },
];
const facts: ProgressFacts = {
  state: { kind: 'running' },
  done: 10,
  failed: 2,
  inFlight: 3,
  waiting: 4,
  total: 112,
  rate: 5,
  apps: [{ limits, apps: 10 }],
  minRequestDelayMs: 0,
  elapsedMs: 1000,
  retries: 1,
};

describe('progress', () => {
  it('tells how long the rest takes, and which limit binds', () => {
    const { apps: _apps, minRequestDelayMs: _delay, ...told } = facts;
    expect(progressOf(facts)).toEqual({
      ...told,
      etaMs: 5000,
      allowedRate: 20,
      bindingWindow: limits[0],
    });
    const long = progressOf({ ...facts, total: 200_012 });
    expect(long.bindingWindow).toEqual(limits[1]);
    expect(long.allowedRate).toBeLessThan(4);
  });

  it('counts the least delay between two requests as a limit of all apps', () => {
    const told = progressOf({ ...facts, minRequestDelayMs: 100 });
    const bindingWindow = { requests: 1, perMs: 100 };
    expect(told).toMatchObject({ etaMs: 10_000, bindingWindow });
    expect(told.allowedRate).toBeCloseTo(10, 9);
  });

  it('without apps allows nothing and does not know when it ends', () => {
    for (const total of [112, undefined]) {
      expect(progressOf({ ...facts, total, apps: [] })).toMatchObject({
        etaMs: undefined,
        allowedRate: 0,
        bindingWindow: undefined,
      });
    }
  });

  it('has nothing left to wait for when all is done, or more than was said', () => {
    for (const total of [12, 5, 0]) expect(progressOf({ ...facts, total }).etaMs).toBe(0);
  });

  it('agrees with the makespan of what is left', () => {
    const counts = fc.record({ done: fc.nat(5000), failed: fc.nat(100), total: fc.nat(50_000) });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 50 }), (count, apps) => {
        const groups = [{ limits, apps }];
        const left = Math.max(0, count.total - count.done - count.failed);
        const { etaMs, allowedRate } = progressOf({ ...facts, ...count, apps: groups });
        expect(etaMs).toBe(makespan(groups, left).durationMs);
        expect((allowedRate * (etaMs ?? 0)) / 1000).toBeCloseTo(left, 3);
      }),
    );
  });
});

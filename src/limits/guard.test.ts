import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Guard } from './guard.js';

const settings = { initialMs: 10, maxMs: 100, growth: 2, burstMs: 1000, calmMs: 60_000 };

describe('Guard', () => {
  it('grows at once on a refusal', () => {
    const guard = new Guard(settings);
    guard.onRefusal(0);
    expect(guard.ms).toBe(20);
  });

  it('takes the refusals of one burst for one', () => {
    const guard = new Guard(settings);
    for (const time of [0, 1, 500, 999]) guard.onRefusal(time);
    expect(guard.ms).toBe(20);
    guard.onRefusal(1000);
    expect(guard.ms).toBe(40);
  });

  it('does not grow above its maximum', () => {
    const guard = new Guard(settings);
    for (let burst = 0; burst < 20; burst++) guard.onRefusal(burst * 1000);
    expect(guard.ms).toBe(100);
  });

  it('gives back half of what it grew after a calm time, and ends where it began', () => {
    const guard = new Guard(settings);
    guard.onRefusal(0);
    guard.onAcceptance(59_999);
    expect(guard.ms).toBe(20);
    guard.onAcceptance(60_000);
    expect(guard.ms).toBe(15);
    guard.onAcceptance(60_001);
    expect(guard.ms).toBe(15);
    for (let calm = 2; calm < 12; calm++) guard.onAcceptance(calm * 60_000);
    expect(guard.ms).toBe(10);
  });

  it('stays between its first value and its maximum, whatever happens', () => {
    const event = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 100_000 }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), (events) => {
        const guard = new Guard(settings);
        let now = 0;
        for (const [refused, pauseMs] of events) {
          now += pauseMs;
          const before = guard.ms;
          if (refused) guard.onRefusal(now);
          else guard.onAcceptance(now);
          expect(refused ? guard.ms >= before : guard.ms <= before).toBe(true);
          expect(guard.ms).toBeGreaterThanOrEqual(10);
          expect(guard.ms).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 200 },
    );
  });
});

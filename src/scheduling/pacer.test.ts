import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.js';

/** Sends as soon as the pacer allows after each pause; returns when. */
function sendAll(pacer: Pacer, pauses: readonly number[]): number[] {
  let now = 0;
  return pauses.map((pause) => {
    now = Math.max(now + pause, pacer.nextAtMs);
    pacer.record(now);
    return now;
  });
}

const pauses = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 100 });

describe('Pacer', () => {
  it('lets the first request go at once', () => {
    expect(new Pacer(10).nextAtMs).toBe(-Infinity);
  });

  it('keeps any two requests at least the least delay apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), pauses, (minDelayMs, somePauses) => {
        const times = sendAll(new Pacer(minDelayMs), somePauses);
        times.slice(1).forEach((time, index) => {
          expect(time - (times[index] as number)).toBeGreaterThanOrEqual(minDelayMs - 1e-9);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('spreads requests evenly, a little closer than the rate of all apps asks', () => {
    const pacer = new Pacer(10);
    pacer.setRate(20);
    const times = sendAll(
      pacer,
      Array.from({ length: 21 }, () => 0),
    );
    // A wake-up may be a gap late without the stream losing it: it is gained once, at the start.
    expect((times.at(-1) as number) - (times[0] as number)).toBeCloseTo(19 * 45, 9);
  });

  it('reaches the rate also where timers wake it on whole milliseconds only, and late', () => {
    const pacer = new Pacer(0);
    pacer.setRate(400);
    let [now, sent] = [0, 0];
    while (now < 10_000) {
      now = Math.max(now, Math.ceil(pacer.nextAtMs)) + 1;
      for (; pacer.nextAtMs <= now; sent += 1) pacer.record(now);
    }
    expect(sent / 10).toBeGreaterThanOrEqual(400);
  });

  it('never goes below the least delay, however high the rate is, or when there are no apps', () => {
    const pacer = new Pacer(10);
    for (const rate of [1e6, 0]) {
      pacer.setRate(rate);
      const now = pacer.nextAtMs === -Infinity ? 0 : pacer.nextAtMs;
      pacer.record(now);
      expect(pacer.nextAtMs).toBe(now + 10);
    }
  });

  it('keeps the gap on average over any stretch, but for a late wake-up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 20_000 }), pauses, (rate, somePauses) => {
        const pacer = new Pacer(0);
        pacer.setRate(rate);
        const gapMs = 900 / rate;
        const times = sendAll(pacer, somePauses);
        for (let from = 0; from < times.length; from++) {
          for (let to = from + 1; to < times.length; to++) {
            const spanMs = (times[to] as number) - (times[from] as number);
            expect(spanMs).toBeGreaterThanOrEqual((to - from) * gapMs - Math.max(5, gapMs) - 1e-9);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('does not make two apps of different limits wait for each other', () => {
    const pacer = new Pacer(0);
    pacer.setRate(3);
    const sent = { fast: 0, slow: 0 };
    for (let now = 0; now < 100_000; now += 1) {
      for (const [app, everyMs] of [
        ['slow', 1000],
        ['fast', 500],
      ] as const) {
        if (now < sent[app] * everyMs || pacer.nextAtMs > now) continue;
        pacer.record(now);
        sent[app] += 1;
      }
    }
    expect(sent).toEqual({ fast: 200, slow: 100 });
  });
});

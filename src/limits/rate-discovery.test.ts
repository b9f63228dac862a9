import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateOf } from './limit.js';
import { RateDiscovery } from './rate-discovery.js';

const rate = (discovery: RateDiscovery): number => rateOf(discovery.limit);

/** Sends as fast as its limit admits, from `fromMs` on, and is answered at once; returns when it stops. */
function use(
  discovery: RateDiscovery,
  fromMs: number,
  untilMs: number,
  isRefused: (rate: number, atMs: number) => boolean = () => false,
): number {
  let at = fromMs;
  while (at < untilMs) {
    if (isRefused(rate(discovery), at)) discovery.onRefused(at, at);
    else discovery.onAccepted(at, at);
    at += 1000 / rate(discovery);
  }
  return at;
}

describe('RateDiscovery', () => {
  it('starts with one request a second', () => {
    expect(new RateDiscovery().limit).toEqual({ requests: 1, perMs: 1000 });
  });

  it('doubles with each clean second until the first refusal', () => {
    const discovery = new RateDiscovery();
    const rates: number[] = [];
    for (let second = 0; second < 6; second++) {
      use(discovery, second * 1000, second * 1000 + 1001);
      rates.push(rate(discovery));
    }
    expect(rates).toEqual([2, 4, 8, 16, 32, 64]);
    discovery.onRefused(6500, 6500);
    expect(rate(discovery)).toBe(Math.floor(64 * 0.7));
  });

  it('takes the refusals of what was under way for one', () => {
    const discovery = new RateDiscovery({ initialRate: 100 });
    expect(discovery.onRefused(990, 1000)).toBe(true);
    for (const sentAt of [970, 980, 999]) expect(discovery.onRefused(sentAt, 1010)).toBe(false);
    expect(rate(discovery)).toBeCloseTo(70);
    discovery.onRefused(1001, 1050);
    expect(rate(discovery)).toBeCloseTo(49);
  });

  it('does not climb while less is sent than the rate admits', () => {
    const discovery = new RateDiscovery({ initialRate: 10 });
    for (let at = 0; at < 100_000; at += 400) discovery.onAccepted(at, at + 70);
    expect(rate(discovery)).toBe(10);
  });

  it('does not take answers to requests of a lower rate for a clean window of a higher one', () => {
    const discovery = new RateDiscovery({ initialRate: 2 });
    for (const at of [0, 500]) discovery.onAccepted(at, 1000);
    expect(rate(discovery)).toBe(4);
    for (const at of [600, 700, 800, 900]) discovery.onAccepted(at, 3000);
    expect(rate(discovery)).toBe(4);
  });

  it('climbs by 5% a clean window after a refusal, and stays below what was refused for long', () => {
    const discovery = new RateDiscovery({ initialRate: 100 });
    discovery.onRefused(0, 0);
    use(discovery, 1, 1010);
    expect(rate(discovery)).toBe(Math.floor(70 * 1.05));
    use(discovery, 1011, 12_000);
    expect(rate(discovery)).toBeGreaterThan(94);
    use(discovery, 12_001, 30_000);
    expect(rate(discovery)).toBeLessThan(100);
    use(discovery, 30_001, 60_000);
    expect(rate(discovery)).toBeGreaterThan(100);
  });

  it('is slower to try again what was refused twice', () => {
    const refusals: number[] = [];
    const discovery = new RateDiscovery({ initialRate: 10 });
    use(discovery, 0, 600_000, (at, nowMs) => {
      if (at < 10) return false;
      refusals.push(nowMs);
      return true;
    });
    const pauses = refusals.slice(1).map((at, index) => at - (refusals[index] as number));
    expect(pauses.length).toBeGreaterThan(2);
    for (let i = 1; i < pauses.length; i++)
      expect(pauses[i]).toBeGreaterThan((pauses[i - 1] as number) * 1.5);
  });

  it('goes on from what was found earlier, and keeps below what was refused then', () => {
    const first = new RateDiscovery({ initialRate: 100 });
    expect(first.found).toEqual({ perSecond: 100 });
    first.onRefused(0, 10);
    expect(first.found).toEqual({ perSecond: 70, refusedPerSecond: 100 });
    const second = new RateDiscovery({}, first.found);
    expect(second.limit).toEqual({ requests: 70, perMs: 1000 });
    expect(second.found).toEqual(first.found);
    expect(new RateDiscovery({}, { perSecond: 1e9 }).limit.requests).toBe(10_000);
  });

  it('climbs on once what was refused is accepted', () => {
    const discovery = new RateDiscovery({ initialRate: 10 });
    discovery.onRefused(0, 0);
    use(discovery, 1, 120_000);
    expect(rate(discovery)).toBeGreaterThan(20);
  });

  it('finds a rate of at least 0.9 of what is allowed, whatever that is, with few refusals', () => {
    const allowed = fc.oneof(
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      fc.integer({ min: 2, max: 500 }),
    );
    fc.assert(
      fc.property(allowed, (allowedRate) => {
        const discovery = new RateDiscovery();
        let refused = 0;
        let sent = 0;
        let wasBelow = 0;
        use(discovery, 0, 300_000, (at, nowMs) => {
          sent += 1;
          if (nowMs > 60_000 && at < allowedRate * 0.9) wasBelow += 1;
          if (at <= allowedRate) return false;
          refused += 1;
          return true;
        });
        expect(wasBelow / sent).toBeLessThan(0.1);
        expect(refused).toBeLessThanOrEqual(12);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps to a whole number of requests a second, or to one in longer than half a second', () => {
    const limitAt = (initialRate: number) => new RateDiscovery({ initialRate }).limit;
    expect(limitAt(0.02)).toEqual({ requests: 1, perMs: 50_000 });
    expect(limitAt(1.6)).toEqual({ requests: 1, perMs: 625 });
    expect(limitAt(2.9)).toEqual({ requests: 2, perMs: 1000 });
    expect(limitAt(50.2)).toEqual({ requests: 50, perMs: 1000 });
  });

  it('never comes to nothing', () => {
    const discovery = new RateDiscovery();
    for (let at = 0; at < 100; at++) discovery.onRefused(at, at);
    expect(rate(discovery)).toBeGreaterThanOrEqual(0.01);
  });
});

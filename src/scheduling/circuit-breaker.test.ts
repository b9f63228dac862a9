import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerSign } from '../retry/server-sign.js';
import { CircuitBreaker } from './circuit-breaker.js';

const makeRequests = (howMany: number): object[] =>
  Array.from({ length: howMany }, (_, id) => ({ id }));

/** A breaker that has just opened, at 1000, by five requests. */
function opened(): { breaker: CircuitBreaker; requests: object[] } {
  const breaker = new CircuitBreaker(() => false);
  const requests = makeRequests(5);
  requests.forEach((request, index) => breaker.onEnd(request, 'fails', 0, index * 250));
  expect(breaker.state.kind).toBe('open');
  return { breaker, requests };
}

/** Sends a probe as soon as it is admitted, and lets it end at once. Returns when that was. */
function probe(breaker: CircuitBreaker, sign: ServerSign, request: object = {}): number {
  const atMs = breaker.probeAtMs ?? NaN;
  expect([breaker.admit(atMs - 1), breaker.admit(atMs)]).toEqual(['none', 'probe']);
  breaker.onProbe(request);
  expect([breaker.admit(atMs), breaker.probeAtMs]).toEqual(['none', undefined]);
  breaker.onEnd(request, sign, atMs, atMs);
  return atMs;
}

describe('CircuitBreaker', () => {
  it('opens when five different requests have failed over a second, and the fifth does not count', () => {
    const breaker = new CircuitBreaker(() => false);
    const counted = makeRequests(5).map((request, index) =>
      breaker.onEnd(request, 'fails', 0, index * 250),
    );
    expect(counted).toEqual([false, false, false, false, true]);
    expect([breaker.admit(1999), breaker.admit(2000)]).toEqual(['none', 'probe']);
  });

  it('stays closed when one request fails, however often', () => {
    const breaker = new CircuitBreaker(() => false);
    const request = {};
    for (let time = 0; time < 3_600_000; time += 1000) {
      expect(breaker.onEnd(request, 'fails', time, time)).toBe(false);
      expect(breaker.admit(time)).toBe('all');
    }
  });

  it('opens when two have failed five times in a row, where something is known that has worked', () => {
    const requests = makeRequests(2);
    const breaker = new CircuitBreaker(() => true);
    const counted = Array.from({ length: 5 }, (_, index) =>
      breaker.onEnd(requests[index % 2] as object, 'fails', 0, index * 250),
    );
    expect(counted).toEqual([false, false, false, false, true]);
    const alone = new CircuitBreaker(() => true);
    for (let i = 0; i < 50; i++) alone.onEnd(requests[0] as object, 'fails', 0, i * 250);
    expect(alone.state.kind).toBe('closed');
  });

  it('stays closed when a thousand fail in one moment, as at a restart, until a second has passed', () => {
    const breaker = new CircuitBreaker(() => false);
    breaker.onEnd({}, 'works', 0, 5000);
    for (const request of makeRequests(1000)) breaker.onEnd(request, 'fails', 4000, 5001);
    expect(breaker.admit(5001)).toBe('all');
    expect(breaker.onEnd({}, 'fails', 5990, 6000)).toBe(true);
  });

  it('opens when many time out in one moment: each has waited longer than a second', () => {
    const breaker = new CircuitBreaker(() => false);
    breaker.onEnd({}, 'works', 0, 5000);
    for (const request of makeRequests(5)) breaker.onEnd(request, 'fails', 6000, 66_000);
    expect(breaker.state.kind).toBe('open');
  });

  it('stays closed when there is a good answer in between', () => {
    const breaker = new CircuitBreaker(() => false);
    makeRequests(1000).forEach((request, index) => {
      const sign = index % 5 === 4 ? 'works' : 'fails';
      expect(breaker.onEnd(request, sign, 0, index * 1000)).toBe(false);
    });
    expect(breaker.state.kind).toBe('closed');
  });

  it('takes an answer that shows nothing for neither', () => {
    const breaker = new CircuitBreaker(() => false);
    for (const request of makeRequests(50)) breaker.onEnd(request, 'unclear', 0, 5000);
    expect(breaker.admit(5000)).toBe('all');
    makeRequests(4).forEach((request, index) => breaker.onEnd(request, 'fails', 0, index * 1000));
    breaker.onEnd({}, 'unclear', 0, 4000);
    expect(breaker.onEnd({}, 'fails', 0, 4000)).toBe(true);
  });

  it('asks after 1 s, then after twice as long each time, to a minute', () => {
    const { breaker } = opened();
    const times = [1000, ...Array.from({ length: 9 }, () => probe(breaker, 'fails'))];
    const gaps = times.slice(1).map((time, index) => (time - (times[index] as number)) / 1000);
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('asks on when a probe shows nothing', () => {
    const { breaker } = opened();
    const first = probe(breaker, 'unclear');
    expect(breaker.probeAtMs).toBe(first + 2000);
  });

  it('does not count failures while it is open, and leaves the time of the next probe alone', () => {
    const { breaker } = opened();
    const before = breaker.probeAtMs;
    expect(breaker.onEnd({}, 'fails', 0, 1500)).toBe(true);
    expect(breaker.probeAtMs).toBe(before);
    breaker.onProbe({});
    expect(breaker.onEnd({}, 'fails', 0, 2500)).toBe(true);
    expect(breaker.state.kind).toBe('probing');
  });

  it('closes at a good answer, be it that of a probe or of an attempt long under way', () => {
    const one = opened();
    probe(one.breaker, 'fails');
    probe(one.breaker, 'works');
    expect(one.breaker.admit(0)).toBe('all');
    const other = opened();
    other.breaker.onEnd({}, 'works', 0, 1200);
    expect(other.breaker.admit(1200)).toBe('all');
  });

  it('begins at 1 s again the next time', () => {
    const { breaker, requests } = opened();
    for (let i = 0; i < 5; i++) probe(breaker, 'fails');
    const backAt = probe(breaker, 'works');
    for (const request of requests) breaker.onEnd(request, 'fails', backAt, backAt + 1000);
    expect(breaker.probeAtMs).toBe(backAt + 2000);
  });

  it('may ask at once with another when a probe was broken off', () => {
    const { breaker } = opened();
    const request = {};
    breaker.onProbe(request);
    breaker.onAborted({}, 2100);
    expect(breaker.admit(2200)).toBe('none');
    breaker.onAborted(request, 2200);
    expect(breaker.admit(2200)).toBe('probe');
  });

  it('is not opened again by those who failed when the server worked at the first probe', () => {
    const { breaker, requests } = opened();
    const late = {};
    breaker.onEnd(late, 'fails', 0, 1500);
    const askedAt = probe(breaker, 'works');
    for (const request of [...requests, late]) {
      expect(breaker.onEnd(request, 'fails', askedAt, askedAt + 10_000)).toBe(false);
    }
    expect(breaker.admit(askedAt + 10_000)).toBe('all');
    // Others are believed as ever.
    for (const request of makeRequests(5)) {
      breaker.onEnd(request, 'fails', askedAt + 10_000, askedAt + 20_000);
    }
    expect(breaker.state.kind).toBe('open');
  });

  it('lets everything through once it is retired, and every failure counts', () => {
    const { breaker } = opened();
    breaker.retire();
    expect(breaker.admit(1001)).toBe('all');
    for (const request of makeRequests(50)) {
      expect(breaker.onEnd(request, 'fails', 0, 90_000)).toBe(false);
    }
    breaker.onEnd({}, 'works', 0, 90_000);
    expect(breaker.state.kind).toBe('retired');
  });

  it('sends nothing but one probe at a time while it is open, whatever happens', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 3000 }),
      sign: fc.constantFrom<ServerSign | 'aborted'>(
        'fails',
        'fails',
        'fails',
        'works',
        'unclear',
        'aborted',
      ),
      which: fc.nat({ max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const breaker = new CircuitBreaker(() => false);
        const underWay: { request: object; sentAtMs: number; isProbe: boolean }[] = [];
        let nowMs = 0;
        let failed = new Set<object>();
        const isOpen = (): boolean => breaker.admit(nowMs) !== 'all';
        const isProbing = (): boolean => underWay.some(({ isProbe }) => isProbe);
        for (const { afterMs, sign, which } of steps) {
          nowMs += afterMs;
          const admission = breaker.admit(nowMs);
          // Nothing is sent beside a probe, however long it takes.
          expect(isProbing() && isOpen() && breaker.admit(nowMs + 1e9) !== 'none').toBe(false);
          if (admission !== 'none') {
            const request = {};
            if (admission === 'probe') breaker.onProbe(request);
            underWay.push({ request, sentAtMs: nowMs, isProbe: admission === 'probe' });
          }
          const [ended] = underWay.splice(which % Math.max(1, underWay.length), 1);
          if (ended === undefined) continue;
          const wasOpen = isOpen();
          if (sign === 'works') failed = new Set();
          if (sign === 'fails') failed.add(ended.request);
          let isExcused = false;
          if (sign === 'aborted') breaker.onAborted(ended.request, nowMs);
          else isExcused = breaker.onEnd(ended.request, sign, ended.sentAtMs, nowMs);
          expect(isExcused).toBe(sign === 'fails' && isOpen());
          expect(sign === 'works' && isOpen()).toBe(false);
          expect(isOpen() && !wasOpen && failed.size < 5).toBe(false);
          // It is never stuck: either a probe is under way, or the time of one is known.
          expect(
            !isOpen() || isProbing() || (breaker.probeAtMs ?? Infinity) <= nowMs + 60_000,
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

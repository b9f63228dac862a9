import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Guard } from './guard.js';

const settings = {
  initialCapMs: 100,
  minCapMs: 10,
  maxCapMs: 400,
  carefulMs: 30,
  carefulAnswers: 3,
  learningMs: 0,
  unseenFactor: 0,
  marginMs: 2,
  maxMarginMs: 16,
  growth: 2,
};

/** From when on a request counts, by an answer that is looked at now. */
function countsFrom(guard: Guard, writtenAtMs: number, headAtMs: number, status = 200): number {
  guard.onAnswer(writtenAtMs, headAtMs, status);
  return guard.countsFromAnswered(writtenAtMs, headAtMs, status);
}

/** A guard that has seen its first answers, the shortest of which took 50 ms. */
function settled(): Guard {
  const guard = new Guard(settings);
  for (let at = 0; at < 3; at++) countsFrom(guard, at, at + 50);
  return guard;
}

/** How late it takes a request to be whose answer took `tookMs`. */
function lateness(guard: Guard, tookMs: number, writtenAtMs = 1000): number {
  return countsFrom(guard, writtenAtMs, writtenAtMs + tookMs) - writtenAtMs;
}

describe('Guard', () => {
  it('counts a request without an answer from the latest time that it believes in', () => {
    expect(new Guard(settings).countsFrom(1000)).toBe(1102);
  });

  it('counts an answered request from as late as its answer was later than the shortest', () => {
    const guard = settled();
    expect([lateness(guard, 50), lateness(guard, 57), lateness(guard, 120)]).toEqual([2, 9, 72]);
  });

  it('counts from when the request was written, however late that was', () => {
    expect(countsFrom(settled(), 900, 950)).toBe(902);
  });

  it('believes in no more lateness than its cap: the rest is the work of the server', () => {
    expect(lateness(settled(), 3000)).toBe(102);
  });

  it('is careful with the first answers, before it knows the shortest', () => {
    const guard = new Guard(settings);
    expect([lateness(guard, 50), lateness(guard, 90), lateness(guard, 51)]).toEqual([32, 42, 32]);
    expect(lateness(guard, 51)).toBe(3);
  });

  it('only looks at the answers of the first moments, and then believes all the lateness of theirs', () => {
    const guard = new Guard({ ...settings, learningMs: 500 });
    guard.onAnswer(0, 300, 200);
    guard.onAnswer(100, 150, 200);
    expect([guard.isLearning(799), guard.isLearning(800)]).toEqual([true, false]);
    for (let at = 600; at < 610; at++) guard.onAnswer(at, at + 50, 200);
    expect(guard.countsFromAnswered(0, 300, 200)).toBe(252);
    expect(guard.countsFromAnswered(600, 900, 200)).toBe(702);
  });

  it('learns a shorter time at once, and forgets it when the way has become longer', () => {
    const guard = settled();
    expect([lateness(guard, 40), lateness(guard, 50)]).toEqual([2, 12]);
    for (let at = 0; at < 300; at++) lateness(guard, 80, at * 1000);
    expect(lateness(guard, 83, 300_100)).toBe(5);
  });

  it('compares answers of the same status only: a refusal comes sooner, and makes no other look late', () => {
    const guard = settled();
    countsFrom(guard, 1000, 1020, 429);
    expect(lateness(guard, 57)).toBe(9);
  });

  it('does not take a refusal for what explains it', () => {
    const guard = settled();
    lateness(guard, 60, 10_000);
    countsFrom(guard, 20_000, 20_700, 429);
    expect(guard.mayExplain(20_800)).toBe(false);
  });

  it('adds what the shortest answer so far may be longer than the shortest possible one', () => {
    const guard = new Guard({ ...settings, unseenFactor: 10 });
    const extras: number[] = [];
    for (let at = 0; at < 900; at++) {
      const lateMs = (at % 2) * 20;
      extras.push(lateness(guard, 50 + lateMs) - lateMs - 2);
    }
    expect(extras[99]).toBeGreaterThan(0.5);
    expect(extras[899]).toBeGreaterThan(0.05);
    expect(extras[899]).toBeLessThan(0.2);
  });

  it('keeps every window at the server, whatever the jitter of way and answer', () => {
    const way = fc.record({
      to: fc.integer({ min: 0, max: 80 }),
      back: fc.integer({ min: 0, max: 80 }),
    });
    fc.assert(
      fc.property(fc.array(way, { minLength: 10, maxLength: 60 }), (ways) => {
        const guard = new Guard({ ...settings, initialCapMs: 1000 });
        // The shortest way and work are met once, as they are in any longer stream.
        countsFrom(guard, -5000, -4930);
        const arrivals: number[] = [];
        let sentAtMs = 0;
        for (const { to, back } of ways) {
          arrivals.push(sentAtMs + 20 + to);
          const headAtMs = sentAtMs + 70 + to + back;
          sentAtMs = countsFrom(guard, sentAtMs, headAtMs) + 1000;
        }
        const apart = arrivals.slice(1).map((at, index) => at - (arrivals[index] as number));
        expect(Math.min(...apart)).toBeGreaterThanOrEqual(1000);
      }),
    );
  });

  it('grows at once on a refusal, once for each burst, up to its maximum', () => {
    const guard = settled();
    for (const time of [0, 1, 500, 999]) guard.onRefusal(time);
    expect([guard.capMs, guard.marginMs]).toEqual([200, 4]);
    for (let burst = 1; burst < 9; burst++) guard.onRefusal(burst * 1000);
    expect([guard.capMs, guard.marginMs]).toEqual([400, 16]);
  });

  it('gives way while it costs more than is affordable and nothing is refused', () => {
    const guard = settled();
    for (let at = 0; at < 2000; at++) {
      lateness(guard, 50 + (at % 2) * 500, at * 100);
      guard.onAcceptance(at * 100);
    }
    expect(guard.capMs).toBeLessThan(40);
    expect(guard.capMs).toBeGreaterThanOrEqual(10);
  });

  it('does not give way for the care that it takes with first answers', () => {
    const guard = new Guard({ ...settings, carefulAnswers: 5000, affordableMs: 15 });
    for (let at = 0; at < 2000; at++) {
      lateness(guard, 50 + (at % 2) * 10, at * 100);
      guard.onAcceptance(at * 100);
    }
    expect(guard.capMs).toBe(100);
  });

  it('does not give way while it costs little', () => {
    const guard = settled();
    for (let at = 0; at < 2000; at++) {
      lateness(guard, 50 + (at % 2) * 25, at * 100);
      guard.onAcceptance(at * 100);
    }
    expect(guard.capMs).toBe(100);
  });

  it('keeps what it has grown to for ten minutes, then gives the margin back', () => {
    const guard = settled();
    guard.onRefusal(0);
    for (let second = 1; second < 600; second++) guard.onAcceptance(second * 1000);
    expect(guard.marginMs).toBe(4);
    for (let second = 600; second < 700; second++) guard.onAcceptance(second * 1000);
    expect(guard.marginMs).toBe(2);
  });

  it('explains a refusal only by a lateness that it did not know of', () => {
    const guard = settled();
    lateness(guard, 60, 10_000);
    expect(guard.mayExplain(10_100)).toBe(false);
    lateness(guard, 500, 11_000);
    expect([guard.mayExplain(12_000), guard.mayExplain(20_000)]).toEqual([true, false]);
  });
});

import { describe, expect, it } from 'vitest';
import { limits42, perSecond2, simulate } from './hydra-on-virtual-time.js';
import { highestInWindow, jsonAnswer, timesByApp, type Arrival } from './simulated-server.js';

/** Accepted a second, over whole seconds from 2 s after the first arrival. */
function steadyRate(arrivals: readonly Arrival[]): number {
  const from = (arrivals[0]?.atMs ?? 0) + 2000;
  const seconds = Math.floor(((arrivals.at(-1)?.atMs ?? 0) - from) / 1000);
  const within = arrivals.filter(({ atMs }) => atMs >= from && atMs < from + seconds * 1000);
  return within.length / seconds;
}

describe('an hour-long job on virtual time', () => {
  it('sends 20 apps through two hours of 2/s and 1200/h: no refusal, 0.98 of what the hours allow', async () => {
    const { hydra, server, clock } = simulate({
      apps: 20,
      limits: limits42,
      server: { jitterMs: 10 },
      options: { maxConcurrency: 4000 },
    });
    for (let i = 0; i < 50_000; i++) hydra.get(`/users/${i}`);
    await clock.advance(2 * 3_600_000);
    expect(server.refused).toBe(0);
    for (const times of timesByApp(server.arrivals).values()) {
      expect(highestInWindow(times, 1000)).toBeLessThanOrEqual(2);
      expect(highestInWindow(times, 3_600_000)).toBeLessThanOrEqual(1200);
    }
    expect(server.accepted.length / (20 * 1200 * 2)).toBeGreaterThanOrEqual(0.98);
  });

  describe.each([
    [20, 2],
    [200, 2],
    [200, 8],
  ])('%d apps with %d a second', (apps, requests) => {
    it.each([
      ['sliding-window', 10, 0.985],
      ['fixed-window', 10, 0.985],
      ['token-bucket', 10, 0.985],
      ['sliding-window', 30, 0.965],
      ['fixed-window', 30, 0.965],
      ['token-bucket', 30, 0.965],
    ] as const)(
      'come near what a %s with 0 to %d ms of jitter allows: %d of it, without a refusal',
      async (limiterKind, jitterMs, least) => {
        const { hydra, server, clock } = simulate({
          apps,
          limits: [{ requests, perMs: 1000 }],
          server: { jitterMs, limiterKind },
        });
        const perSecond = apps * requests;
        for (let i = 0; i < 10 * perSecond; i++) hydra.get(`/users/${i}`);
        await clock.runUntil(hydra.join());
        expect(server.refused).toBe(0);
        expect(steadyRate(server.accepted) / perSecond).toBeGreaterThanOrEqual(least);
      },
    );
  });

  it('are refused 0.05% at most where the way becomes eight times as uncertain all at once', async () => {
    const { hydra, server, clock } = simulate({
      apps: 200,
      limits: [{ requests: 8, perMs: 1000 }],
      server: { jitterMs: (nowMs) => (nowMs < 8000 ? 5 : 40) },
    });
    for (let i = 0; i < 25_000; i++) hydra.get(`/users/${i}`);
    await clock.runUntil(hydra.join());
    expect(server.refused / server.arrivals.length).toBeLessThanOrEqual(0.0005);
  });

  it('is refused nothing where the first answers are slow, so that no request looks late at first', async () => {
    const { hydra, server, clock } = simulate({
      apps: 200,
      limits: [{ requests: 8, perMs: 1000 }],
      server: { jitterMs: 60, workMs: (nowMs) => (nowMs < 300 ? 100 : 30) },
    });
    for (let i = 0; i < 8000; i++) hydra.get(`/users/${i}`);
    await clock.runUntil(hydra.join());
    expect(server.refused).toBe(0);
  });

  it('keeps the rate after a refusal, which comes sooner than an answer that is worked for', async () => {
    let answers = 0;
    const { hydra, server, clock } = simulate({
      apps: 200,
      limits: perSecond2,
      server: {
        jitterMs: 10,
        answer: () => (++answers === 300 ? jsonAnswer({}, 429) : undefined),
      },
    });
    for (let i = 0; i < 8000; i++) hydra.get(`/users/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats.refusals).toBe(1);
    expect(steadyRate(server.accepted) / 400).toBeGreaterThanOrEqual(0.985);
  });
});

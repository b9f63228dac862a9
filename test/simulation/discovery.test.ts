import { describe, expect, it } from 'vitest';
import { limiterKinds } from '../../src/testing/limiter.js';
import {
  makeApp,
  perSecond,
  type Setting,
  simulate,
  type Simulation,
} from './hydra-on-virtual-time.js';
import { finish, OwnAppsFile } from './own-apps-file.js';
import { timesByApp } from './simulated-server.js';
import { newestDraft } from './telling.js';

const MINUTE_MS = 60_000;

/** Keeps a hydra that does not know the server's limits busy for so many minutes. */
async function discover(setting: Setting, minutes: number, requests: number): Promise<Simulation> {
  const simulation = simulate({ ...setting, api: { limits: 'discover' } });
  for (let i = 0; i < requests; i++) simulation.hydra.get(`/${i}`);
  await simulation.clock.advance(minutes * MINUTE_MS);
  return simulation;
}

/** What was accepted from `fromMs` on for `forMs`, a second. */
function rate({ server }: Simulation, fromMs: number, forMs: number): number {
  const within = server.accepted.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + forMs);
  return (within.length * 1000) / forMs;
}

function refusedShare({ server }: Simulation): number {
  return server.refused / server.arrivals.length;
}

const file = new OwnAppsFile();

describe('an API whose limits nobody knows', () => {
  it.each(['ends', 'crashes'])(
    'is asked at the rate that was found when a hydra goes on after one that %s',
    async (how) => {
      const setting: Setting = { apps: 2, limits: perSecond(20) };
      const options = { appsFile: file.path };
      const first = await discover({ ...setting, options }, 2, 6000);
      if (how === 'crashes') await file.crash(first);
      else await finish(first);
      const fromMs = first.clock.now() + 2000;
      const refusedBefore = first.server.refused;
      const next = { ...setting, options: { appsFile: file.path }, after: first };
      const second = await discover(next, 0.2, 600);
      expect(rate(second, fromMs, 8000) / 40).toBeGreaterThan(0.85);
      expect(second.server.refused - refusedBefore).toBeLessThan(10);
      await finish(second);
    },
  );

  it('is asked once in the first second, and about twice as often in each that follows', async () => {
    const simulation = simulate({ apps: 1, limits: perSecond(500), api: { limits: 'discover' } });
    for (let i = 0; i < 1000; i++) simulation.hydra.get(`/${i}`);
    await simulation.clock.advance(900);
    expect(simulation.server.arrivals).toHaveLength(1);
    const rates = new Set<number>();
    for (let tenth = 0; tenth < 70; tenth++) {
      rates.add(simulation.hydra.stats.allowedRate);
      await simulation.clock.advance(100);
    }
    expect([...rates].slice(0, 7)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(simulation.server.refused).toBe(0);
  });

  it.each([
    ...limiterKinds.flatMap((kind) => [2, 8].map((requests) => ({ kind, requests, apps: 2 }))),
    { kind: 'sliding-window' as const, requests: 50, apps: 1 },
  ])(
    'is used to 0.93 after a minute, with at most 1.5% refused in five ($kind, $requests/s)',
    async ({ kind, requests, apps }) => {
      const simulation = await discover(
        { apps, limits: perSecond(requests), server: { limiterKind: kind, jitterMs: 10 } },
        5,
        apps * requests * 320,
      );
      const allowed = apps * requests;
      expect(rate(simulation, MINUTE_MS, 4 * MINUTE_MS) / allowed).toBeGreaterThan(0.93);
      expect(refusedShare(simulation)).toBeLessThan(0.015);
    },
  );

  it('is used to 0.85 where only minutes are limited, with at most 6% refused', async () => {
    const inSeconds = (freeInMs: number): string => String(Math.ceil(freeInMs / 1000));
    for (const retryAfter of [() => undefined, inSeconds]) {
      const simulation = await discover(
        {
          apps: 2,
          limits: [{ requests: 100, perMs: MINUTE_MS }],
          server: { jitterMs: 10, retryAfter },
        },
        15,
        4000,
      );
      expect(rate(simulation, MINUTE_MS, 14 * MINUTE_MS) / (200 / 60)).toBeGreaterThan(0.85);
      expect(refusedShare(simulation)).toBeLessThan(0.06);
    }
  });

  it('finds the limits of each app by itself', async () => {
    const simulation = await discover(
      {
        apps: 0,
        limits: perSecond(2),
        options: { apps: [makeApp('slow'), makeApp('fast')] },
        server: { limitsOf: { fast: perSecond(20) }, jitterMs: 10 },
      },
      5,
      8000,
    );
    const accepted = timesByApp(simulation.server.accepted);
    expect((accepted.get('slow')?.length ?? 0) / (2 * 300)).toBeGreaterThan(0.85);
    expect((accepted.get('fast')?.length ?? 0) / (20 * 300)).toBeGreaterThan(0.85);
  });

  it('is kept to the limits that it tells, from the first answer on', async () => {
    const simulation = await discover(
      { apps: 2, limits: perSecond(20), server: { tell: newestDraft, jitterMs: 10 } },
      1,
      3000,
    );
    expect(simulation.server.refused).toBe(0);
    expect(rate(simulation, 2000, 50_000) / 40).toBeGreaterThan(0.95);
    expect(simulation.hydra.stats.allowedRate).toBe(40);
  });

  it('is not asked all that an hour admits at once, where only the hour is told', async () => {
    const simulation = await discover(
      { apps: 1, limits: [{ requests: 5000, perMs: 3_600_000 }], server: { tell: newestDraft } },
      2,
      6000,
    );
    const [first = 0, second = 0] = [0, 1].map((at) => rate(simulation, at * 1000, 1000));
    expect([first, second].every((requests) => requests <= 4)).toBe(true);
    expect(simulation.server.refused).toBe(0);
    expect(simulation.server.accepted.length).toBe(5000);
  });

  it('is asked no more than is asked for: an idle app does not climb', async () => {
    const { hydra, clock } = simulate({
      apps: 1,
      limits: perSecond(5),
      api: { limits: 'discover' },
    });
    for (let i = 0; i < 100; i++) {
      hydra.get(`/${i}`);
      await clock.advance(3000);
    }
    expect(hydra.stats.allowedRate).toBeLessThanOrEqual(2);
  });

  it('loses no request on the way', async () => {
    const simulation = simulate({
      apps: 3,
      limits: perSecond(4),
      api: { limits: 'discover' },
      server: { jitterMs: 30 },
    });
    for (let i = 0; i < 1000; i++) simulation.hydra.get(`/${i}`);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 1000, failed: 0 });
    expect(new Set(simulation.server.accepted.map(({ path }) => path)).size).toBe(1000);
  });
});

import { describe, expect, it } from 'vitest';
import type { Limit } from '../../src/index.js';
import {
  hardlyAnyLimits,
  keepingLogger,
  limits42,
  makeApp,
  makeApps,
  perSecond2,
  simulate,
} from './hydra-on-virtual-time.js';
import { highestInWindow, timesByApp } from './simulated-server.js';

describe('pacing', () => {
  it('sends a few requests within a second where only an hour is limited', async () => {
    const limits = [{ requests: 5000, perMs: 3_600_000 }];
    const { hydra, server, clock } = simulate({ apps: 1, limits });
    for (let i = 0; i < 100; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(server.accepted).toHaveLength(100);
    expect(clock.now()).toBeLessThan(1000);
  });

  it('says once that all apps are used up, and for how long', async () => {
    const { logger, lines } = keepingLogger();
    const limits = [{ requests: 3, perMs: 600_000 }];
    const { hydra, clock } = simulate({ apps: 2, limits, options: { logger } });
    for (let i = 0; i < 8; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    const said = lines.filter((line) => line.includes('used up'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^info .*2 requests wait, the next one for (599|600) s$/);
  });

  it('keeps minRequestDelayMs between any two requests over all apps', async () => {
    const { hydra, server, clock } = simulate({
      apps: 50,
      limits: hardlyAnyLimits,
      options: { minRequestDelayMs: 10 },
    });
    for (let i = 0; i < 500; i++) hydra.get(`/${i}`, { priority: i % 3 });
    await clock.runUntil(hydra.join());
    const times = server.arrivals.map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10 - 1e-6);
    expect(clock.now()).toBeLessThan(500 * 10 + 100);
  });

  it('never has more than maxConcurrency requests in flight', async () => {
    const { hydra, server, clock } = simulate({
      apps: 5,
      limits: hardlyAnyLimits,
      server: { workMs: 500, jitterMs: 300 },
      options: { maxConcurrency: 7 },
    });
    for (let i = 0; i < 200; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(server.highestInFlight).toBe(7);
    expect(hydra.stats.succeeded).toBe(200);
  });

  it('begins with an even stream and not with a burst of all apps', async () => {
    const { hydra, server, clock } = simulate({ apps: 100, limits: perSecond2 });
    for (let i = 0; i < 1000; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    const times = server.arrivals.map(({ atMs }) => atMs);
    // 200 a second: hardly more than 20 in any tenth of a second, from the first on.
    expect(highestInWindow(times, 100)).toBeLessThanOrEqual(24);
    expect(server.refused).toBe(0);
  });

  it('uses unequal apps each to what it is allowed', async () => {
    const fast: Limit[] = [{ requests: 8, perMs: 1000 }];
    const { hydra, server, clock } = simulate({
      apps: 0,
      limits: perSecond2,
      options: { apps: [makeApp('slow'), { ...makeApp('fast'), limits: fast }] },
      server: { limitsOf: { fast }, jitterMs: 10 },
    });
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}`);
    await clock.advance(100_000);
    expect(server.refused).toBe(0);
    const times = timesByApp(server.arrivals);
    expect((times.get('slow')?.length ?? 0) / 200).toBeGreaterThan(0.95);
    expect((times.get('fast')?.length ?? 0) / 800).toBeGreaterThan(0.95);
    expect(highestInWindow(times.get('fast') ?? [], 1000)).toBe(8);
  });

  it('uses equal apps evenly, also under a light load', async () => {
    const { hydra, server, clock } = simulate({ apps: 7, limits: limits42 });
    for (let i = 0; i < 100; i++) {
      hydra.get(`/${i}`);
      await clock.advance(731);
    }
    const counts = [...timesByApp(server.arrivals).values()].map((times) => times.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('replaces the one-second limit by requestsPerSecond, fractions too', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: limits42,
      options: { requestsPerSecond: 0.5 },
    });
    for (let i = 0; i < 10; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(
      highestInWindow(
        server.arrivals.map(({ atMs }) => atMs),
        2000,
      ),
    ).toBe(1);
  });

  it('sends a higher priority first, and a retry before what was never sent', async () => {
    let fails = 1;
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: [{ requests: 1, perMs: 1000 }],
      options: { retryDelayMs: 1 },
      server: {
        isUnreachable: ({ path }) => path === '/v2/c' && fails-- > 0,
      },
    });
    for (const [path, priority] of Object.entries({ '/a': -1, '/b': 0, '/c': 0, '/d': 9, '/e': 0 }))
      hydra.get(path, { priority });
    await clock.runUntil(hydra.join());
    const paths = server.arrivals.map(({ path }) => path.replace('/v2/', ''));
    expect(paths).toEqual(['d', 'b', 'c', 'e', 'a']);
  });

  it('uses apps that come, and no longer those that go, while it works', async () => {
    const { hydra, server, clock } = simulate({ apps: 2, limits: perSecond2 });
    for (let i = 0; i < 400; i++) hydra.get(`/${i}`);
    await clock.advance(10_000);
    expect(server.arrivals.length).toBeGreaterThan(36);
    hydra.addApp(makeApp('late'));
    hydra.removeApp('app0');
    const removedAtMs = clock.now();
    await clock.advance(10_000);
    const since = server.arrivals.filter(({ atMs }) => atMs > removedAtMs + 20);
    expect(new Set(since.map(({ appId }) => appId))).toEqual(new Set(['app1', 'late']));
    hydra.removeApp('app1');
    hydra.removeApp('late');
    await clock.runUntil(hydra.join());
    const codes = (await hydra.failures()).map(({ error }) => error.code);
    expect(new Set(codes)).toEqual(new Set(['HYDRA_NO_APPS']));
    expect(hydra.stats).toMatchObject({ requested: 400, waiting: 0, inFlight: 0, apps: 0 });
    expect(hydra.stats.succeeded + hydra.stats.failed).toBe(400);
    expect(server.refused).toBe(0);
  });

  it('keeps what an app has used when its credentials are replaced', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: [{ requests: 3, perMs: 60_000 }],
    });
    for (let i = 0; i < 9; i++) hydra.get(`/${i}`);
    await clock.advance(59_000);
    hydra.replaceApp({ id: 'app0', credentials: { token: 'app0#again' } });
    await clock.runUntil(hydra.join());
    expect(
      highestInWindow(
        server.arrivals.map(({ atMs }) => atMs),
        60_000,
      ),
    ).toBe(3);
    expect(server.refused).toBe(0);
  });

  it('refuses a second app of the same id', () => {
    const { hydra } = simulate({ apps: 1, limits: perSecond2 });
    expect(() => hydra.addApp(makeApp('app0'))).toThrow(/two of id app0/);
    expect(() =>
      simulate({
        apps: 0,
        limits: perSecond2,
        options: { apps: [...makeApps(1), ...makeApps(1)] },
      }),
    ).toThrow(/two of id app0/);
  });

  it('keeps 0.94 of the rate with 24 ms of jitter, over the whole of a job that is over in 25 s', async () => {
    const { hydra, server, clock } = simulate({
      apps: 10,
      limits: [{ requests: 8, perMs: 1000 }],
      server: { jitterMs: 24 },
    });
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(server.refused).toBe(0);
    expect(hydra.stats.rate / hydra.stats.allowedRate).toBeGreaterThan(0.94);
  });
});

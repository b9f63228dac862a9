import { describe, expect, it } from 'vitest';
import type { Limit } from '../../src/index.js';
import type { LimiterKind } from '../../src/testing/limiter.js';
import {
  keepingLogger,
  limits42,
  makeApps,
  perSecond,
  type Setting,
  simulate,
} from './hydra-on-virtual-time.js';
import { intra42, newestDraft, xRateLimit } from './telling.js';

const wallStartMs = Date.UTC(2026, 0, 1);
const perHour = (requests: number): Limit => ({ requests, perMs: 3_600_000 });

/** Keeps a hydra busy for so long. */
async function keepBusy(setting: Setting, forMs: number, requests: number) {
  const { logger, lines } = keepingLogger();
  const simulation = simulate({ ...setting, options: { logger, ...setting.options } });
  for (let i = 0; i < requests; i++) simulation.hydra.get(`/${i}`);
  await simulation.clock.advance(forMs);
  return { ...simulation, lines };
}

describe('a server that tells tighter limits than were assumed', () => {
  it('is kept to from the first answers on', async () => {
    const { server, lines } = await keepBusy(
      {
        apps: 2,
        limits: perSecond(5),
        server: { tell: newestDraft, jitterMs: 10 },
        api: { limits: perSecond(20) },
      },
      60_000,
      2000,
    );
    // Those that were on their way when the first answer came, at most.
    expect(server.refused).toBeLessThanOrEqual(4);
    expect(server.accepted.length / (2 * 5 * 60)).toBeGreaterThan(0.95);
    const said = lines.filter((line) => line.includes('tells its limits'));
    expect(said.toSorted()).toEqual([
      expect.stringMatching(/^info App app0: .*: 5 in 1 s$/),
      expect.stringMatching(/^info App app1: .*: 5 in 1 s$/),
    ]);
  });

  it('is kept to by windows that nobody knew of, too', async () => {
    const { server } = await keepBusy(
      {
        apps: 1,
        limits: [...perSecond(2), { requests: 60, perMs: 60_000 }],
        server: { tell: newestDraft },
        api: { limits: perSecond(2) },
      },
      600_000,
      2000,
    );
    expect(server.refused).toBe(0);
    expect(server.accepted.length / 600).toBeGreaterThan(0.97);
  });

  it('is followed by what is left where the length of the window is not told', async () => {
    for (const limiterKind of ['fixed-window', 'sliding-window'] satisfies LimiterKind[]) {
      const { server } = await keepBusy(
        {
          apps: 1,
          limits: [{ requests: 100, perMs: 60_000 }],
          server: { limiterKind, tell: xRateLimit(wallStartMs) },
          api: { limits: perSecond(10) },
        },
        600_000,
        7000,
      );
      expect(server.refused).toBe(0);
      expect(server.accepted.length).toBeGreaterThan(900);
    }
  });
});

describe('a server that tells looser limits than were assumed', () => {
  it('is not believed: the limits that were given hold', async () => {
    const { hydra, server, lines } = await keepBusy(
      {
        apps: 1,
        limits: perSecond(50),
        server: { tell: newestDraft },
        api: { limits: perSecond(2) },
      },
      60_000,
      1000,
    );
    expect(server.arrivals.length).toBeLessThanOrEqual(121);
    expect(hydra.stats.allowedRate).toBe(2);
    expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([]);
  });
});

describe('a key that somebody else uses as well', () => {
  const settings = [
    { name: 'the newest draft', tell: newestDraft },
    { name: 'X-RateLimit', tell: xRateLimit(wallStartMs) },
    { name: 'the headers of the 42 Intra', tell: intra42 },
  ];

  it.each(settings)('is kept to what is left, as $name tells it', async ({ tell }) => {
    const { logger, lines } = keepingLogger();
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: [...perSecond(8), perHour(100)],
      server: { tell, jitterMs: 10 },
      api: { limits: [...perSecond(2), perHour(100)] },
      options: { logger },
    });
    for (let i = 0; i < 200; i++) hydra.get(`/${i}`);
    for (let second = 0; second < 120; second++) {
      if (second % 2 === 0) server.useByOthers('app0', 1);
      await clock.advance(1000);
    }
    // What is left is used up together: the last one may be told too late, and where no reset is told it
    // is asked again after a minute.
    expect(server.accepted.length).toBeGreaterThan(75);
    expect(server.accepted.length).toBeLessThan(85);
    expect(server.refused).toBeLessThanOrEqual(4);
    expect(lines.filter((line) => line.includes('somebody else'))).toHaveLength(1);
  });

  it('costs nothing where nobody else uses it: no app is held back by its own requests', async () => {
    const tells = [newestDraft, intra42];
    const counts: number[] = [];
    for (const tell of [undefined, ...tells]) {
      const { server, lines } = await keepBusy(
        {
          apps: 5,
          limits: limits42,
          server: { jitterMs: 10, ...(tell === undefined ? {} : { tell }) },
        },
        120_000,
        2000,
      );
      counts.push(server.accepted.length);
      expect(server.refused).toBe(0);
      expect(lines.filter((line) => !line.startsWith('debug'))).toEqual([]);
    }
    expect(counts[1]).toBe(counts[0]);
    expect(counts[2]).toBe(counts[0]);
  });

  it('delays no request: those go to the other apps', async () => {
    const { hydra, server, clock } = simulate({
      apps: 0,
      limits: [...perSecond(2), perHour(1200)],
      options: { apps: makeApps(3) },
      server: { tell: newestDraft },
    });
    server.useByOthers('app1', 1);
    await clock.advance(2000);
    for (let i = 0; i < 599; i++) {
      server.useByOthers('app1', 2);
      await clock.advance(1000);
    }
    await clock.advance(60_000);
    for (let i = 0; i < 200; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(clock.now()).toBeLessThan(661_000 + 55_000);
    expect(server.arrivals.filter(({ appId }) => appId === 'app1').length).toBeLessThanOrEqual(3);
    expect(server.refused).toBeLessThanOrEqual(2);
  });
});

import { describe, expect, it } from 'vitest';
import type { App, Limit } from '../../src/index.js';
import { makeApp, simulate } from './hydra-on-virtual-time.js';
import { timesByApp, type Arrival } from './simulated-server.js';
import { newestDraft } from './telling.js';

const perSecond = (requests: number): Limit => ({ requests, perMs: 1000 });
const perHour = (requests: number): Limit => ({ requests, perMs: 3_600_000 });
const withLimits = (id: string, limits: Limit[]): App => ({ ...makeApp(id), limits });

/** Apps of these limits at a server that enforces them. */
function unequal(limitsOf: Record<string, Limit[]>, tell?: typeof newestDraft) {
  return simulate({
    apps: 0,
    limits: [perSecond(1)],
    options: { apps: Object.entries(limitsOf).map(([id, limits]) => withLimits(id, limits)) },
    server: { limitsOf, jitterMs: 10, ...(tell === undefined ? {} : { tell }) },
  });
}

const countFrom = (arrivals: readonly Arrival[], fromMs: number): number =>
  arrivals.filter(({ atMs }) => atMs >= fromMs).length;

/** The longest time between two arrivals that follow each other. */
function longestGap(arrivals: readonly Arrival[]): number {
  return arrivals.reduce(
    (longest, { atMs }, index) => Math.max(longest, atMs - (arrivals[index - 1]?.atMs ?? atMs)),
    0,
  );
}

describe('apps of unequal limits', () => {
  it('are used to within 2% of the sum: 2/s beside 8/s', async () => {
    const { hydra, server, clock } = unequal({ slow: [perSecond(2)], fast: [perSecond(8)] });
    for (let i = 0; i < 3200; i++) hydra.get(`/${i}`);
    await clock.advance(302_000);
    expect(server.refused).toBe(0);
    expect(countFrom(server.accepted, 2000) / (300 * 10)).toBeGreaterThan(0.98);
  });

  it('are used to within 2% of the sum: 1200/h beside 1800/h', async () => {
    const { hydra, server, clock } = unequal({
      a: [perSecond(2), perHour(1200)],
      b: [perSecond(8), perHour(1800)],
    });
    for (let i = 0; i < 7000; i++) hydra.get(`/${i}`);
    await clock.advance(2 * 3_600_000);
    expect(server.refused).toBe(0);
    expect(server.accepted.length / (2 * 3000)).toBeGreaterThan(0.98);
  });
});

describe('an app that somebody else has used up for 40 minutes', () => {
  const limits = [perSecond(2), perHour(1200)];
  const MINUTE_MS = 60_000;

  /** One of three apps is used up by somebody else, whose requests leave the hour 40 minutes from now. */
  async function usedUp(tell?: typeof newestDraft, retryAfter = true) {
    const apps = ['a', 'b', 'c'];
    const simulation = simulate({
      apps: 0,
      limits,
      options: { apps: apps.map(makeApp) },
      server: {
        limits: [perHour(1200)],
        jitterMs: 10,
        ...(tell === undefined ? {} : { tell }),
        ...(retryAfter
          ? { retryAfter: (freeInMs: number) => String(Math.ceil(freeInMs / 1000)) }
          : {}),
      },
    });
    simulation.server.useByOthers('a', 1200);
    await simulation.clock.advance(20 * MINUTE_MS);
    return { ...simulation, fromMs: simulation.clock.now() };
  }

  it.each([
    { how: 'Retry-After', tell: undefined, retryAfter: true, refusals: 1 },
    { how: 'headers', tell: newestDraft, retryAfter: false, refusals: 2 },
    { how: 'both', tell: newestDraft, retryAfter: true, refusals: 1 },
    { how: 'refusals alone', tell: undefined, retryAfter: false, refusals: 30 },
  ])('holds up nobody and comes back, known by $how', async ({ tell, retryAfter, refusals }) => {
    const { hydra, server, clock, fromMs } = await usedUp(tell, retryAfter);
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}`);
    await clock.advance(8 * MINUTE_MS);
    // What it refused went to the others at once, and the stream has no gap.
    expect(server.arrivals.length).toBeGreaterThan(8 * 60 * 4 * 0.97);
    expect(longestGap(server.accepted)).toBeLessThan(1000);
    await clock.runUntil(hydra.join());
    for (let i = 0; i < 2000; i++) hydra.get(`/again/${i}`);
    await clock.advance(fromMs + 59 * MINUTE_MS - clock.now());
    // Within 2% of the sum. What was refused counts as sent; without a word it is tried every five minutes.
    expect(timesByApp(server.accepted).get('a')?.length).toBeGreaterThan(0.96 * 1200);
    expect(server.accepted.length).toBeGreaterThan(0.98 * 3600);
    expect(server.refused).toBeLessThanOrEqual(refusals);
  });
});

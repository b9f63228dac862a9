import { stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Limit, RequestFacts } from '../../src/index.js';
import { hardlyAnyLimits, makeApps, simulate, type Simulation } from './hydra-on-virtual-time.js';
import { jsonAnswer } from './simulated-server.js';
import { actualCost, costs, highestTokens, sentTokens } from './token-costs.js';
import { finish, OwnAppsFile } from './own-apps-file.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** 40,000 tokens a minute, and 100,000 an hour. */
const perMinute: Limit = { of: 'tokens', requests: 40_000, perMs: MINUTE_MS };
const perHour: Limit = { of: 'tokens', requests: 100_000, perMs: HOUR_MS };
const tokenLimits = [perMinute, perHour];

const file = new OwnAppsFile();

interface Start {
  readonly after?: Simulation;
  readonly limits?: readonly Limit[];
  readonly factor?: number;
  readonly apps?: number;
  readonly minRequestDelayMs?: number;
  /** Limits of the requests whose number is odd. */
  readonly odd?: readonly Limit[];
}

function start(setting: Start = {}): Simulation {
  const { after, limits = tokenLimits, factor = 1, apps = 2, minRequestDelayMs = 0 } = setting;
  const { odd } = setting;
  return simulate({
    apps,
    limits: hardlyAnyLimits,
    options: { appsFile: file.path, apps: makeApps(apps), minRequestDelayMs },
    api: {
      limits: [...hardlyAnyLimits, ...limits],
      ...costs(factor),
      actualCost,
      ...(odd && scoped(odd)),
    },
    server: { jitterMs: 20, answer: ({ path }) => jsonAnswer({ path }) },
    ...(after === undefined ? {} : { after }),
  });
}

const isOdd = (path: string): boolean => /[13579]\/\d+$/.test(path);
const scoped = (odd: readonly Limit[]) => ({
  scope: ({ path }: RequestFacts) => (isOdd(path) ? 'odd' : undefined),
  scopeLimits: { odd },
});

function send({ hydra }: Simulation, howMany: number, tokens: number): void {
  for (let i = 0; i < howMany; i++) hydra.get(`/${i}/${tokens}`);
}

function expectNoWindowExceeded({ server }: Simulation, limits = tokenLimits): void {
  for (const { requests, perMs } of limits) {
    expect(highestTokens(server.arrivals, perMs)).toBeLessThanOrEqual(requests);
  }
}

describe('starting again with an apps file, where limits count what requests cost', () => {
  it('goes on with what was spent: no window is exceeded, and all that is left is used', async () => {
    const first = start();
    send(first, 150, 500);
    await finish(first);
    const second = start({ after: first });
    send(second, 150, 500);
    await finish(second);
    expectNoWindowExceeded(first);
    // 75,000 and 75,000 tokens: in the first minute 80,000 of two apps, and 150,000 in the hour.
    expect(sentTokens(first.server.arrivals)).toBe(150_000);
    expect(second.clock.now()).toBeGreaterThan(MINUTE_MS);
    expect(second.clock.now()).toBeLessThan(2 * MINUTE_MS);
  });

  it('counts what requests have cost, not what was expected of them', async () => {
    const first = start({ factor: 2 });
    send(first, 60, 500);
    await finish(first);
    const second = start({ after: first });
    send(second, 90, 500);
    await finish(second);
    expectNoWindowExceeded(first);
    // By what was expected, 60,000 of the 80,000 would have been spent.
    expect(second.clock.now()).toBeLessThan(MINUTE_MS);
  });

  it('counts in windows of another size what was spent before', async () => {
    const first = start();
    send(first, 100, 500);
    await finish(first);
    const limits = [{ of: 'tokens', requests: 60_000, perMs: MINUTE_MS }];
    const second = start({ after: first, limits });
    send(second, 200, 500);
    await finish(second);
    expectNoWindowExceeded(first, limits);
    expect(second.clock.now()).toBeLessThan(MINUTE_MS + 5000);
  });

  it('passes over what is kept of a limit that is no longer there', async () => {
    const first = start();
    send(first, 100, 500);
    await finish(first);
    const second = start({ after: first, limits: [{ of: 'points', requests: 9, perMs: 1000 }] });
    send(second, 100, 500);
    await finish(second);
    expect(second.hydra.stats.succeeded).toBe(100);
    expect(second.clock.now()).toBeLessThan(5000);
  });

  it('keeps what an app spent that is not in use now', async () => {
    const first = start();
    send(first, 160, 500);
    await finish(first);
    await finish(start({ after: first, apps: 1 }));
    const third = start({ after: first });
    send(third, 40, 500);
    await finish(third);
    expect(third.hydra.stats.succeeded).toBe(40);
    expectNoWindowExceeded(first);
  });

  it('takes a file that says nothing of costs, in a file for its owner alone', async () => {
    const first = start();
    send(first, 100, 500);
    await finish(first);
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    const { apps, ...rest } = JSON.parse(await file.read()) as {
      apps: { costs?: unknown }[];
    };
    expect(apps.every(({ costs: kept }) => kept !== undefined)).toBe(true);
    for (const app of apps) delete app.costs;
    await writeFile(file.path, JSON.stringify({ apps, ...rest }));
    const second = start({ after: first });
    send(second, 100, 500);
    await finish(second);
    expect(second.hydra.stats.succeeded).toBe(100);
    expect(second.clock.now()).toBeLessThan(5000);
  });

  it.each([500, 5600, 9900, 61_000, 63_500])(
    'after a crash at %d ms exceeds no window either',
    async (atMs) => {
      const first = start({ minRequestDelayMs: 25 });
      send(first, 1000, 170);
      await first.clock.advance(atMs);
      await file.crash(first);
      const second = start({ after: first });
      send(second, 200, 500);
      await finish(second);
      expect(second.hydra.stats.succeeded).toBe(200);
      expectNoWindowExceeded(first);
    },
  );

  it('after a crash takes no more for spent than the shorter windows had admitted', async () => {
    const first = start({ minRequestDelayMs: 25 });
    send(first, 1000, 170);
    await first.clock.advance(9900);
    await file.crash(first);
    const second = start({ after: first });
    send(second, 90, 500);
    await finish(second);
    // Each app spent some 34,000 of 100,000, and 40,000 may have been: the hour has room for the rest.
    expect(second.clock.now()).toBeLessThan(3 * MINUTE_MS);
  });

  it.each(['ends', 'crashes'])('keeps to the limits of scopes when the process %s', async (how) => {
    const odd = [{ of: 'tokens', requests: 5000, perMs: HOUR_MS / 4 }];
    const first = start({ odd, minRequestDelayMs: 25 });
    send(first, 60, 200);
    if (how === 'ends') await finish(first);
    else {
      await first.clock.advance(1400);
      await file.crash(first);
    }
    const second = start({ after: first, odd });
    send(second, 60, 200);
    await finish(second);
    expect(second.hydra.stats.succeeded).toBe(60);
    expectNoWindowExceeded(first);
    const ofScope = first.server.arrivals.filter(({ path }) => isOdd(path));
    expect(highestTokens(ofScope, HOUR_MS / 4)).toBeLessThanOrEqual(5000);
  });
});

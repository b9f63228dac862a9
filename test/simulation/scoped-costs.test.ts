import { assert, asyncProperty, constantFrom, integer, nat, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiDefinition, Limit } from '../../src/index.js';
import { hardlyAnyLimits, simulate, type Setting } from './hydra-on-virtual-time.js';
import { highestInWindow, jsonAnswer, timesByApp, type Arrival } from './simulated-server.js';
import { actualCost, costs, highestCost, highestTokens, sentTokens } from './token-costs.js';

type ScopeLimits = Readonly<Record<string, readonly Limit[]>>;

/** `/small/7/100`: request 7 to the model `small` takes 100 tokens. */
const modelOf = (path: string): string | undefined => path.replace(/^\/v2/, '').split('/')[1];
const isOf =
  (name: string) =>
  ({ path }: Arrival): boolean =>
    modelOf(path) === name;

const tokens = (requests: number, perMs = 10_000): Limit => ({ of: 'tokens', requests, perMs });
const only = (limits: readonly Limit[], isCost: boolean): Limit[] =>
  limits.filter(({ of }) => (of !== undefined) === isCost);

/** A server that keeps to the limits on requests; tokens are counted afterwards. */
function simulateModels(
  scopeLimits: ScopeLimits,
  { api, server, ...setting }: Omit<Setting, 'api'> & { api?: Partial<ApiDefinition> },
) {
  const enforced = Object.entries(scopeLimits).map(([name, limits]) => [name, only(limits, false)]);
  return simulate({
    ...setting,
    limits: only(setting.limits, false),
    api: {
      limits: setting.limits,
      scope: ({ path }) => modelOf(path),
      scopeLimits,
      ...costs(1),
      ...api,
    },
    server: {
      jitterMs: 20,
      answer: ({ path }) => jsonAnswer({ path }),
      scopes: { of: modelOf, limits: Object.fromEntries(enforced) as ScopeLimits },
      ...server,
    },
  });
}

describe('limits of scopes that count what requests cost', () => {
  it('are kept to and reached to 5%, each scope by itself, beside those on requests', async () => {
    const scopeLimits = {
      small: [{ requests: 40, perMs: 10_000 }, tokens(4000)],
      large: [{ requests: 100, perMs: 10_000 }, tokens(1000)],
    };
    const setting = { apps: 2, limits: hardlyAnyLimits };
    const { hydra, server, clock } = simulateModels(scopeLimits, setting);
    for (let i = 0; i < 1000; i++) hydra.get(`/small/${i}/${10 + ((i * 7) % 40)}`);
    for (let i = 0; i < 1000; i++) hydra.get(`/large/${i}/${10 + ((i * 7) % 40)}`);
    await clock.advance(99_999);
    const [small, large] = [
      server.arrivals.filter(isOf('small')),
      server.arrivals.filter(isOf('large')),
    ];
    expect(server.refused).toBe(0);
    expect(highestTokens(large, 10_000)).toBeLessThanOrEqual(1000);
    expect(sentTokens(large)).toBeGreaterThan(0.95 * 2 * 1000 * 10);
    expect(small.length).toBeGreaterThan(0.95 * 2 * 40 * 10);
  });

  it('hold nobody else back, and go on once there is room', async () => {
    const setting = { apps: 1, limits: hardlyAnyLimits };
    const { hydra, server, clock } = simulateModels({ large: [tokens(1000, 600_000)] }, setting);
    for (let i = 0; i < 4; i++) hydra.get(`/large/${i}/600`, { priority: 9 });
    for (let i = 0; i < 50; i++) hydra.get(`/other/${i}/600`);
    await clock.advance(1000);
    expect(hydra.stats.succeeded).toBe(1 + 50);
    await clock.runUntil(hydra.join());
    expect(highestTokens(server.arrivals.filter(isOf('large')), 600_000)).toBe(600);
    expect(clock.now()).toBeLessThan(3 * 601_000);
  });

  it('count what answers say that requests have cost', async () => {
    const setting = { apps: 2, limits: hardlyAnyLimits, api: { ...costs(3), actualCost } };
    const { hydra, server, clock } = simulateModels({ large: [tokens(1000)] }, setting);
    for (let i = 0; i < 2000; i++) hydra.get(`/large/${i}/20`);
    await clock.advance(99_999);
    expect(highestTokens(server.arrivals, 10_000)).toBeLessThanOrEqual(1000);
    expect(sentTokens(server.arrivals)).toBeGreaterThan(0.95 * 2 * 1000 * 10);
  });

  it('fail a request at once that costs more than its scope ever admits, and no other', async () => {
    const setting = { apps: 1, limits: hardlyAnyLimits };
    const { hydra, clock } = simulateModels({ large: [tokens(1000)] }, setting);
    const tooMuch = hydra.get('/large/0/1001').then(
      () => undefined,
      (error: unknown) => error,
    );
    hydra.get('/other/0/1001');
    await clock.runUntil(hydra.join());
    expect(await tooMuch).toMatchObject({ code: 'HYDRA_INVALID_REQUEST' });
    expect(hydra.stats).toMatchObject({ succeeded: 1, failed: 1 });
  });

  it('let a request go that a redirect brought where it costs more than is ever admitted', async () => {
    const { hydra, server, clock } = simulateModels(
      { large: [tokens(1000)] },
      {
        apps: 1,
        limits: hardlyAnyLimits,
        server: {
          answer: ({ path }) =>
            modelOf(path) === 'old'
              ? jsonAnswer({}, 302, { location: path.replace('old', 'large') })
              : undefined,
        },
      },
    );
    hydra.get('/large/0/900');
    hydra.get('/old/1/1500');
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 2, failed: 0 });
    const [first, second] = server.arrivals.filter(isOf('large')).map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(10_000);
  });

  it('are not exceeded while it is found out whether the server is back, which ends', async () => {
    let isDown = false;
    const setting = { apps: 2, limits: hardlyAnyLimits, server: { isUnreachable: () => isDown } };
    const { hydra, server, clock } = simulateModels(
      { large: [tokens(1000, 60_000)], small: [tokens(1000, 60_000)] },
      setting,
    );
    for (let i = 0; i < 30; i++) hydra.get(`/large/${i}/100`);
    for (let i = 0; i < 30; i++) hydra.get(`/small/${i}/${100 + i * 10}`);
    await clock.advance(50);
    isDown = true;
    for (let i = 0; i < 30; i++) hydra.get(`/plain/${i}/100`);
    await clock.advance(5000);
    isDown = false;
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 90, failed: 0 });
    for (const model of ['large', 'small']) {
      expect(highestTokens(server.arrivals.filter(isOf(model)), 60_000)).toBeLessThanOrEqual(1000);
    }
  });
});

describe('limits of an app that count what requests cost, beside those of scopes', () => {
  /** As GitHub has it: a write takes 5 points, and some writes have limits of their own. */
  const points = { of: 'points', requests: 900, perMs: 60_000 };
  const pointsOf = (method: string): number => (method === 'GET' ? 1 : 5);

  it('are kept to by reads and writes together, and reached to 5%', async () => {
    const { hydra, server, clock } = simulate({
      apps: 2,
      limits: hardlyAnyLimits,
      api: {
        limits: [...hardlyAnyLimits, points],
        scope: ({ method }) => (method === 'GET' ? undefined : 'content'),
        scopeLimits: { content: [{ requests: 80, perMs: 60_000 }] },
        cost: ({ method }) => ({ points: pointsOf(method) }),
      },
      server: { jitterMs: 20 },
    });
    for (let i = 0; i < 5000; i++) hydra.get(`/${i}`);
    for (let i = 0; i < 600; i++) hydra.post(`/${i}`, { json: {} });
    await clock.advance(3 * 60_000 - 1);
    const costOf = ({ method }: Arrival): number => pointsOf(method);
    const { arrivals } = server;
    expect(highestCost(arrivals, 60_000, costOf)).toBeLessThanOrEqual(900);
    const sent = arrivals.reduce((sum, arrival) => sum + costOf(arrival), 0);
    expect(sent).toBeGreaterThan(0.95 * 2 * 900 * 3);
    for (const times of timesByApp(arrivals.filter(({ method }) => method !== 'GET')).values()) {
      expect(highestInWindow(times, 60_000)).toBeLessThanOrEqual(80);
    }
  });
});

const limitOf = record({
  requests: integer({ min: 1, max: 6 }),
  perMs: constantFrom(500, 1000, 7000),
});
const costLimit = record({
  of: constantFrom('tokens'),
  requests: integer({ min: 10, max: 60 }),
  perMs: constantFrom(500, 1000, 7000),
});

describe('whatever the limits of apps and scopes on requests and on what they cost', () => {
  it('none is exceeded, and each request is answered', async () => {
    const worlds = record({
      apps: integer({ min: 1, max: 4 }),
      own: tuple(limitOf, costLimit),
      a: tuple(limitOf, costLimit),
      b: costLimit,
      counts: tuple(nat({ max: 30 }), nat({ max: 30 }), nat({ max: 30 })),
      priorities: tuple(nat({ max: 2 }), nat({ max: 2 }), nat({ max: 2 })),
      most: integer({ min: 1, max: 10 }),
    });
    await assert(
      asyncProperty(worlds, async ({ apps, own, a, b, counts, priorities, most }) => {
        const setting = { apps, limits: own };
        const { hydra, server, clock } = simulateModels({ a, b: [b] }, setting);
        const names = ['a', 'b', 'plain'];
        counts.forEach((count, of) => {
          const priority = priorities[of] ?? 0;
          for (let i = 0; i < count; i++) {
            hydra.get(`/${names[of]}/${i}/${1 + ((i * 7) % most)}`, { priority });
          }
        });
        await clock.runUntil(hydra.join());
        expect(server.refused).toBe(0);
        expect(hydra.stats).toMatchObject({ failed: 0, waiting: 0 });
        const { arrivals } = server;
        expect(highestTokens(arrivals, own[1].perMs)).toBeLessThanOrEqual(own[1].requests);
        for (const [name, limit] of [
          ['a', a[1]],
          ['b', b],
        ] as const) {
          const highest = highestTokens(arrivals.filter(isOf(name)), limit.perMs);
          expect(highest).toBeLessThanOrEqual(limit.requests);
        }
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

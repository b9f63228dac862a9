import { assert, asyncProperty, constantFrom, integer, nat, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiDefinition, Limit } from '../../src/index.js';
import {
  hardlyAnyLimits,
  keepingLogger,
  perSecond,
  type Setting,
  simulate,
} from './hydra-on-virtual-time.js';
import { highestInWindow, jsonAnswer, type Arrival } from './simulated-server.js';

type ScopeLimits = Readonly<Record<string, readonly Limit[]>>;

/** `/search/7` is of the scope `search`. */
const scopeOf = (path: string): string | undefined => path.replace(/^\/v2/, '').split('/')[1];
const scope: NonNullable<ApiDefinition['scope']> = ({ path }) => scopeOf(path);

function simulateScopes(
  scopeLimits: ScopeLimits,
  setting: Omit<Setting, 'api'> & { api?: object },
) {
  return simulate({
    ...setting,
    api: { scope, scopeLimits, ...setting.api },
    server: { scopes: { of: scopeOf, limits: scopeLimits }, ...setting.server },
  });
}

const isOf =
  (name: string) =>
  ({ path }: Arrival): boolean =>
    scopeOf(path) === name;

describe('requests of scopes', () => {
  it('keep to the windows of their scope and of their app, and reach 98% of what both allow', async () => {
    const scopeLimits = { search: [{ requests: 10, perMs: 20_000 }], write: perSecond(1) };
    const { hydra, server, clock } = simulateScopes(scopeLimits, { apps: 3, limits: perSecond(4) });
    for (let i = 0; i < 3000; i++) hydra.get(`/plain/${i}`);
    for (let i = 0; i < 500; i++) hydra.get(`/search/${i}`);
    for (let i = 0; i < 500; i++) hydra.get(`/write/${i}`);
    await clock.advance(100_000);
    expect(server.refused).toBe(0);
    expect(server.arrivals.filter(isOf('search')).length / (3 * 10 * 5)).toBeGreaterThan(0.98);
    expect(server.arrivals.filter(isOf('write')).length / (3 * 100)).toBeGreaterThan(0.98);
    expect(server.arrivals.length / (3 * 4 * 100)).toBeGreaterThan(0.98);
  });

  it('of a scope that is used up hold nobody else back, and go on when it is free again', async () => {
    const scopeLimits = { search: [{ requests: 1, perMs: 600_000 }] };
    const setting = { apps: 2, limits: hardlyAnyLimits };
    const { hydra, server, clock } = simulateScopes(scopeLimits, setting);
    for (let i = 0; i < 6; i++) hydra.get(`/search/${i}`, { priority: 9 });
    for (let i = 0; i < 40; i++) hydra.get(`/plain/${i}`);
    await clock.advance(1000);
    expect(hydra.stats.succeeded).toBe(2 + 40);
    await clock.runUntil(hydra.join());
    expect(server.refused).toBe(0);
    expect(clock.now()).toBeGreaterThan(1_200_000);
    expect(clock.now()).toBeLessThan(1_202_000);
  });

  it('go with the app whose windows of that scope have room, whatever the others have', async () => {
    const scopeLimits = { search: [{ requests: 1, perMs: 60_000 }] };
    const setting = { apps: 5, limits: perSecond(2) };
    const { hydra, server, clock } = simulateScopes(scopeLimits, setting);
    for (let i = 0; i < 200; i++) hydra.get(`/plain/${i}`);
    for (let i = 0; i < 5; i++) hydra.get(`/search/${i}`);
    await clock.advance(3000);
    const searches = server.arrivals.filter(isOf('search'));
    expect(new Set(searches.map(({ appId }) => appId)).size).toBe(5);
  });

  it('that are refused park their app for that scope alone', async () => {
    let refusals = 1;
    const { logger, lines } = keepingLogger();
    const { hydra, server, clock } = simulateScopes(
      { search: perSecond(10) },
      {
        apps: 1,
        limits: perSecond(10),
        options: { logger },
        server: {
          answer: ({ path }) =>
            scopeOf(path) === 'search' && refusals-- > 0
              ? jsonAnswer({}, 429, { 'retry-after': '100' })
              : undefined,
        },
      },
    );
    hydra.get('/search/0');
    for (let i = 0; i < 50; i++) hydra.get(`/plain/${i}`);
    await clock.advance(7000);
    expect(hydra.stats).toMatchObject({ succeeded: 50, refusals: 1 });
    await clock.runUntil(hydra.join());
    const times = server.arrivals.filter(isOf('search')).map(({ atMs }) => atMs);
    expect(times[1]).toBeGreaterThanOrEqual(100_000);
    expect(lines.join('\n')).toContain('App app0, scope search: the server refused a request');
  });

  it('come by priority where several scopes can go, and each tenth of a lower one', async () => {
    const scopeLimits = { search: hardlyAnyLimits };
    const setting = { apps: 1, limits: perSecond(10) };
    const { hydra, server, clock } = simulateScopes(scopeLimits, setting);
    for (let i = 0; i < 100; i++) hydra.get(`/plain/${i}`);
    for (let i = 0; i < 100; i++) hydra.get(`/search/${i}`, { priority: 1 });
    await clock.advance(9000);
    const first = server.arrivals.slice(0, 80);
    const lower = first.filter(isOf('plain')).length;
    expect(lower).toBeGreaterThanOrEqual(7);
    expect(lower).toBeLessThanOrEqual(9);
  });

  it('fail when the last app is gone, also while their scope is used up', async () => {
    const scopeLimits = { search: [{ requests: 1, perMs: 600_000 }] };
    const setting = { apps: 1, limits: hardlyAnyLimits };
    const { hydra, clock } = simulateScopes(scopeLimits, setting);
    for (let i = 0; i < 3; i++) hydra.get(`/search/${i}`);
    await clock.advance(1000);
    hydra.removeApp('app0');
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 1, failed: 2 });
  });

  it('are sent with an app that comes while their scope is used up', async () => {
    const scopeLimits = { search: [{ requests: 1, perMs: 600_000 }] };
    const setting = { apps: 1, limits: hardlyAnyLimits };
    const { hydra, clock } = simulateScopes(scopeLimits, setting);
    for (let i = 0; i < 2; i++) hydra.get(`/search/${i}`);
    await clock.advance(1000);
    hydra.addApp({ id: 'late', credentials: { token: 'late' } });
    await clock.advance(1000);
    expect(hydra.stats.succeeded).toBe(2);
  });

  it('count in the scope that a redirect leads to', async () => {
    const { hydra, server, clock } = simulateScopes(
      { search: [{ requests: 2, perMs: 10_000 }] },
      {
        apps: 1,
        limits: hardlyAnyLimits,
        server: {
          answer: ({ path }) =>
            scopeOf(path) === 'old'
              ? jsonAnswer({}, 302, { location: path.replace('old', 'search') })
              : undefined,
        },
      },
    );
    for (let i = 0; i < 6; i++) hydra.get(`/old/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 6, failed: 0 });
    const times = server.arrivals.filter(isOf('search')).map(({ atMs }) => atMs);
    expect(highestInWindow(times, 10_000)).toBe(2);
  });

  it('count in no scope where the API says that a 304 is free', async () => {
    const { hydra, clock } = simulateScopes(
      { search: [{ requests: 2, perMs: 600_000 }] },
      {
        apps: 1,
        limits: hardlyAnyLimits,
        api: { notModifiedIsFree: true },
        server: { scopes: { of: scopeOf, limits: {} }, answer: () => jsonAnswer({}, 304) },
      },
    );
    for (let i = 0; i < 20; i++) hydra.get(`/search/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats.succeeded).toBe(20);
    expect(clock.now()).toBeLessThan(2000);
  });

  it.each([1500, 5000])(
    'do not find out whether a server is back, after %d ms, while their scope is used up',
    async (downMs) => {
      let isDown = false;
      const scopeLimits = { search: [{ requests: 5, perMs: 600_000 }] };
      const setting = { apps: 2, limits: perSecond(50), server: { isUnreachable: () => isDown } };
      const { hydra, server, clock } = simulateScopes(scopeLimits, setting);
      for (let i = 0; i < 12; i++) hydra.get(`/search/${i}`);
      await clock.advance(2000);
      isDown = true;
      for (let i = 0; i < 200; i++) hydra.get(`/plain/${i}`);
      await clock.advance(downMs);
      isDown = false;
      await clock.runUntil(hydra.join());
      expect(hydra.stats).toMatchObject({ succeeded: 212, failed: 0 });
      expect(server.refused).toBe(0);
    },
  );

  it('are asked for once, and have no scope, where `scope` throws', async () => {
    const { logger, lines } = keepingLogger();
    const fail = (): never => {
      throw new Error('no idea');
    };
    const { hydra, clock } = simulateScopes(
      { search: perSecond(1) },
      { apps: 1, limits: hardlyAnyLimits, options: { logger }, api: { scope: fail } },
    );
    for (let i = 0; i < 10; i++) hydra.get(`/plain/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats.succeeded).toBe(10);
    expect(lines.filter((line) => line.includes('threw: no idea'))).toHaveLength(1);
  });
});

describe('what answers tell of a scope', () => {
  const search = { name: 'X-RateLimit', scope: 'search', perMs: 60_000 };

  it('is kept to by its requests, and by nobody else', async () => {
    const { hydra, server, clock } = simulateScopes(
      { search: [{ requests: 30, perMs: 60_000 }] },
      {
        apps: 1,
        limits: hardlyAnyLimits,
        options: { maxConcurrency: 1 },
        api: {
          readLimits: () => [{ ...search, requests: 3, remaining: undefined, resetMs: undefined }],
        },
      },
    );
    for (let i = 0; i < 40; i++) hydra.get(`/plain/${i}`);
    for (let i = 0; i < 9; i++) hydra.get(`/search/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats.succeeded).toBe(49);
    const times = server.arrivals.filter(isOf('search')).map(({ atMs }) => atMs);
    expect(highestInWindow(times, 60_000)).toBe(3);
    expect(server.arrivals.findLast(isOf('plain'))?.atMs).toBeLessThan(20_000);
  });

  it('holds it until the reset where somebody else has used it up', async () => {
    const { hydra, server, clock } = simulateScopes(
      { search: [{ requests: 30, perMs: 60_000 }] },
      {
        apps: 1,
        limits: hardlyAnyLimits,
        options: { maxConcurrency: 1 },
        api: {
          readLimits: () =>
            clock.now() < 40_000
              ? [{ ...search, requests: 30, remaining: 0, resetMs: 40_000 }]
              : [],
        },
      },
    );
    for (let i = 0; i < 5; i++) hydra.get(`/search/${i}`);
    for (let i = 0; i < 5; i++) hydra.get(`/plain/${i}`);
    await clock.runUntil(hydra.join());
    const [first = 0, second = 0] = server.arrivals.filter(isOf('search')).map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThan(40_000);
    expect(server.arrivals.findLast(isOf('plain'))?.atMs).toBeLessThan(2000);
  });
});

const limitOf = record({
  requests: integer({ min: 1, max: 6 }),
  perMs: constantFrom(500, 1000, 7000),
});

describe('whatever the limits of apps and scopes', () => {
  it('nothing is refused, each request is answered, and it takes hardly longer than it must', async () => {
    const worlds = record({
      apps: integer({ min: 1, max: 4 }),
      own: limitOf,
      a: limitOf,
      b: limitOf,
      counts: tuple(nat({ max: 40 }), nat({ max: 40 }), nat({ max: 40 })),
      priorities: tuple(nat({ max: 2 }), nat({ max: 2 }), nat({ max: 2 })),
    });
    await assert(
      asyncProperty(worlds, async ({ apps, own, a, b, counts, priorities }) => {
        const setting = { apps, limits: [own] };
        const { hydra, server, clock } = simulateScopes({ a: [a], b: [b] }, setting);
        const [inA, inB, plain] = counts;
        const names = ['a', 'b', 'plain'];
        counts.forEach((count, of) => {
          const priority = priorities[of] ?? 0;
          for (let i = 0; i < count; i++) hydra.get(`/${names[of]}/${i}`, { priority });
        });
        await clock.runUntil(hydra.join());
        expect(server.refused).toBe(0);
        expect(hydra.stats).toMatchObject({ succeeded: inA + inB + plain, failed: 0 });
        expect(clock.now()).toBeLessThan(
          atMostMs(apps, [
            [own, inA + inB + plain],
            [a, inA],
            [b, inB],
          ]),
        );
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

/** No job takes longer than if each kind of window were waited for by itself, one after the other. */
function atMostMs(apps: number, kinds: readonly (readonly [Limit, number])[]): number {
  let ms = 2000;
  for (const [{ requests, perMs }, count] of kinds) {
    ms += Math.ceil(count / (requests * apps)) * (perMs + 150);
  }
  return ms;
}

/** Any mix of apps, limits, latencies and faults: what holds for all of them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HydraError, sleep, type Auth, type RequestMethod } from '../../src/index.js';
import { seededRandom } from '../../src/random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { explore } from './explore.js';
import { makeApps, perSecond2, simulate } from './hydra-on-virtual-time.js';
import {
  broken,
  highestInWindow,
  jsonAnswer,
  SimulatedServer,
  timesByApp,
} from './simulated-server.js';

const limit = fc.record({
  requests: fc.integer({ min: 1, max: 20 }),
  perMs: fc.integer({ min: 50, max: 3000 }),
});

const world = fc.record({
  seed: fc.nat(),
  apps: fc.integer({ min: 1, max: 12 }),
  limits: fc.array(limit, { minLength: 1, maxLength: 3 }),
  latencyMs: fc.integer({ min: 0, max: 300 }),
  /** Less than the lateness that is taken for granted at first: see `Guard`. */
  jitterMs: fc.integer({ min: 0, max: 24 }),
  workMs: fc.integer({ min: 0, max: 2000 }),
  /** Share of attempts that go wrong, each in one of many ways. */
  faultRate: fc.constantFrom(0, 0.1, 0.5, 0.9),
  requests: fc.integer({ min: 1, max: 150 }),
  options: fc.record({
    maxRetries: fc.integer({ min: 0, max: 6 }),
    maxNotFoundRetries: fc.integer({ min: 0, max: 3 }),
    minRequestDelayMs: fc.constantFrom(0, 1, 30),
    maxConcurrency: fc.constantFrom(1, 3, 4000),
    retryDelayMs: fc.constantFrom(0, 500),
    timeoutMs: fc.constantFrom(1000, 60_000),
  }),
});

/**
 * Outages, one after the other: each after so long, for so long. Together no longer than a single
 * request lasts that is alone, and so cannot tell an outage from a fault of its own.
 */
const outages = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 60_000 }),
    forMs: fc.integer({ min: 1, max: 25_000 }),
    fault: fc.constantFrom<'unreachable' | 'stall' | 502 | 500>('unreachable', 'stall', 502, 500),
  }),
  { maxLength: 4 },
);

const outageWorld = fc.record({
  seed: fc.nat(),
  apps: fc.integer({ min: 1, max: 12 }),
  requests: fc.integer({ min: 1, max: 150 }),
  workMs: fc.integer({ min: 0, max: 2000 }),
  maxConcurrency: fc.constantFrom(1, 3, 4000),
  timeoutMs: fc.constantFrom(2500, 60_000),
  outages,
});

const tokenWorld = fc.record({
  seed: fc.nat(),
  apps: fc.integer({ min: 1, max: 8 }),
  requests: fc.integer({ min: 1, max: 60 }),
  /** Shares of renewals that fail, for now and for good. */
  downRate: fc.constantFrom(0, 0.2, 0.6),
  rejectedRate: fc.constantFrom(0, 0.05),
  tokenLivesMs: fc.constantFrom(500, 5000, 60_000),
  unauthorizedRate: fc.constantFrom(0, 0.1, 0.4),
  finishAtMs: fc.integer({ min: 0, max: 20_000 }),
});

const faults = [
  broken,
  'stall' as const,
  jsonAnswer({}, 500),
  jsonAnswer({}, 404),
  jsonAnswer({}, 403),
  jsonAnswer({}, 401),
  jsonAnswer({}, 302, { location: '/v2/elsewhere' }),
  jsonAnswer({}, 302, { location: 'http://elsewhere/' }),
  { ...jsonAnswer({}), body: new Uint8Array([123]) },
];
const methods: RequestMethod[] = ['GET', 'GET', 'GET', 'PUT', 'POST', 'DELETE'];

describe('whatever happens', () => {
  it('each request ends once, no window is exceeded, and nothing is left behind', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (one) => {
        const random = seededRandom(one.seed);
        const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
        const { hydra, server, clock } = simulate({
          apps: one.apps,
          limits: one.limits,
          seed: one.seed,
          options: { ...one.options, apps: makeApps(one.apps) },
          server: {
            latencyMs: one.latencyMs,
            jitterMs: one.jitterMs,
            workMs: one.workMs,
            answer: () => (random() < one.faultRate ? pick(faults) : undefined),
            isUnreachable: () => random() < one.faultRate / 10,
          },
        });
        let ends = 0;
        const aborts: AbortController[] = [];
        for (let i = 0; i < one.requests; i++) {
          const abort = new AbortController();
          if (random() < 0.1) aborts.push(abort);
          const name = pick(methods).toLowerCase() as 'get';
          const count = (): void => void (ends += 1);
          const options = { priority: Math.floor(random() * 3), signal: abort.signal };
          hydra[name](`/${i}`, options).then(count, count);
        }
        await clock.advance(500);
        for (const abort of aborts) abort.abort();
        await clock.runUntil(hydra.finish());
        await Promise.resolve();

        const { requested, succeeded, failed, waiting, inFlight } = hydra.stats;
        expect([requested, waiting, inFlight]).toEqual([one.requests, 0, 0]);
        expect([succeeded + failed, ends]).toEqual([one.requests, one.requests]);
        const ids = [...(await hydra.getResponses()), ...(await hydra.failures())];
        expect(new Set(ids.map(({ id }) => id)).size).toBe(one.requests);
        expect([server.inFlight, clock.pendingTimers]).toEqual([0, 0]);
        expect(server.highestInFlight).toBeLessThanOrEqual(one.options.maxConcurrency);
        expect(server.refused).toBe(0);
        for (const times of timesByApp(server.arrivals).values()) {
          for (const { requests, perMs } of one.limits) {
            expect(highestInWindow(times, perMs)).toBeLessThanOrEqual(requests);
          }
        }
      }),
      explore(150),
    );
  });

  it('and whenever the server goes away, it comes back to requests that have waited for it', async () => {
    await fc.assert(
      fc.asyncProperty(outageWorld, async (one) => {
        let lastMs = 0;
        const times = one.outages.map(({ afterMs, forMs, fault }) => {
          const fromMs = lastMs + afterMs;
          lastMs = fromMs + forMs;
          return { fromMs, toMs: lastMs, fault };
        });
        const fault = () =>
          times.find(({ fromMs, toMs }) => clock.now() >= fromMs && clock.now() < toMs)?.fault;
        const { hydra, server, clock } = simulate({
          apps: one.apps,
          limits: perSecond2,
          seed: one.seed,
          options: { maxConcurrency: one.maxConcurrency, timeoutMs: one.timeoutMs },
          server: {
            jitterMs: 20,
            workMs: one.workMs,
            isUnreachable: () => fault() === 'unreachable',
            answer: () => {
              const what = fault();
              return typeof what === 'number'
                ? jsonAnswer({}, what)
                : (what as 'stall' | undefined);
            },
          },
        });
        const random = seededRandom(one.seed);
        const posts = new Set<number>();
        for (let i = 0; i < one.requests; i++) {
          if (random() < 0.2) posts.add(hydra.post(`/${i}`, { json: {} }).id);
          else hydra.get(`/${i}`);
        }
        await clock.runUntil(hydra.join());
        for (const { id, error } of await hydra.failures()) {
          expect([posts.has(id), error.message]).toEqual([
            true,
            expect.stringContaining('not sent again'),
          ]);
        }
        await clock.runUntil(hydra.finish());
        const { succeeded, failed, waiting, inFlight } = hydra.stats;
        expect([succeeded + failed, waiting, inFlight]).toEqual([one.requests, 0, 0]);
        expect([server.inFlight, clock.pendingTimers, server.refused]).toEqual([0, 0, 0]);
        expect(server.highestInFlight).toBeLessThanOrEqual(one.maxConcurrency);
      }),
      explore(60),
    );
  });

  it('the token endpoint does too: finish() ends, with one outcome for each request', async () => {
    await fc.assert(
      fc.asyncProperty(tokenWorld, async (one) => {
        const clock = new VirtualClock();
        const random = seededRandom(one.seed);
        const server = new SimulatedServer({
          clock,
          random,
          limits: perSecond2,
          jitterMs: 20,
          answer: () => (random() < one.unauthorizedRate ? jsonAnswer({}, 401) : undefined),
          isUnreachable: () => random() < 0.05,
        });
        const auth: Auth = {
          authorize: (_app, token) => ({
            headers: { authorization: `Bearer ${token?.value ?? 'none'}` },
          }),
          async renewToken(app) {
            await sleep(clock, 100 + random() * 300);
            const chance = random();
            if (chance < one.rejectedRate)
              throw new HydraError('HYDRA_CREDENTIALS_REJECTED', 'Secret rejected.');
            if (chance < one.rejectedRate + one.downRate) throw new Error('down');
            return { value: app.id, expiresAtMs: clock.wallNow() + one.tokenLivesMs };
          },
        };
        const { hydra } = simulate({
          apps: one.apps,
          limits: perSecond2,
          options: { maxRetries: 5 },
          api: { auth },
          after: { clock, server },
        });
        for (let i = 0; i < one.requests; i++) hydra.get(`/${i}`);
        await clock.advance(one.finishAtMs);
        let finished = false;
        void hydra.finish().then(() => {
          finished = true;
        });
        for (let i = 0; i < 400 && !finished; i++) await clock.advance(5000);
        expect(finished).toBe(true);
        expect(hydra.stats.succeeded + hydra.stats.failed).toBe(one.requests);
        expect(server.arrivals.every(({ appId }) => appId !== 'none')).toBe(true);
        expect([server.refused, server.inFlight]).toEqual([0, 0]);
      }),
      explore(80),
    );
  });
});

/** Worlds to simulate, at random. */
import * as fc from 'fast-check';
import { requestsAdmitted } from '../../src/limits/allowance.js';
import type { Limit } from '../../src/limits/limit.js';
import type { AppGroup } from '../../src/limits/makespan.js';
import { pacedGroups } from '../../src/limits/paced-groups.js';
import { scenario, type Scenario, type ServerOutage } from '../../src/simulation/scenario.js';
import { limiterKinds } from '../../src/testing/limiter.js';

const limit: fc.Arbitrary<Limit> = fc.record({
  requests: fc.integer({ min: 1, max: 20 }),
  perMs: fc.integer({ min: 50, max: 3000 }),
});

/** Apps with up to three limits each, some groups of them. */
const someGroups: fc.Arbitrary<AppGroup[]> = fc.array(
  fc.record({
    apps: fc.integer({ min: 1, max: 8 }),
    limits: fc.array(limit, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

const outages: fc.Arbitrary<ServerOutage[]> = fc.array(
  fc.record({
    fromMs: fc.integer({ min: 0, max: 60_000 }),
    forMs: fc.integer({ min: 1, max: 25_000 }),
    kind: fc.constantFrom<ServerOutage['kind']>('unreachable', 'stall', 500, 502, 503),
  }),
  { maxLength: 3 },
);

/** A share of at most so many hundredths, often 0. */
const fault = (most: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: most }).map((percent) => percent / 100),
  );

const anyClient = fc.record({
  minRequestDelayMs: fc.constantFrom(0, 1, 10),
  maxConcurrency: fc.constantFrom(1, 3, 4000),
  maxRetries: fc.integer({ min: 0, max: 6 }),
  retryDelayMs: fc.constantFrom(0, 500),
  timeoutMs: fc.constantFrom(2000, 60_000),
});

/** A network whose jitter on each way is at most so many milliseconds. */
function network(mostJitterMs: number): fc.Arbitrary<Scenario['network']> {
  return fc.record({
    latencyMs: fc.integer({ min: 0, max: 300 }),
    jitterMs: fc.integer({ min: 0, max: mostJitterMs }),
    lossRate: fault(10),
  });
}

/** A server with all faults that it can have, but nobody else who uses its apps. */
const faultyServer = fc.record({
  limiter: fc.constantFrom(...limiterKinds),
  retryAfter: fc.boolean(),
  workMs: fc.integer({ min: 0, max: 500 }),
  errorRate: fault(40),
  stallRate: fault(10),
  revokeRate: fault(10),
  tokenLifeMs: fc.constantFrom(undefined, 5000, 60_000),
  outages,
  stranger: fc.constant({ apps: 0, requestsPerSecond: 0 }),
});

interface Parts {
  readonly groups: AppGroup[];
  readonly requests: number;
  readonly client: Scenario['client'];
  readonly network: Scenario['network'];
  readonly server: Scenario['server'];
  readonly seed: number;
}

const toScenario = ({ groups: some, requests, ...parts }: Parts): Scenario =>
  scenario({ groups: some, requests }, { ...parts, patienceMs: 86_400_000 });

/** Anything that may go wrong, with jitter of at most so many milliseconds. */
export function faultyWorld(mostJitterMs: number): fc.Arbitrary<Scenario> {
  return fc
    .record({
      groups: someGroups,
      requests: fc.integer({ min: 1, max: 200 }),
      client: anyClient,
      network: network(mostJitterMs),
      server: faultyServer,
      seed: fc.nat(),
    })
    .map(toScenario);
}

/** The same, and somebody else uses some of the apps, but not all: who is starved does not end. */
export function sharedWorld(mostJitterMs: number): fc.Arbitrary<Scenario> {
  const rate = fc.integer({ min: 1, max: 20 });
  return fc.tuple(faultyWorld(mostJitterMs), fc.nat(4), rate).map(([world, most, perSecond]) => {
    const all = world.groups.reduce((sum, { apps }) => sum + apps, 0);
    const stranger = { apps: Math.min(most, all - 1), requestsPerSecond: perSecond };
    return scenario(world, { ...world, server: { ...world.server, stranger } });
  });
}

/** A shortest window, and none or one longer that is a whole number of times as long. */
const nestedLimits = fc
  .record({
    requests: fc.integer({ min: 1, max: 4 }),
    perMs: fc.constantFrom(1000, 2000),
    windows: fc.integer({ min: 1, max: 10 }),
    share: fc.integer({ min: 30, max: 100 }),
  })
  .map(({ requests, perMs, windows, share }): Limit[] => {
    const short = { requests, perMs };
    const inLong = Math.ceil((requests * windows * share) / 100);
    return windows === 1 ? [short] : [short, { requests: inLong, perMs: perMs * windows }];
  });

const calmNetwork = fc.record({
  latencyMs: fc.integer({ min: 0, max: 100 }),
  jitterMs: fc.integer({ min: 0, max: 10 }),
  lossRate: fc.constant(0),
});

/** A world without faults, with a job that takes so long at best. */
export function calmWorld(durationMs: number): fc.Arbitrary<Scenario> {
  return fc
    .record({
      groups: fc.array(fc.record({ apps: fc.integer({ min: 1, max: 4 }), limits: nestedLimits }), {
        minLength: 1,
        maxLength: 3,
      }),
      network: calmNetwork,
      minRequestDelayMs: fc.constantFrom(0, 1, 10),
      limiter: fc.constantFrom(...limiterKinds),
      seed: fc.nat(),
    })
    .map(({ groups: some, network: way, minRequestDelayMs, limiter, seed }) => {
      const requests = admittedIn(pacedGroups(some, minRequestDelayMs), durationMs);
      const parts = { client: { minRequestDelayMs }, network: way, server: { limiter }, seed };
      return scenario({ groups: some, requests }, parts);
    });
}

/** A job of requests of several priorities, in a world without faults. */
export interface MixedJob {
  readonly world: Scenario;
  /** Different ones, in any order. */
  readonly priorities: readonly number[];
  readonly priorityOf: (id: number) => number;
}

/**
 * Of the requests that wait from the start, any share is of the highest priority; all that come later are,
 * so that there is always something that goes before the others.
 *
 * @param atFirst - how many wait from the start.
 */
export function mixedJob(durationMs: number, atFirst: number): fc.Arbitrary<MixedJob> {
  return fc
    .record({
      calm: calmWorld(durationMs),
      priorities: fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 5 }),
      lowerEvery: fc.integer({ min: 1, max: 40 }),
    })
    .map(({ calm, priorities, lowerEvery }) => {
      const world = { ...calm, network: { ...calm.network, jitterMs: 0 } };
      const highest = Math.max(...priorities);
      const priorityOf = (id: number): number => {
        if (id >= atFirst || id % lowerEvery !== 0) return highest;
        return priorities[(id / lowerEvery) % priorities.length] ?? highest;
      };
      return { world, priorities, priorityOf };
    });
}

function admittedIn(some: readonly AppGroup[], durationMs: number): number {
  const admitted = some.map(({ apps, limits }) => apps * requestsAdmitted(limits, durationMs));
  return Math.ceil(admitted.reduce((a, b) => a + b));
}

const equalApps = {
  apps: fc.integer({ min: 1, max: 12 }),
  limits: fc.array(limit, { minLength: 1, maxLength: 3 }),
  requests: fc.integer({ min: 1, max: 500 }),
  network: calmNetwork,
  seed: fc.nat(),
};

/** The most that the guard takes a request to be late of which there is no answer yet. */
const UNKNOWN_MS = 300;

/** Equal apps that could do more than is asked of them, at any time. */
export const idleApps: fc.Arbitrary<Scenario> = fc
  .record({ ...equalApps, slowness: fc.double({ min: 1.1, max: 5, noNaN: true }) })
  .map(({ apps, limits, requests, network: way, seed, slowness }) => {
    const gaps = limits.map((one) => (one.perMs + UNKNOWN_MS) / one.requests / apps);
    const client = { minRequestDelayMs: slowness * Math.max(...gaps) };
    return scenario({ groups: [{ apps, limits }], requests }, { client, network: way, seed });
  });

/** Equal apps that are asked for all that they can. */
export const busyApps: fc.Arbitrary<Scenario> = fc
  .record({ ...equalApps, maxConcurrency: fc.constantFrom(1, 2, 5, 4000) })
  .map(({ apps, limits, requests, network: way, seed, maxConcurrency }) => {
    const client = { minRequestDelayMs: 0, maxConcurrency };
    return scenario({ groups: [{ apps, limits }], requests }, { client, network: way, seed });
  });

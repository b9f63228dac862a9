/** What holds of any job, on simulations of the real engine. To see a failure again: `explore.ts`. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limit, Outcome } from '../../src/index.js';
import { makespan } from '../../src/limits/makespan.js';
import { pacedGroups } from '../../src/limits/paced-groups.js';
import type { Scenario } from '../../src/simulation/scenario.js';
import { simulateJob } from '../../src/simulation/simulate-job.js';
import type { Arrival } from '../../src/simulation/simulated-transport.js';
import { explore } from './explore.js';
import { highestInWindow } from './simulated-server.js';
import { busyApps, calmWorld, faultyWorld, idleApps, mixedJob, sharedWorld } from './worlds.js';

/** The guard adds so much to what it knows of a request's way, at least: see `guard.ts`. */
const LEAST_GUARD_MS = 2;

/** With its first answers the guard is careful: the windows of so many count each 30 ms late, at least. */
const FIRST_ANSWERS = 50;
const CAREFUL_MS = 35;

/** So many requests wait from the start, where there are as many: see `job-feed.ts`. */
const AT_FIRST = 1000;

/** Of so many requests, one is of a lower priority while some wait: see `request-queue.ts`. */
const LOWER_SHARE = 10;

const idOf = (outcome: Outcome): number =>
  outcome.kind === 'response' ? outcome.response.id : outcome.failure.id;

/** The limits of each app, by its index. */
function limitsOfApps({ groups }: Scenario): readonly (readonly Limit[])[] {
  return groups.flatMap(({ apps, limits }) => Array.from({ length: apps }, () => limits));
}

/** What its being careful costs a job: little, where many requests fit in a window of all apps. */
function learningMs({ groups }: Scenario): number {
  const inWindow = groups.reduce((sum, { apps, limits }) => sum + apps * limits[0]!.requests, 0);
  return (Math.ceil(FIRST_ANSWERS / inWindow) + 1) * CAREFUL_MS;
}

describe('whatever the apps, limits, latencies and faults', () => {
  it('each request ends exactly once, and nothing is left behind', async () => {
    await fc.assert(
      fc.asyncProperty(sharedWorld(200), async (world) => {
        const ends = new Uint8Array(world.requests);
        const report = await simulateJob(world, {
          onOutcome: (outcome) => (ends[idOf(outcome)]! += 1),
        });
        expect(report).toMatchObject({ hasEnded: true, leftBehind: { timers: 0, inFlight: 0 } });
        expect(report.succeeded + report.failed).toBe(world.requests);
        expect(ends.every((times) => times === 1)).toBe(true);
      }),
      explore(100),
    );
  });

  it('no window is exceeded at the server while the jitter is below the guard', async () => {
    await fc.assert(
      fc.asyncProperty(faultyWorld(LEAST_GUARD_MS / 2), async (world) => {
        const limitsOf = limitsOfApps(world);
        const timesOf: number[][] = limitsOf.map(() => []);
        const onArrival = ({ app, atMs, act }: Arrival): void => {
          if (act.kind !== 'unreachable') timesOf[app]?.push(atMs);
        };
        const report = await simulateJob(world, { onArrival });
        expect(report.refused).toBe(0);
        timesOf.forEach((times, app) => {
          for (const { requests, perMs } of limitsOf[app] ?? []) {
            expect(highestInWindow(times, perMs)).toBeLessThanOrEqual(requests);
          }
        });
      }),
      explore(100),
    );
  });

  it('and above it, before the shortest way is known, less than one in 2000 is refused', async () => {
    let [attempts, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(faultyWorld(30), async (world) => {
        const report = await simulateJob(world);
        attempts += report.attempts;
        refused += report.refused;
      }),
      explore(100),
    );
    expect(attempts).toBeGreaterThan(1000);
    expect(refused / attempts).toBeLessThan(1 / 2000);
  });
});

describe('without faults', () => {
  it('a job takes at most 2% longer than the limits ask for, and the last answer', async () => {
    await fc.assert(
      fc.asyncProperty(calmWorld(120_000), async (world) => {
        const { durationMs, leastMs, refused } = await simulateJob(world);
        const { latencyMs, jitterMs } = world.network;
        const answerMs = 2 * (latencyMs + jitterMs) + world.server.workMs;
        expect(refused).toBe(0);
        expect(durationMs).toBeLessThanOrEqual(leastMs * 1.02 + learningMs(world) + answerMs);
      }),
      explore(30),
    );
  });

  it('equal apps are used equally often, give or take one, while there is a choice', async () => {
    await fc.assert(
      fc.asyncProperty(idleApps, async (world) => {
        const { usesOfApp } = await simulateJob(world);
        expect(usesOfApp.most - usesOfApp.least).toBeLessThanOrEqual(1);
      }),
      explore(100),
    );
  });

  it('and, where each is used as soon as it is free, give or take what fits in a window', async () => {
    await fc.assert(
      fc.asyncProperty(busyApps, async (world) => {
        const { usesOfApp } = await simulateJob(world);
        const window = Math.max(...limitsOfApps(world)[0]!.map(({ requests }) => requests));
        expect(usesOfApp.most - usesOfApp.least).toBeLessThanOrEqual(window);
      }),
      explore(100),
    );
  });

  it('nothing starves: each request has its turn after 10 others for each priority, at most', async () => {
    await fc.assert(
      fc.asyncProperty(mixedJob(30_000, AT_FIRST), async ({ world, priorities, priorityOf }) => {
        const { groups, requests, client, network, server } = world;
        const endedAt = new Map<number, number>();
        const order: number[] = [];
        await simulateJob(world, {
          requestOf: (id) => ({ method: 'GET', options: { priority: priorityOf(id) } }),
          onArrival: ({ path, atMs }) => {
            order.push(Number(path.slice(1)));
            endedAt.set(order.at(-1)!, atMs + server.workMs + network.latencyMs);
          },
        });
        const paced = pacedGroups(groups, client.minRequestDelayMs);
        const answerMs = 2 * network.latencyMs + server.workMs;
        const placeOf = new Map(order.map((id, place) => [id, place]));
        const ahead = new Map(priorities.map((priority) => [priority, 0]));
        expect(order).toHaveLength(requests);
        for (let id = 0; id < Math.min(AT_FIRST, requests); id++) {
          const before = ahead.get(priorityOf(id))!;
          ahead.set(priorityOf(id), before + 1);
          const turns = LOWER_SHARE * priorities.length * (before + 1);
          expect(placeOf.get(id)).toBeLessThanOrEqual(turns);
          const { durationMs } = makespan(paced, Math.min(turns + 1, requests));
          const leastMs = durationMs * 1.02 + learningMs(world) + answerMs;
          expect(endedAt.get(id)).toBeLessThanOrEqual(leastMs);
        }
      }),
      explore(20),
    );
  });

  it('requests of the same priority are sent in the order of asking, none is passed over', async () => {
    await fc.assert(
      fc.asyncProperty(idleApps, async (world) => {
        const arrived = new Map<number, number[]>();
        const priorityOf = (id: number): number => (id * 7) % 3;
        await simulateJob(
          { ...world, network: { ...world.network, jitterMs: 0 } },
          {
            requestOf: (id) => ({ method: 'GET', options: { priority: priorityOf(id) } }),
            onArrival: ({ path }) => {
              const id = Number(path.slice(1));
              const before = arrived.get(priorityOf(id)) ?? [];
              arrived.set(priorityOf(id), [...before, id]);
            },
          },
        );
        for (const ids of arrived.values()) expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      }),
      explore(20),
    );
  });
});

/** Runs a job on the real engine, in virtual time, against a simulated network and server. */
import { setImmediate as macrotask } from 'node:timers/promises';
import { makespan } from '../limits/makespan.js';
import { pacedGroups } from '../limits/paced-groups.js';
import { JobFeed } from './job-feed.js';
import { countsOf, type JobReport } from './job-report.js';
import { JobWatch } from './job-watch.js';
import type { Scenario } from './scenario.js';
import { simulatedHydra } from './simulated-hydra.js';
import type { SimulationHooks } from './simulation-hooks.js';

/**
 * Simulates a job. It takes real time only to compute, and gives the thread back only where apps have
 * tokens. The same scenario ends the same each time.
 */
export async function simulateJob(
  scenario: Scenario,
  hooks: SimulationHooks = {},
): Promise<JobReport> {
  const { requests, groups, client, patienceMs } = scenario;
  const feed = new JobFeed(requests, hooks);
  const hydra = simulatedHydra(scenario, {
    onArrival: hooks.onArrival,
    onHungry: () => feed.feed(hydra.engine),
  });
  const { clock, auth, engine } = hydra;
  clock.setTimer(() => feed.feed(engine), 0);
  const watch = new JobWatch(hydra, scenario);
  while (!feed.isOver) {
    const wasRenewing = auth.isRenewing;
    if (!clock.step(patienceMs)) break;
    // Who gets tokens waits by promises.
    if (wasRenewing || auth.isRenewing) await macrotask();
  }
  const durationMs = clock.now();
  const heldBackBy = watch.end();
  if (feed.isOver) await hydra.finish();
  const { durationMs: leastMs } = makespan(pacedGroups(groups, client.minRequestDelayMs), requests);
  return {
    hasEnded: feed.isOver,
    requests,
    ...countsOf(hydra),
    durationMs,
    leastMs,
    heldBackBy,
  };
}

/** What two runs of one hydra mean for each other. */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/index.js';
import { simulate, type Simulation } from '../simulation/hydra-on-virtual-time.js';
import { pass, passUntil, passUntilSettled } from './run-on-virtual-time.js';
import { errorOf, folder, paths } from './run-setting.js';

interface TwoRuns extends Simulation {
  readonly first: Run;
  readonly second: Run;
  readonly stopFirst: AbortController;
}

/** While the apps are used up, the first has taken all the room, and the second waits for some. */
async function twoRuns(): Promise<TwoRuns> {
  const simulation = simulate({ apps: 1, limits: [{ requests: 20, perMs: 60_000 }] });
  const { hydra, clock } = simulation;
  for (const path of paths(0, 20)) hydra.get(path);
  await clock.runUntil(hydra.join());
  const stopFirst = new AbortController();
  const { signal } = stopFirst;
  const first = hydra.run(paths(0, 5000), { directory: folder(), signal });
  await passUntil(clock, () => first.progress.waiting === 2000);
  const second = hydra.run(paths(0, 10), { directory: folder() });
  await pass(clock, 1000);
  expect(second.progress).toMatchObject({ state: { kind: 'waiting' }, inFlight: 0, waiting: 0 });
  return { ...simulation, first, second, stopFirst };
}

describe('a run that waits for room', () => {
  it('goes on once the other one is stopped', async () => {
    const { hydra, clock, first, second, stopFirst } = await twoRuns();
    stopFirst.abort();
    expect(await passUntilSettled(clock, first.done)).toMatchObject({ isComplete: false });
    expect(await passUntilSettled(clock, second.done, 1000)).toMatchObject({ done: 10 });
    await clock.runUntil(hydra.finish());
  });

  it('ends like the other one when all apps are lost', async () => {
    const { hydra, clock, first, second } = await twoRuns();
    const errors = Promise.all([errorOf(first.done), errorOf(second.done)]);
    hydra.removeApp('app0');
    const noApps = { code: 'HYDRA_NO_APPS' };
    expect(await passUntilSettled(clock, errors)).toMatchObject([noApps, noApps]);
    await clock.runUntil(hydra.finish());
  });
});

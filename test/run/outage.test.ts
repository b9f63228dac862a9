/** Runs while the server is down for everybody. */
import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/index.js';
import { simulate, type Simulation } from '../simulation/hydra-on-virtual-time.js';
import { pass, passUntil, passUntilSettled } from './run-on-virtual-time.js';
import { folder, held, hydraFor, paths, range, workOff, world } from './run-setting.js';

const HOURS = 3_600_000;
const REQUESTS = 100;

interface Outage extends Simulation {
  readonly run: Run;
  readonly directory: string;
  readonly stop: AbortController;
  readonly comeBack: () => void;
}

/** A run that has some of its answers, and a server that has gone. */
async function outage(): Promise<Outage> {
  let isDown = false;
  const simulation = simulate({
    apps: 5,
    limits: [{ requests: 2, perMs: 1000 }],
    server: { isUnreachable: () => isDown },
  });
  const { hydra, clock } = simulation;
  const directory = folder();
  const stop = new AbortController();
  const run = hydra.run(paths(0, REQUESTS), { directory, signal: stop.signal });
  await passUntil(clock, () => run.progress.done >= 20);
  isDown = true;
  await passUntil(clock, () => run.progress.state.kind === 'waiting');
  return { ...simulation, run, directory, stop, comeBack: () => void (isDown = false) };
}

describe('while the server is down for hours', () => {
  it('a run waits, says so, uses up no attempts, and goes on when it is back', async () => {
    const { hydra, clock, run, directory, comeBack } = await outage();
    await pass(clock, 3 * HOURS, 60_000);
    const { state, failed } = run.progress;
    expect(failed).toBe(0);
    expect(state).toMatchObject({
      kind: 'waiting',
      for: 'server',
      reason: expect.stringMatching(
        /does not answer .*, (asked again in \d+ s|being asked again)$/,
      ),
    });
    comeBack();
    expect(await passUntilSettled(clock, run.done)).toMatchObject({ done: REQUESTS, failed: 0 });
    const { outcomes } = await held(directory);
    const attempts = outcomes.map((one) => (one.kind === 'response' ? one.response.attempts : 0));
    // Those of the second or so in which it was not yet sure.
    expect(Math.max(...attempts)).toBeLessThan(10);
    await clock.runUntil(hydra.finish());
  });

  it('finish() waits for a run all the same', async () => {
    const { hydra, clock, run, comeBack } = await outage();
    let isFinished = false;
    const finished = hydra.finish().then(() => (isFinished = true));
    await pass(clock, HOURS, 60_000);
    expect([isFinished, run.progress.failed]).toEqual([false, 0]);
    comeBack();
    expect(await passUntilSettled(clock, run.done)).toMatchObject({ done: REQUESTS, failed: 0 });
    await passUntilSettled(clock, finished);
  });

  it('a run that is stopped ends within the time of what is in flight', async () => {
    const { hydra, clock, run, directory, stop, comeBack } = await outage();
    const before = clock.now();
    stop.abort();
    const { done } = await passUntilSettled(clock, run.done);
    expect(clock.now() - before).toBeLessThan(6000);
    expect(await passUntilSettled(clock, hydra.join())).toBeUndefined();
    expect((await held(directory)).ids).toHaveLength(done);
    comeBack();
    const again = hydra.run(paths(0, REQUESTS), { directory });
    expect(await passUntilSettled(clock, again.done)).toMatchObject({ skipped: done, failed: 0 });
    expect((await held(directory)).ids).toEqual(range(0, REQUESTS));
    await clock.runUntil(hydra.finish());
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('finish() as soon as a run is begun', () => {
  it('lets it be opened, and waits for its end', async () => {
    const server = await world();
    const directory = folder();
    await workOff(server, paths(0, 5), { directory });
    const { hydra } = hydraFor(server.origin);
    const run = hydra.run(paths(0, 20), { directory });
    await hydra.finish();
    expect(run.progress).toMatchObject({ state: { kind: 'ended' }, done: 20 });
    expect(await run.done).toMatchObject({ isComplete: true, skipped: 5 });
  });
});

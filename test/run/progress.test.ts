/** What a run tells of itself while it goes on. */
import { describe, expect, it } from 'vitest';
import { makespan } from '../../src/limits/makespan.js';
import {
  hardlyAnyLimits,
  limits42,
  perSecond2,
  simulate,
} from '../simulation/hydra-on-virtual-time.js';
import { jsonAnswer } from '../simulation/simulated-server.js';
import { pass, passUntil, passUntilSettled } from './run-on-virtual-time.js';
import { folder, paths } from './run-setting.js';

function* endless(): Generator<string> {
  for (let number = 0; ; number++) yield `/${number}`;
}

describe('the progress of a run', () => {
  it('tells at every moment what is done, and how long the rest takes at best', async () => {
    const { hydra, server, clock } = simulate({
      apps: 10,
      limits: limits42,
      server: { answer: ({ path }) => (path.endsWith('7') ? jsonAnswer({}, 400) : undefined) },
    });
    const run = hydra.run(paths(0, 400), { directory: folder() });
    const groups = [{ limits: limits42, apps: 10 }];
    const first = run.progress;
    expect(first).toMatchObject({ state: { kind: 'running' }, done: 0, failed: 0, total: 400 });
    expect(first.etaMs).toBe(makespan(groups, 400).durationMs);
    expect(first.etaMs).toBe(20_000);
    let [last, fastest] = [0, 0];
    while (run.progress.state.kind !== 'ended') {
      await pass(clock, 500);
      const { done, failed, inFlight, waiting, total, etaMs, ...rates } = run.progress;
      expect(done + failed).toBeGreaterThanOrEqual(last);
      last = done + failed;
      fastest = Math.max(fastest, rates.rate);
      expect(total).toBe(400);
      expect(done + failed + inFlight + waiting).toBeLessThanOrEqual(400);
      expect(etaMs).toBe(makespan(groups, 400 - last).durationMs);
      if (last === 400) continue;
      expect(rates.bindingWindow).toEqual(perSecond2[0]);
      expect(rates.allowedRate).toBeCloseTo(20, 6);
      expect(rates.elapsedMs).toBe(clock.now());
    }
    expect(run.progress).toMatchObject({
      done: 360,
      failed: 40,
      inFlight: 0,
      waiting: 0,
      etaMs: 0,
    });
    expect(fastest).toBeGreaterThan(0);
    expect(server.refused).toBe(0);
    await clock.runUntil(hydra.finish());
  });

  it('of a source of unknown length tells what is allowed in the long run', async () => {
    const { hydra, clock } = simulate({ apps: 10, limits: limits42 });
    const stop = new AbortController();
    const run = hydra.run(endless(), { directory: folder(), signal: stop.signal });
    await pass(clock, 1000);
    const { total, etaMs, bindingWindow, allowedRate } = run.progress;
    expect([total, etaMs, bindingWindow]).toEqual([undefined, undefined, limits42[1]]);
    // The first hour's requests may come at its begin, so that a day admits some more than 24 hours' worth.
    expect(allowedRate).toBeGreaterThanOrEqual(10 * (1200 / 3600));
    expect(allowedRate).toBeLessThan(3.5);
    stop.abort();
    await passUntilSettled(clock, run.done);
    await clock.runUntil(hydra.finish());
  });

  it('believes the total that it is told, and the source in the end', async () => {
    const { hydra, clock } = simulate({ apps: 1, limits: hardlyAnyLimits });
    const source = (function* () {
      yield* paths(0, 5);
    })();
    const run = hydra.run(source, { directory: folder(), total: 12 });
    expect(run.progress.total).toBe(12);
    expect(await passUntilSettled(clock, run.done)).toMatchObject({ isComplete: true, done: 5 });
    expect(run.progress.total).toBe(5);
    await clock.runUntil(hydra.finish());
  });

  it('counts what earlier sessions have done, and only the retries of this one', async () => {
    let isFailing = true;
    const { hydra, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      server: { answer: () => (isFailing ? jsonAnswer({}, 500) : undefined) },
    });
    const directory = folder();
    const first = hydra.run(paths(0, 5), { directory });
    await passUntil(clock, () => first.progress.retries >= 5);
    isFailing = false;
    await passUntilSettled(clock, first.done);
    expect(first.progress.retries).toBeGreaterThanOrEqual(5);
    const second = hydra.run(paths(0, 8), { directory });
    await passUntilSettled(clock, second.done);
    expect(second.progress).toMatchObject({ done: 8, retries: 0, total: 8 });
    // Those of this session alone, of which each is counted once it is recorded.
    expect(second.progress.rate).toBeLessThanOrEqual(3);
    await clock.runUntil(hydra.finish());
  });
});

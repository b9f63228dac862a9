/** How runs end before their source does, and what else a hydra does meanwhile. */
import { describe, expect, it } from 'vitest';
import { hardlyAnyLimits, makeApp, simulate } from '../simulation/hydra-on-virtual-time.js';
import { until } from '../transport/http-world.js';
import { pass, passUntil, passUntilSettled, settle } from './run-on-virtual-time.js';
import {
  errorOf,
  folder,
  held,
  hydraFor,
  paths,
  range,
  readInfo,
  workOff,
  world,
} from './run-setting.js';

describe('a signal', () => {
  it('that is aborted already: nothing is sent, and the run can be gone on with', async () => {
    const server = await world();
    const directory = folder();
    const signal = AbortSignal.abort();
    const summary = await workOff(server, paths(0, 5), { directory, signal });
    expect(summary).toMatchObject({ isComplete: false, done: 0, failed: 0, skipped: 0 });
    expect([server.asked, readInfo(directory)['state']]).toEqual([[], 'stopped']);
    expect(await workOff(server, paths(0, 5), { directory })).toMatchObject({ done: 5 });
  });

  it('gives what is in flight its time, and withdraws what waits', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      options: { maxConcurrency: 7 },
      server: { workMs: 3000 },
    });
    const directory = folder();
    const stop = new AbortController();
    const run = hydra.run(paths(0, 50), { directory, signal: stop.signal });
    await passUntil(clock, () => run.progress.inFlight === 7);
    expect(run.progress).toMatchObject({ waiting: 43, done: 0 });
    stop.abort();
    expect(run.progress).toMatchObject({
      state: { kind: 'stopping' },
      inFlight: 7,
      waiting: 0,
      done: 0,
    });
    const before = clock.now();
    await passUntil(clock, () => server.inFlight === 0);
    expect(clock.now() - before).toBeLessThan(5000);
    expect(await passUntilSettled(clock, run.done)).toMatchObject({
      isComplete: false,
      done: 7,
      failed: 0,
    });
    expect(run.progress).toMatchObject({ state: { kind: 'ended' }, inFlight: 0, waiting: 0 });
    expect((await held(directory)).ids).toEqual(range(0, 7));
    await pass(clock, 20_000, 1000);
    expect(server.arrivals).toHaveLength(7);
    await clock.runUntil(hydra.finish());
    expect(clock.pendingTimers).toBe(0);
  });

  it('breaks off what is still in flight after 5 s; it is asked again on resume', async () => {
    let isStalling = true;
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      server: { answer: () => (isStalling ? 'stall' : undefined) },
    });
    const directory = folder();
    const stop = new AbortController();
    const run = hydra.run(paths(0, 4), { directory, signal: stop.signal });
    await passUntil(clock, () => server.arrivals.length === 4);
    stop.abort();
    await pass(clock, 4900);
    expect([run.progress.state.kind, server.inFlight]).toEqual(['stopping', 4]);
    await pass(clock, 200);
    expect(server.inFlight).toBe(0);
    expect(await passUntilSettled(clock, run.done)).toMatchObject({ done: 0, failed: 0 });
    isStalling = false;
    const again = hydra.run(paths(0, 4), { directory });
    expect(await passUntilSettled(clock, again.done)).toMatchObject({ isComplete: true, done: 4 });
    await clock.runUntil(hydra.finish());
  });

  it('after the last request is sent still lets the run be complete', async () => {
    const server = await world();
    server.isHeld = true;
    const { hydra } = hydraFor(server.origin);
    const stop = new AbortController();
    const run = hydra.run(paths(0, 5), { directory: folder(), signal: stop.signal });
    await until(() => server.asked.length === 5);
    stop.abort();
    server.release();
    expect(await run.done).toMatchObject({ isComplete: true, done: 5 });
  });
});

describe('when all apps are lost in the middle', () => {
  it('the run rejects, no request counts as failed, and it can be gone on with', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: [{ requests: 5, perMs: 1000 }],
      server: { workMs: 500 },
    });
    const directory = folder();
    const run = hydra.run(paths(0, 40), { directory });
    const failed = errorOf(run.done);
    await passUntil(clock, () => run.progress.done >= 5 && run.progress.inFlight > 0);
    hydra.removeApp('app0');
    expect(await passUntilSettled(clock, failed)).toMatchObject({ code: 'HYDRA_NO_APPS' });
    const sent = server.arrivals.length;
    const before = await held(directory);
    expect(before.ids).toHaveLength(sent);
    expect(before.failed).toEqual([]);
    expect(readInfo(directory)).toMatchObject({ state: 'stopped', totals: { failed: 0 } });

    const noApps = errorOf(hydra.run(paths(0, 40), { directory }).done);
    expect(await passUntilSettled(clock, noApps)).toMatchObject({ code: 'HYDRA_NO_APPS' });
    hydra.addApp(makeApp('app1'));
    const again = hydra.run(paths(0, 40), { directory });
    expect(await passUntilSettled(clock, again.done)).toMatchObject({
      isComplete: true,
      skipped: sent,
      done: 40,
    });
    expect(server.arrivals).toHaveLength(40);
    expect((await held(directory)).ids).toEqual(range(0, 40));
    await clock.runUntil(hydra.finish());
  });
});

describe('a hydra', () => {
  it('waits in join() and finish() for its runs, and then takes no more', async () => {
    const server = await world();
    for (const how of ['join', 'finish'] as const) {
      server.isHeld = true;
      const { hydra } = hydraFor(server.origin);
      const directory = folder();
      const run = hydra.run(paths(0, 20), { directory });
      let isOver = false;
      const over = hydra[how]().then(() => (isOver = true));
      await until(() => server.asked.length > 0);
      await settle();
      expect([how, isOver]).toEqual([how, false]);
      server.release();
      await over;
      expect(run.progress).toMatchObject({ state: { kind: 'ended' }, done: 20 });
      expect(readInfo(directory)['state']).toBe('complete');
      server.asked.length = 0;
      if (how === 'join') continue;
      const start = (): unknown => hydra.run([], { directory });
      expect(start).toThrow(expect.objectContaining({ code: 'HYDRA_FINISHED' }));
    }
  });

  it('carries several runs at once, each in its own directory, beside other requests', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    const runs = ['a', 'b', 'c'].map((name) => {
      const source = range(0, 150).map((one) => `/${name}/${one}`);
      const directory = folder();
      return { name, directory, run: hydra.run(source, { directory }) };
    });
    const pending = range(0, 50).map((one) => hydra.get(`/get/${one}`));
    for (const one of pending) expect((await one).status).toBe(200);
    for (const { name, directory, run } of runs) {
      expect(await run.done).toMatchObject({ isComplete: true, done: 150 });
      const { bodies } = await held(directory);
      expect(bodies).toEqual(range(0, 150).map((one) => `/${name}/${one}`));
    }
    expect((await hydra.getResponses()).map(({ url }) => url)).toEqual(
      range(0, 50).map((one) => `${server.origin}/get/${one}`),
    );
    expect(server.asked).toHaveLength(500);
  });

  it('stops one run and leaves the others alone', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin, { maxConcurrency: 4 });
    const stop = new AbortController();
    const stopped = hydra.run(paths(0, 400), { directory: folder(), signal: stop.signal });
    const other = hydra.run(paths(0, 100), { directory: folder() });
    await until(() => stopped.progress.done > 0);
    stop.abort();
    expect(await other.done).toMatchObject({ isComplete: true, done: 100 });
    expect((await stopped.done).isComplete).toBe(false);
  });
});

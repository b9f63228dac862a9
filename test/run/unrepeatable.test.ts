/** Requests that must not be sent twice, in runs that are stopped while the server may act on them. */
import { describe, expect, it } from 'vitest';
import type { RunRequest } from '../../src/index.js';
import type { BulkRun } from '../../src/run/bulk-run.js';
import { hardlyAnyLimits, simulate } from '../simulation/hydra-on-virtual-time.js';
import { until } from '../transport/http-world.js';
import { pass, passUntil, passUntilSettled } from './run-on-virtual-time.js';
import { folder, held, hydraFor, readInfo, workOff, world } from './run-setting.js';

const source: RunRequest[] = [
  { path: '/0' },
  { path: '/1', method: 'POST' },
  { path: '/2', method: 'PATCH' },
  { path: '/3', method: 'POST', idempotent: true },
];

describe('a POST that is under way', () => {
  it('when a run is stopped and its time is over has failed: it is not sent again on resume', async () => {
    let isStalling = true;
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      server: { answer: () => (isStalling ? 'stall' : undefined) },
    });
    const directory = folder();
    const stop = new AbortController();
    const run = hydra.run(source, { directory, signal: stop.signal });
    await passUntil(clock, () => server.arrivals.length === 4);
    stop.abort();
    await pass(clock, 5100);
    expect(await passUntilSettled(clock, run.done)).toMatchObject({ done: 0, failed: 2 });
    expect(server.inFlight).toBe(0);
    isStalling = false;
    const again = hydra.run(source, { directory });
    expect(await passUntilSettled(clock, again.done)).toMatchObject({ done: 2, failed: 2 });
    expect(server.arrivals.slice(4).map(({ path }) => path)).toEqual(['/v2/0', '/v2/3']);
    expect((await held(directory)).bodies).toEqual([
      '/v2/0',
      'HYDRA_ABORTED',
      'HYDRA_ABORTED',
      '/v2/3',
    ]);
    const retried = hydra.run(source, { directory, retryFailures: true });
    expect(await passUntilSettled(clock, retried.done)).toMatchObject({ done: 4, failed: 0 });
    await clock.runUntil(hydra.finish());
  });

  it('when the process ends at once has failed, too', async () => {
    const server = await world();
    server.isHeld = true;
    const directory = folder();
    const { hydra } = hydraFor(server.origin);
    const run = hydra.run(source, { directory }) as BulkRun;
    await until(() => server.asked.length === 4);
    run.endSync();
    expect(readInfo(directory)).toMatchObject({ state: 'stopped', totals: { done: 0, failed: 2 } });
    server.asked.length = 0;
    server.isHeld = false;
    expect(await workOff(server, source, { directory })).toMatchObject({ done: 2, failed: 2 });
    expect(server.asked.toSorted((a, b) => a.localeCompare(b))).toEqual(['GET /0', 'POST /3']);
    server.release();
    await run.settled;
  });
});

/** Looking at how far a run is while it goes on and compresses its segments. */
import { expect, it } from 'vitest';
import { readRunStatus } from '../../src/run/run-status.js';
import { until } from '../transport/http-world.js';
import { folder, hydraFor, paths, world } from './run-setting.js';

it('the status of a run that compresses its segments tells at any moment what is recorded', async () => {
  const server = await world();
  const directory = folder();
  const { hydra } = hydraFor(server.origin, { responsesPerFile: 5, maxConcurrency: 5 });
  const run = hydra.run(paths(0, 600), { directory, compress: 'gzip' });
  let isOver = false;
  const over = run.done.finally(() => (isOver = true));
  await until(() => run.progress.done > 50);
  for (let last = 0; !isOver;) {
    const { done } = run.progress;
    const status = await readRunStatus(directory);
    expect(status.done).toBeGreaterThanOrEqual(Math.max(done, last));
    last = status.done;
  }
  await over;
  expect(await readRunStatus(directory)).toMatchObject({ done: 600, failed: 0 });
});

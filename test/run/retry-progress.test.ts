/** What the progress of a run counts while it asks again for what has failed. */
import { expect, it } from 'vitest';
import { simulate } from '../simulation/hydra-on-virtual-time.js';
import { jsonAnswer } from '../simulation/simulated-server.js';
import { passUntil, passUntilSettled } from './run-on-virtual-time.js';
import { folder, paths } from './run-setting.js';

it('with retryFailures, failures of earlier sessions are left to be done', async () => {
  let failing = /[0-9]$/;
  const { hydra, clock } = simulate({
    apps: 1,
    limits: [{ requests: 2, perMs: 1000 }],
    server: { answer: ({ path }) => (failing.test(path) ? jsonAnswer({}, 400) : undefined) },
  });
  const directory = folder();
  const first = hydra.run(paths(0, 10), { directory });
  await passUntilSettled(clock, first.done);
  expect(first.progress).toMatchObject({ done: 0, failed: 10, etaMs: 0 });
  failing = /[4-9]$/;
  const again = hydra.run(paths(0, 10), { directory, retryFailures: true });
  await passUntil(clock, () => again.progress.done === 4);
  expect(again.progress).toMatchObject({ failed: 0, etaMs: 3000 });
  expect(await passUntilSettled(clock, again.done)).toMatchObject({ done: 4, failed: 6 });
  expect(again.progress).toMatchObject({ done: 4, failed: 6, etaMs: 0 });
  await clock.runUntil(hydra.finish());
});

// The process that is killed: takes the run up where the one before it was killed. Each outcome that the
// run gives counts as recorded; its number is noted in a file of its own, which outlives the process.
import { openSync, writeSync } from 'node:fs';
import { beat } from './beats.mjs';
import { ApiHydra, bearerToken, defineApi } from '../../dist/index.js';
import { systemClock } from '../../dist/clock.js';
import { task } from '../shared/process.mjs';
import { pathOf } from './expected.mjs';

const {
  directory,
  port,
  round,
  requests,
  readable,
  compress,
  noteEveryMs,
  witnessFile,
  perSecond,
} = task();
const APPS = 20;
/** How often the library notes how far a run is; here sooner, so that kills meet it. */
const USUAL_NOTE_EVERY_MS = 15_000;
const witness = openSync(witnessFile, 'a');

const clock = {
  ...systemClock,
  setTimer: (callback, delayMs) =>
    systemClock.setTimer(callback, delayMs === USUAL_NOTE_EVERY_MS ? noteEveryMs : delayMs),
};
const hydra = new ApiHydra(
  {
    api: defineApi({
      baseUrl: `http://127.0.0.1:${port}`,
      limits: [{ requests: Math.ceil(perSecond / APPS), perMs: 1000 }],
      auth: bearerToken(),
      headers: { 'x-round': String(round) },
      responseType: 'json',
    }),
    apps: Array.from({ length: APPS }, (_, app) => ({ id: `${app}`, credentials: { token: 't' } })),
    appsFile: false,
    minRequestDelayMs: 0,
    maxConcurrency: 200,
    retryDelayMs: 50,
    maxRetryDelayMs: 200,
    timeoutMs: 5000,
    responsesPerFile: 500,
    logLevel: 'warning',
  },
  { clock },
);

/** Where not all may be read in this round, the rest does not come before the kill. */
async function* paths() {
  for (let id = 0; id < readable; id++) yield pathOf(id);
  if (readable < requests) await new Promise(() => undefined);
}

void beat(`${witnessFile}.beats`, (beganAt) => writeSync(witness, `beat ${beganAt}\n`));
process.send('opening');
const run = hydra.run(paths(), { directory, compress });
let isFirst = true;
for await (const outcome of run) {
  const { id, endedAtMs } = outcome.kind === 'response' ? outcome.response : outcome.failure;
  writeSync(witness, `recorded ${id} ${Date.now() - endedAtMs}\n`);
  if (isFirst) process.send('recording');
  isFirst = false;
}
const summary = await run.done;
await hydra.finish();
process.send(summary, () => process.exit());

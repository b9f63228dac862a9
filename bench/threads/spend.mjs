// Asks for so many seconds, as fast as it can, and tells how many answers came and what they cost.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { task } from '../shared/process.mjs';
import { localOrigin, unlimitedHydra } from '../shared/unlimited-hydra.mjs';
import { spentSince, threadTimes } from './thread-times.mjs';

const { port, threads, http2, seconds, concurrency } = task();
const WARM_UP_SECONDS = 1.5;
const hydra = unlimitedHydra(localOrigin(port, 'https'), {
  store: false,
  maxConcurrency: concurrency,
  threads,
  http2,
});

let count = 0;
let isOver = false;

async function ask() {
  while (!isOver) {
    const { status, isJson } = await hydra.get('/users');
    if (status !== 200 || !isJson) throw new Error(`Got ${status}`);
    count += 1;
    if (count % 500 === 0) hydra.clearResponses();
  }
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const asking = Array.from({ length: concurrency }, ask);
await wait(WARM_UP_SECONDS * 1000);

const delay = monitorEventLoopDelay({ resolution: 1 });
const before = threadTimes(process.pid);
const [countBefore, beginMs] = [count, performance.now()];
delay.enable();
await wait(seconds * 1000);
delay.disable();
const wallMs = performance.now() - beginMs;
const requests = count - countBefore;
const { main, others } = spentSince(before, process.pid);
process.send({
  requests,
  requestsInAll: count,
  wallMs,
  mainMs: main,
  // The threads that carry are those that work most; the rest are Node's.
  carrierMs: others.slice(0, threads),
  restMs: others.slice(threads).reduce((sum, ms) => sum + ms, 0),
  delayMs: {
    p50: delay.percentile(50) / 1e6,
    p99: delay.percentile(99) / 1e6,
    max: delay.max / 1e6,
  },
});
isOver = true;
await Promise.all(asking);
await hydra.finish();

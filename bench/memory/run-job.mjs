// Runs a job of so many requests, and tells what it took.
import { task } from '../shared/process.mjs';
import { localOrigin, paths, unlimitedHydra } from '../shared/unlimited-hydra.mjs';

const { port, directory, requests, traceEveryMs } = task();
const startedMs = performance.now();
const hydra = unlimitedHydra(localOrigin(port));
const run = hydra.run(paths(requests), { directory });
if (traceEveryMs > 0) setInterval(trace, traceEveryMs).unref();
const { isComplete, done } = await run.done;
await hydra.finish();
const seconds = (performance.now() - startedMs) / 1000;
const { maxRSS } = process.resourceUsage();
process.send({ isComplete, done, seconds, peakMb: maxRSS / 1024 });

function trace() {
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const parts = { rss, heapTotal, heapUsed, external, arrayBuffers };
  const texts = Object.entries(parts).map(
    ([name, bytes]) => `${name} ${Math.round(bytes / 2 ** 20)}`,
  );
  console.error(`${run.progress.done} done: ${texts.join(', ')} MB`);
}

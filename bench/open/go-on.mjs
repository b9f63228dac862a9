// Takes a run up that is all but done, and tells how long it took until the first new request arrived.
import { createServer } from 'node:http';
import { task } from '../shared/process.mjs';
import { localOrigin, paths, unlimitedHydra } from '../shared/unlimited-hydra.mjs';

const { port, directory, done, requests } = task();
let startedMs;
let openedMs;
const server = createServer((_, response) => {
  openedMs ??= performance.now();
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
server.listen(port, '127.0.0.1', () => void goOn());

async function goOn() {
  const hydra = unlimitedHydra(localOrigin(port));
  startedMs = performance.now();
  const summary = await hydra.run(paths(requests), { directory }).done;
  await hydra.finish();
  const { maxRSS } = process.resourceUsage();
  const isRight = summary.isComplete && summary.skipped === done && summary.done === requests;
  const seconds = (openedMs - startedMs) / 1000;
  process.send({ isRight, summary, seconds, peakMb: maxRSS / 1024 });
}

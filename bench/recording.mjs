// What recording costs: CPU for each request of the same job with outcomes kept in memory only, recorded
// to segments, and in a run with a directory of its own. Interleaved, so that a busy machine is fair to all.
import { numbersFromArguments } from './shared/arguments.mjs';
import { median } from './shared/median.mjs';
import { message, start, stop } from './shared/process.mjs';
import { withScratchFolder } from './shared/scratch-folder.mjs';

const MOST_ON_TOP = 0.25;
const ways = ['memory', 'segments', 'run'];
const { rounds, requests, warmUp } = numbersFromArguments({
  rounds: 9,
  requests: 40_000,
  warmUp: 10_000,
});
const here = (name) => new URL(name, import.meta.url);

const server = start(here('./shared/answers-server.mjs'), {});
const port = await message(server);

async function measure(way, folder) {
  const child = start(here('./recording/spend.mjs'), { port, folder, way, requests, warmUp });
  const { microseconds } = await message(child);
  await stop(child);
  return microseconds;
}

const taken = [];
for (let round = 0; round < rounds; round++) {
  const one = {};
  for (const way of ways) one[way] = await withScratchFolder((folder) => measure(way, folder));
  taken.push(one);
  console.error(ways.map((way) => `${way} ${one[way].toFixed(0)} µs`).join(', '));
}
await stop(server);

let isGood = true;
for (const way of ways) {
  const microseconds = median(taken.map((one) => one[way]));
  const onTop = median(taken.map((one) => one[way] / one.memory)) - 1;
  isGood &&= onTop <= MOST_ON_TOP;
  const text = `${(onTop * 100).toFixed(0)}% on top of memory`;
  console.log(`${way}: ${microseconds.toFixed(0)} µs CPU a request, ${text}`);
}
console.log(`target: at most ${MOST_ON_TOP * 100}% on top`);
process.exitCode = isGood ? 0 : 1;

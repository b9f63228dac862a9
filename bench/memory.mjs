// Peak memory of a run of 1,000,000 requests with answers of 4 KB, next to one of 100,000.
import { message, start, stop } from './shared/process.mjs';
import { numbersFromArguments } from './shared/arguments.mjs';
import { withScratchFolder } from './shared/scratch-folder.mjs';

const MOST_MB = 200;
const MOST_RATIO = 1.1;
const { small, large, trace } = numbersFromArguments({
  small: 100_000,
  large: 1_000_000,
  trace: 0,
});
const here = (name) => new URL(name, import.meta.url);

const server = start(here('./shared/answers-server.mjs'), {});
const port = await message(server);

async function measure(requests) {
  return withScratchFolder(async (directory) => {
    const child = start(here('./memory/run-job.mjs'), {
      port,
      directory,
      requests,
      traceEveryMs: trace,
    });
    if (trace > 0) child.stderr.pipe(process.stderr);
    const { isComplete, done, seconds, peakMb } = await message(child);
    await stop(child);
    if (!isComplete || done !== requests) throw new Error(`Only ${done} of ${requests} are done`);
    console.log(
      `${requests} requests: peak ${peakMb.toFixed(0)} MB, ${Math.round(requests / seconds)} requests/s`,
    );
    return peakMb;
  });
}

const few = await measure(small);
const many = await measure(large);
await stop(server);
const ratio = many / few;
console.log(`ratio ${ratio.toFixed(2)} (target: at most ${MOST_RATIO}, and ${MOST_MB} MB)`);
process.exitCode = ratio <= MOST_RATIO && many <= MOST_MB ? 0 : 1;

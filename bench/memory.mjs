// Peak memory of a run of 1,000,000 requests with answers of 4 KB, next to one of 100,000.
import { measurePeak } from './memory/measure-peak.mjs';
import { message, start, stop } from './shared/process.mjs';
import { numbersFromArguments } from './shared/arguments.mjs';

const MOST_MB = 200;
const MOST_RATIO = 1.1;
const { small, large, trace } = numbersFromArguments({
  small: 100_000,
  large: 1_000_000,
  trace: 0,
});

const server = start(new URL('./shared/answers-server.mjs', import.meta.url), {});
const port = await message(server);

async function measure(requests) {
  const { peakMb, perSecond } = await measurePeak({ port, requests, traceEveryMs: trace });
  console.log(
    `${requests} requests: peak ${peakMb.toFixed(0)} MB, ${Math.round(perSecond)} requests/s`,
  );
  return peakMb;
}

const few = await measure(small);
const many = await measure(large);
await stop(server);
const ratio = many / few;
console.log(`ratio ${ratio.toFixed(2)} (target: at most ${MOST_RATIO}, and ${MOST_MB} MB)`);
process.exitCode = ratio <= MOST_RATIO && many <= MOST_MB ? 0 : 1;

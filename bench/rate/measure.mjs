// How near to the allowed rate each contender comes, and how often it is refused, as the server counts.
import { inTurns } from '../shared/turns.mjs';
import { median } from '../shared/median.mjs';
import { message, start, stop } from '../shared/process.mjs';
import { withScratchFolder } from '../shared/scratch-folder.mjs';
import { secondsUntilJudged } from './accepted-rate.mjs';
import { contenders } from './contenders/index.mjs';

const here = (name) => new URL(name, import.meta.url);
const LATENCY_MS = 20;
/** So many seconds more are asked for than are measured, so that nobody runs out of requests. */
const SPARE_SECONDS = 3;
const allSettings = [
  { apps: 20, requests: 2 },
  { apps: 200, requests: 2 },
  { apps: 200, requests: 8 },
];

/**
 * @param options - `rateRounds`, `rateSeconds`, `jitter` (ms), `margin` (ms, for those that need one),
 * `limiter`, `quick`.
 * @returns for each setting and contender the medians of `share`, `refusedShare` and
 * `refusedLaterShare`, and each round's.
 */
export async function measureRate(options, say) {
  const server = start(here('./limited-server.mjs'), {});
  const origin = `http://127.0.0.1:${await message(server)}`;
  const settings = options.quick ? [allSettings[0], allSettings[2]] : allSettings;
  const results = [];
  for (const setting of settings) {
    const names = contenders.map(({ name }) => name);
    const taken = await inTurns(options.rateRounds, names, async (name) => {
      const one = await measureOne(server, name, fullSetting(origin, setting, options));
      say(
        `${label(setting)}: ${name} ${one.share.toFixed(3)}, ${one.refused} of ${one.arrived} refused, ${one.refusedLater} later`,
      );
      return one;
    });
    results.push({
      ...setting,
      contenders: contenders.map((one) => summary(one, taken[one.name])),
    });
  }
  await stop(server);
  const { jitter, margin, limiter, rateSeconds, rateRounds } = options;
  return { jitter, margin, limiter, rateSeconds, rateRounds, settings: results };
}

const label = ({ apps, requests }) => `${apps} x ${requests}/s`;

function fullSetting(origin, { apps, requests }, options) {
  const seconds = options.rateSeconds;
  return {
    origin,
    apps,
    requests,
    seconds,
    total: apps * requests * (secondsUntilJudged(seconds) + SPARE_SECONDS),
    latencyMs: LATENCY_MS,
    jitterMs: options.jitter,
    marginMs: options.margin,
    limiter: options.limiter,
  };
}

async function measureOne(server, name, setting) {
  return withScratchFolder(async (folder) => {
    server.send(setting);
    await message(server);
    const client = start(here('./contender.mjs'), { name, setting: { ...setting, folder } });
    const judged = await Promise.race([message(server), endedEarly(client)]);
    await stop(client);
    return judged;
  });
}

/** A contender has nothing to say: it is told to end. */
async function endedEarly(client) {
  await message(client);
  throw new Error('A contender ended before the judge did');
}

function summary({ name, words }, taken) {
  return {
    name,
    words,
    share: median(taken.map((one) => one.share)),
    refusedShare: median(taken.map((one) => one.refused / one.arrived)),
    refusedLaterShare: median(taken.map((one) => one.refusedLater / one.arrived)),
    rounds: taken,
  };
}

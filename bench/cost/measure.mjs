// CPU a request and requests a second against a server that refuses nobody, next to bare `undici.request`.
import { median } from '../shared/median.mjs';
import { contenders } from './contenders/index.mjs';
import { ANSWER_BYTES, measureEach } from './measure-each.mjs';

const APPS = 100;
const MODULE = new URL('./contenders/index.mjs', import.meta.url).href;

/**
 * @param options - `costRounds`, `costSeconds`.
 * @returns for each contender medians of `microseconds` and `perSecond`, and of both as ratios to the
 * first contender's, and each round's.
 */
export async function measureCost({ costRounds, costSeconds }, say) {
  const present = await availableOf(contenders);
  const setting = { apps: APPS };
  const asks = present.map(({ name }) => ({ label: name, name, module: MODULE, setting }));
  const taken = await measureEach({ asks, rounds: costRounds, seconds: costSeconds }, say);
  const base = taken[present[0].name];
  return {
    costRounds,
    costSeconds,
    apps: APPS,
    answerBytes: ANSWER_BYTES,
    contenders: present.map((one) => summary(one, taken[one.name], base)),
  };
}

async function availableOf(all) {
  const answers = await Promise.all(all.map(async (one) => (await one.isAvailable?.()) ?? true));
  return all.filter((_, index) => answers[index]);
}

/** Ratios are taken within each round: a machine that is slower for a while is so for both. */
function summary({ name, words }, rounds, base) {
  const ratio = (key) => median(rounds.map((one, round) => one[key] / base[round][key]));
  return {
    name,
    words,
    microseconds: median(rounds.map((one) => one.microseconds)),
    perSecond: median(rounds.map((one) => one.perSecond)),
    cpuRatio: ratio('microseconds'),
    throughputRatio: ratio('perSecond'),
    rounds,
  };
}

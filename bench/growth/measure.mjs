// How the CPU of a request grows with the number of apps, and with the number of requests that wait.
import { median } from '../shared/median.mjs';
import { measureEach } from '../cost/measure-each.mjs';
import * as byApps from './by-apps.mjs';
import * as byWaiting from './by-waiting.mjs';

const href = (name) => new URL(name, import.meta.url).href;
const APPS_WHILE_WAITING = 100;

const series = {
  apps: {
    contenders: byApps.contenders,
    module: href('./by-apps.mjs'),
    sizes: [10, 100, 1000, 10_000],
    setting: (size) => ({ apps: size }),
  },
  waiting: {
    contenders: byWaiting.contenders,
    module: href('./by-waiting.mjs'),
    sizes: [1000, 10_000, 100_000, 1_000_000],
    setting: (size) => ({ apps: APPS_WHILE_WAITING, waiting: size }),
  },
};

/**
 * @param options - `growthRounds`, `growthSeconds`, `mostApps`, `mostWaiting`, `atLeast` (requests that
 * are measured where few wait at once).
 * @returns for `apps` and for `waiting` the points of each contender: `{ size, microseconds }`, medians.
 */
export async function measureGrowth(options, say) {
  const { growthRounds, growthSeconds, mostApps, mostWaiting } = options;
  const apps = await measureSizes(series.apps, mostApps, options, say);
  const waiting = await measureSizes(series.waiting, mostWaiting, options, say);
  return { growthRounds, growthSeconds, apps, waiting };
}

async function measureSizes({ contenders, module, sizes, setting }, largest, options, say) {
  const { growthRounds: rounds, growthSeconds: seconds } = options;
  const asks = contenders.flatMap(({ name, most = Infinity, atLeast = options.atLeast }) =>
    sizes
      .filter((size) => size <= Math.min(most, largest))
      .map((size) => ({
        label: `${name}, ${size}`,
        size,
        name,
        module,
        atLeast,
        setting: setting(size),
      })),
  );
  const taken = await measureEach({ asks, rounds, seconds }, say);
  return contenders.map(({ name, words }) => ({
    name,
    words,
    points: asks
      .filter((ask) => ask.name === name)
      .map(({ label, size }) => point(size, taken[label])),
  }));
}

function point(size, rounds) {
  return { size, microseconds: median(rounds.map((one) => one.microseconds)), rounds };
}

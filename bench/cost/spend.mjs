// One contender in a process of its own: how much CPU each request takes, and how many it does a second.
import { task } from '../shared/process.mjs';

const { module, name, setting, seconds, atLeast } = task();
const { waiting } = setting;
const { contenders } = await import(module);
const ask = contenders.find((one) => one.name === name).create(setting);

const plan = waiting === undefined ? await forSeconds() : await inWaves();
process.send(await spend(plan));

/** As many requests as it does in `seconds`, found out while it warms up. */
async function forSeconds() {
  const warmMs = Math.max(500, seconds * 250);
  for (let count = 200; ; count *= 2) {
    const beforeMs = performance.now();
    await ask(count);
    const ms = performance.now() - beforeMs;
    if (ms > warmMs) return { waves: 1, count: Math.ceil((count / ms) * seconds * 1000) };
  }
}

/** So many that all wait at once, again and again until there were enough to measure. */
async function inWaves() {
  const WARM_UP_AT_ONCE = 1000;
  for (let asked = 0; asked < atLeast / 2; asked += WARM_UP_AT_ONCE) await ask(WARM_UP_AT_ONCE);
  return { waves: Math.max(1, Math.round(atLeast / waiting)), count: waiting };
}

async function spend({ waves, count }) {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  for (let wave = 0; wave < waves; wave++) await ask(count);
  const { user, system } = process.cpuUsage(before);
  const requests = waves * count;
  const perSecond = (requests / (performance.now() - startedMs)) * 1000;
  return { requests, microseconds: (user + system) / requests, perSecond };
}

// Runs contenders one after the other, interleaved, each in a process of its own, on the same server.
import { message, start, stop } from '../shared/process.mjs';
import { withScratchFolder } from '../shared/scratch-folder.mjs';
import { inTurns } from '../shared/turns.mjs';

const here = (name) => new URL(name, import.meta.url);

/** Bytes of an answer. */
export const ANSWER_BYTES = 150;

/**
 * @param asks - `{ label, module, name, setting, atLeast }` each: which contender of which module;
 * `setting` has `apps`. Where it has `waiting`, so many requests are asked for at once, again and again
 * until `atLeast` so many were measured; else it goes on for `seconds`.
 * @returns `{ microseconds, perSecond, requests }` of each round, for each label.
 */
export async function measureEach({ asks, rounds, seconds }, say) {
  const server = start(here('../shared/answers-server.mjs'), { bytes: ANSWER_BYTES });
  const origin = `http://127.0.0.1:${await message(server)}`;
  const byLabel = new Map(asks.map((ask) => [ask.label, ask]));
  const taken = await inTurns(rounds, [...byLabel.keys()], async (label) => {
    const one = await measureOne(byLabel.get(label), origin, seconds);
    const { microseconds, perSecond } = one;
    say(`${label}: ${microseconds.toFixed(1)} µs CPU a request, ${Math.round(perSecond)} a second`);
    return one;
  });
  await stop(server);
  return taken;
}

async function measureOne({ module, name, setting, atLeast }, origin, seconds) {
  return withScratchFolder(async (folder) => {
    const given = { module, name, setting: { ...setting, origin, folder }, seconds, atLeast };
    const child = start(here('./spend.mjs'), given);
    const spent = await message(child);
    await stop(child);
    return spent;
  });
}

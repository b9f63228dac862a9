// A clock that a busy machine slows down as it slows down the library: each beat is a timer of 40 ms and a
// write, which is what an outcome needs to be recorded. So the promise of 50 ms can be judged anywhere.
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMER_MS = 40;

/** Calls back after each beat, with when it began. Never ends. */
export async function beat(file, tell) {
  const handle = await open(file, 'w');
  for (;;) {
    const beganAt = Date.now();
    await sleep(TIMER_MS);
    await handle.write('.');
    tell(beganAt);
  }
}

/** How many whole beats there were after a time. */
export function beatsAfter(beganAt, atMs) {
  return beganAt.filter((time) => time > atMs).length;
}

// How late a busy machine makes a timer and a write: what an outcome needs to be recorded, without the
// library. So that the promise of 50 ms can be judged on any machine.
import { open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMER_MS = 40;

/** Tells again and again by how many milliseconds a timer and a write were late. Never ends. */
export async function noteLateness(tell) {
  tell(0);
  const file = await open(devNull, 'w');
  for (;;) {
    const startedAt = Date.now();
    await sleep(TIMER_MS);
    await file.write('.');
    tell(Date.now() - startedAt - TIMER_MS);
  }
}

/**
 * How late it was at most in a process that was killed.
 *
 * @param beats - what it has told, and when.
 */
export function mostLateMs(beats, killedAt) {
  const unfinished = killedAt - (beats.at(-1)?.atMs ?? killedAt) - TIMER_MS;
  return Math.max(0, unfinished, ...beats.map(({ lateMs }) => lateMs));
}

import type { Clock } from '../clock.js';

/** Times since the epoch on the clock's scale; none in the future, should the system's time have gone back. */
export function clockTimes(clock: Clock, wallTimes: readonly number[]): number[] {
  const now = clock.now();
  const offset = now - clock.wallNow();
  return wallTimes.map((time) => Math.min(time + offset, now));
}

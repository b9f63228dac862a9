/** The only place of the library that makes random numbers: everything else is handed a {@link Random}. */

/** Returns a number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** The system's random numbers. */
export const systemRandom: Random = () => Math.random();

/**
 * Numbers that a seed repeats exactly (the generator "mulberry32": 32 bits of state, period 2^32).
 *
 * @param seed - any integer; only its low 32 bits count.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

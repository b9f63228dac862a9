import { identityOf } from '../../run/request-identity.js';
import type { RunSource } from '../../run/run.js';
import { SeenTexts } from '../input/seen-texts.js';

/** Requests are compared among the first so many different ones: 128 MiB. */
const MAX_COMPARED = 12_000_000;

/** How many requests there are. */
export interface InputCount {
  readonly requests: number;
  /** Those that ask for the same as an earlier one. */
  readonly duplicates: number;
  /** False when there were too many to compare them all. */
  readonly areAllCompared: boolean;
}

/**
 * Reads a source to its end.
 *
 * @throws what the source throws.
 */
export async function countInput(source: RunSource): Promise<InputCount> {
  const seen = new SeenTexts(MAX_COMPARED);
  let [requests, duplicates] = [0, 0];
  for await (const request of source) {
    requests += 1;
    if (seen.add(identityOf(request))) duplicates += 1;
  }
  return { requests, duplicates, areAllCompared: !seen.isFull };
}

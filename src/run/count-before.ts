/** Counts requests of a run, those left out that were asked for behind the end of a list. Pure. */
import type { IdSet } from '../store/id-set.js';

/**
 * @param end - those from here on do not count; `undefined`: all do.
 * @param read - how many requests there are.
 */
export function countBefore(ids: IdSet, end: number | undefined, read: number): number {
  let { size } = ids;
  for (let id = end ?? read; id < read; id++) if (ids.has(id)) size -= 1;
  return size;
}

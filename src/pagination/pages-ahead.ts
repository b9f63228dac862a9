/** How many pages are asked for beyond the one whose items are being handed over. Pure. */

/** Where nobody knows how many there are: so many requests may be for nothing. */
export const AHEAD_UNKNOWN = 3;
const LEAST_AHEAD = 4;
const MOST_AHEAD = 100;
const MOST_ITEMS_AHEAD = 10_000;
/** What the apps send in this time is enough for a server that takes so long to answer. */
const AHEAD_SECONDS = 2;

/**
 * Where it is known how many there are.
 *
 * @param size - items of a page.
 * @param allowedRate - requests a second that all apps may send together.
 */
export function pagesAhead(size: number, allowedRate: number): number {
  const byRate = Math.ceil(allowedRate * AHEAD_SECONDS);
  const bySize = Math.floor(MOST_ITEMS_AHEAD / Math.max(1, size));
  return Math.max(LEAST_AHEAD, Math.min(byRate, bySize, MOST_AHEAD));
}

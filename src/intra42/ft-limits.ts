import type { Limit } from '../index.js';

/** What an app of the 42 Intra is allowed unless its page says otherwise. */
const PER_SECOND = 2;
const PER_HOUR = 1200;

/** The limits of an app of which no more is known. */
export const FT_LIMITS: readonly Limit[] = ftLimits(undefined, undefined);

/** Where a page names only one of the two limits, the other one still holds. */
export function ftLimits(perSecond: number | undefined, perHour: number | undefined): Limit[] {
  return [
    { requests: perSecond || PER_SECOND, perMs: 1000 },
    { requests: perHour || PER_HOUR, perMs: 3_600_000 },
  ];
}

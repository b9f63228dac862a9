/** Which limits an app is kept to once its answers have told some. */
import type { Limit } from './limit.js';
import type { ToldWindow } from './told-window.js';

/** The windows of an answer that tell a whole limit: how many requests, and in how long. */
export function limitsIn(windows: readonly ToldWindow[]): readonly Limit[] {
  const limits: Limit[] = [];
  for (const { requests, perMs } of windows) {
    if (requests !== undefined && perMs !== undefined) limits.push({ requests, perMs });
  }
  return limits;
}

/**
 * The limits of an app that keep to `told` as well. A limit that is told replaces the one of the same
 * length where it is tighter, and comes beside the others where they would admit more than it does.
 * A looser one changes nothing: the very same list is returned.
 */
export function tightened(assumed: readonly Limit[], told: readonly Limit[]): readonly Limit[] {
  return told.reduce(tightenedByOne, assumed);
}

function tightenedByOne(assumed: readonly Limit[], told: Limit): readonly Limit[] {
  const ofSameLength = assumed.find(({ perMs }) => perMs === told.perMs);
  if (ofSameLength !== undefined) {
    if (told.requests >= ofSameLength.requests) return assumed;
    return assumed.map((limit) => (limit === ofSameLength ? told : limit));
  }
  return mostAdmitted(assumed, told.perMs) > told.requests ? [...assumed, told] : assumed;
}

/** What no window of `perMs` can hold more of, wherever it begins. */
function mostAdmitted(limits: readonly Limit[], perMs: number): number {
  return Math.min(...limits.map((limit) => Math.ceil(perMs / limit.perMs) * limit.requests));
}

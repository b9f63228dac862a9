/** How long a number of requests takes at best: what plans and progress tell. */
import { requestsAdmitted } from './allowance.js';
import type { Limit } from './limit.js';

/** Apps with the same limits. */
export interface AppGroup {
  readonly limits: readonly Limit[];
  readonly apps: number;
}

/** The least time that a number of requests takes, and why it is no less. */
export interface Makespan {
  /** Milliseconds; `Infinity` without apps. */
  readonly durationMs: number;
  /** The limit that admits the fewest requests in that time; `undefined` without apps or limits. */
  readonly bindingLimit: Limit | undefined;
}

/**
 * The least time in which the apps can send so many requests together, when all their windows are
 * free. The limit that binds is that of the largest group; where several bind, the one with the
 * shortest window.
 *
 * All limits are taken for limits on requests: give it none of scopes, and none that count costs (`of`).
 *
 * As in {@link requestsAdmitted}, the shortest window counts by parts: 1 request with 2/s takes half a
 * second.
 */
export function makespan(groups: readonly AppGroup[], requests: number): Makespan {
  const filled = groups.filter(({ apps }) => apps > 0);
  const durationMs = requests > 0 ? leastDuration(filled, requests) : 0;
  const [largest] = filled.toSorted((a, b) => b.apps - a.apps);
  return { durationMs, bindingLimit: largest && bindingLimit(largest.limits, durationMs) };
}

function leastDuration(groups: readonly AppGroup[], requests: number): number {
  if (groups.length === 0) return Infinity;
  const isEnough = (durationMs: number): boolean =>
    groups.reduce(
      (sum, group) => sum + group.apps * requestsAdmitted(group.limits, durationMs),
      0,
    ) >= requests;
  if (isEnough(0)) return 0;
  let enough = 1;
  while (!isEnough(enough)) enough *= 2;
  let tooLittle = enough === 1 ? 0 : enough / 2;
  // What is admitted never falls with time: halve until no number lies between.
  for (;;) {
    const middle = tooLittle + (enough - tooLittle) / 2;
    if (middle <= tooLittle || middle >= enough) break;
    if (isEnough(middle)) enough = middle;
    else tooLittle = middle;
  }
  // The last digits are rounding: 599,999.999,999,999,9 is 600,000.
  return Number(enough.toPrecision(14));
}

function bindingLimit(limits: readonly Limit[], durationMs: number): Limit | undefined {
  const [longest, ...shorter] = limits.toSorted((a, b) => b.perMs - a.perMs);
  if (longest === undefined) return undefined;
  const holdsBack =
    requestsAdmitted(limits, durationMs) < requestsAdmitted(shorter, durationMs) * (1 - 1e-9);
  return holdsBack ? longest : bindingLimit(shorter, durationMs);
}

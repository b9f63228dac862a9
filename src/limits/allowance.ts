/** How many requests the limits admit over a time: what a run's rate is measured against. */
import { rateOf, type Limit } from './limit.js';

/**
 * The most requests that one app may send in `durationMs`, when all its windows were free before.
 * The shortest window counts by parts, so that a duration of half a window admits half of it; another
 * one may be used up as fast as the shorter ones admit, each time that it begins.
 *
 * Exact where each window but the shortest is a whole number of times in the next longer one (minute,
 * hour, day); with others it may be above what sliding windows admit, by less than one window.
 */
export function requestsAdmitted(limits: readonly Limit[], durationMs: number): number {
  return admitted(
    limits.toSorted((a, b) => b.perMs - a.perMs),
    durationMs,
  );
}

/** Requests a second that one app may send for ever; `Infinity` without limits. */
export function sustainedRate(limits: readonly Limit[]): number {
  return Math.min(Infinity, ...limits.map(rateOf));
}

function admitted([longest, ...shorter]: readonly Limit[], durationMs: number): number {
  if (longest === undefined) return Infinity;
  const { requests, perMs } = longest;
  if (shorter.length === 0) return (rateOf(longest) * durationMs) / 1000;
  // By the remainder, which is exact: the quotient may be rounded up to a window that is not full.
  const restMs = durationMs % perMs;
  const windows = Math.round((durationMs - restMs) / perMs);
  const inWindow = Math.min(requests, admitted(shorter, perMs));
  const inRest = Math.min(requests, admitted(shorter, restMs));
  return Math.min(windows * inWindow + inRest, admitted(shorter, durationMs));
}

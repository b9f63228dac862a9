/** How many requests the limits admit over a time: what a run's rate is measured against. */
import { rateOf, type Limit } from '../../limits/limit.js';

/**
 * The most requests that one app may send in `durationMs`, when all its windows were free before.
 * The shortest window counts by parts, so that a duration of half a window admits half of it; another
 * one may be used up as fast as the shortest admits, each time that it begins.
 */
export function requestsAdmitted(limits: readonly Limit[], durationMs: number): number {
  const [shortest] = limits.toSorted((a, b) => a.perMs - b.perMs);
  if (shortest === undefined) return Infinity;
  const byShortest = (ms: number): number => (rateOf(shortest) * ms) / 1000;
  const byEach = limits.map(({ requests, perMs }) => {
    const windows = Math.floor(durationMs / perMs);
    return windows * requests + Math.min(requests, byShortest(durationMs % perMs));
  });
  return Math.min(byShortest(durationMs), ...byEach);
}

/** Requests a second that one app may send for ever; `Infinity` without limits. */
export function sustainedRate(limits: readonly Limit[]): number {
  return Math.min(Infinity, ...limits.map(rateOf));
}

/** Reads the limits that `run.json` may hold among its options. Anything else gives none. */
export function limitsOf(options: Readonly<Record<string, unknown>>): Limit[] {
  const limits = options['limits'];
  return Array.isArray(limits) && limits.every(isLimit) ? limits : [];
}

function isLimit(value: unknown): value is Limit {
  const { requests, perMs } = (value ?? {}) as Partial<Limit>;
  return typeof requests === 'number' && requests > 0 && typeof perMs === 'number' && perMs > 0;
}

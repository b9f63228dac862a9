import { perSecond, type Limit } from './limit.js';

const ONE_SECOND_MS = 1000;

/**
 * The windows that an app is kept to: `limits`, but with `requestsPerSecond` in place of the
 * one-second window (or beside the others, where there is none). None where they are not known.
 */
export function effectiveLimits(
  limits: readonly Limit[] | 'discover',
  requestsPerSecond: number | undefined,
): readonly Limit[] {
  const known = limits === 'discover' ? [] : limits;
  if (requestsPerSecond === undefined) return known;
  return [perSecond(requestsPerSecond), ...known.filter((limit) => limit.perMs !== ONE_SECOND_MS)];
}

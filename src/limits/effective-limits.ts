import { perSecond, type Limit } from './limit.js';

const ONE_SECOND_MS = 1000;

/**
 * The windows that an app is kept to: `limits`, but with `requestsPerSecond` in place of the
 * one-second window (or beside the others, where there is none).
 */
export function effectiveLimits(
  limits: readonly Limit[],
  requestsPerSecond: number | undefined,
): readonly Limit[] {
  if (requestsPerSecond === undefined) return limits;
  return [perSecond(requestsPerSecond), ...limits.filter((limit) => limit.perMs !== ONE_SECOND_MS)];
}

/** Limits that count something else than requests, apart from those that count them. */
import { HydraError } from '../errors.js';
import type { Limit } from './limit.js';

/** Those that count something else; none where nobody knows any. */
export function costLimits(limits: readonly Limit[] | 'discover'): readonly Limit[] {
  return limits === 'discover' ? [] : limits.filter(({ of }) => of !== undefined);
}

/** Those that count requests; where there are none, the rate is found out. */
export function requestLimits(
  limits: readonly Limit[] | 'discover',
): readonly Limit[] | 'discover' {
  if (limits === 'discover') return limits;
  const counted = limits.filter(({ of }) => of === undefined);
  return counted.length === 0 ? 'discover' : counted;
}

/** The error of a request that costs more than a window ever admits. */
export function tooCostly(
  amounts: Readonly<Record<string, number>>,
  limits: readonly Limit[],
  url: string,
): HydraError | undefined {
  for (const { of = '', requests, perMs } of limits) {
    const amount = amounts[of] ?? 0;
    if (amount <= requests) continue;
    const message = `The request is expected to cost ${amount} ${of}, and the limit is ${requests} ${of} in ${perMs} ms: no app could ever send it.`;
    return new HydraError('HYDRA_INVALID_REQUEST', message, { name: of, url });
  }
  return undefined;
}

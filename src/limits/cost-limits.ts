/** Limits that count something else than requests, apart from those that count them. */
import { HydraError } from '../errors.js';
import type { Limit } from './limit.js';
import type { LimitRules } from './limit-rules.js';

/** Limits that count something else than requests. */
export interface CostLimits {
  /** For all requests of an app. */
  readonly own: readonly Limit[];
  /** For its requests of each scope beside those. */
  readonly scopes: Readonly<Record<string, readonly Limit[]>>;
}

/** What an API says of its limits. */
interface LimitedApi extends Pick<LimitRules, 'scopeLimits'> {
  readonly limits: readonly Limit[] | 'discover';
}

const isCost = ({ of }: Limit): boolean => of !== undefined;

/** Those of an API that count something else; `undefined` where it has none. */
export function costLimits(api: LimitedApi): CostLimits | undefined {
  const { limits } = api;
  const own = limits === 'discover' ? [] : limits.filter(isCost);
  const scopes = scopeLimitsOf(api, isCost);
  const isNone = own.length === 0 && Object.values(scopes).every((some) => some.length === 0);
  return isNone ? undefined : { own, scopes };
}

/** Some of the limits of each scope. */
export function scopeLimitsOf(
  { scopeLimits = {} }: Pick<LimitRules, 'scopeLimits'>,
  isWanted: (limit: Limit) => boolean,
): Readonly<Record<string, readonly Limit[]>> {
  const wanted = Object.entries(scopeLimits).map(([scope, limits]) => [
    scope,
    limits.filter(isWanted),
  ]);
  return Object.fromEntries(wanted);
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

/** Finds out at once what would only show while requests are sent: limits that admit nothing, and the like. */
import { describeValue, HydraError } from '../errors.js';
import type { Limit } from './limit.js';
import type { LimitRules } from './limit-rules.js';

/**
 * @param name - of the option, for the error.
 * @throws HydraError `HYDRA_INVALID_OPTION` for anything but a list of limits that admit something.
 */
export function checkLimits(name: string, limits: unknown, expected: string): void {
  if (!Array.isArray(limits) || limits.length === 0) throw invalid(name, expected, limits);
  for (const limit of limits as readonly Limit[]) checkLimit(name, limit);
}

/** The rules of an API that are given, checked. */
export function checkedRules(rules: LimitRules): LimitRules {
  const { scope, scopeLimits, readLimits, isRefusal, cost, actualCost } = rules;
  const functions = { scope, readLimits, isRefusal, cost, actualCost };
  for (const [name, value] of Object.entries(functions)) {
    if (value !== undefined && typeof value !== 'function')
      throw invalid(name, 'a function', value);
  }
  if (scopeLimits !== undefined) checkScopeLimits(scopeLimits, scope);
  const given = { ...functions, scopeLimits };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function checkScopeLimits(scopeLimits: unknown, scope: LimitRules['scope']): void {
  if (typeof scopeLimits !== 'object' || scopeLimits === null || Array.isArray(scopeLimits)) {
    throw invalid('scopeLimits', 'a list of limits for each scope', scopeLimits);
  }
  if (scope === undefined) {
    throw invalid('scope', 'a function where `scopeLimits` is given', scope);
  }
  for (const [name, limits] of Object.entries(scopeLimits)) {
    checkLimits(`scopeLimits.${name}`, limits, 'a list of at least one limit');
  }
}

/** Limits that count something else than requests need to be told how much a request costs. */
export function checkCosts(
  limits: readonly Limit[] | 'discover',
  { cost, scopeLimits = {} }: LimitRules,
): void {
  const own = limits === 'discover' ? [] : limits;
  const all = [...own, ...Object.values(scopeLimits).flat()];
  if (cost === undefined && all.some(({ of }) => of !== undefined)) {
    throw invalid('cost', 'a function where a limit has `of`', cost);
  }
}

function checkLimit(name: string, limit: Limit): void {
  if (!Number.isInteger(limit?.requests) || limit.requests < 1) {
    throw invalid(`${name}[].requests`, 'a whole number of at least 1', limit?.requests);
  }
  if (!Number.isFinite(limit.perMs) || limit.perMs <= 0) {
    throw invalid(`${name}[].perMs`, 'a number of milliseconds above 0', limit.perMs);
  }
  if (limit.of !== undefined && (typeof limit.of !== 'string' || limit.of === '')) {
    throw invalid(`${name}[].of`, 'the name of what is counted', limit.of);
  }
}

function invalid(name: string, expected: string, value: unknown): HydraError {
  const message = `Expected \`${name}\` to be ${expected}, got ${describeValue(value)}.`;
  return new HydraError('HYDRA_INVALID_OPTION', message, { name });
}

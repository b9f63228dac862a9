/**
 * `RateLimit-Policy` and `RateLimit` as structured fields (RFC 9651): the form that
 * draft-ietf-httpapi-ratelimit-headers has had since version 8 (`"burst";q=100;w=60` and
 * `"burst";r=50;t=30`), and that of version 7 (`100;w=60` and `limit=100, remaining=50, reset=5`).
 */
import {
  parseDictionary,
  parseList,
  Token,
  type BareItem,
  type Dictionary,
  type Item,
  type InnerList,
} from 'structured-headers';
import { leftOver, quota, untilMs, windowMs } from './header-number.js';
import type { ToldWindow } from './told-window.js';

/** A policy: which window there is. */
export interface ToldPolicy {
  /** Its name; `undefined` in the older form, which knows policies by their quota. */
  readonly name: string | undefined;
  readonly requests: number | undefined;
  readonly perMs: number | undefined;
}

/** How far a policy is used up. */
interface ToldState {
  readonly name: string | undefined;
  /** The quota of the policy, in the older form. */
  readonly requests: number | undefined;
  readonly remaining: number | undefined;
  readonly resetMs: number | undefined;
}

/** Tells the older form of `RateLimit`, a dictionary, from the newer one, a list. */
const IS_DICTIONARY = /^\s*(?:limit|remaining|reset)\s*=/;

/** Reads `RateLimit-Policy`. Policies that count something else than requests are left out. */
export function parsePolicies(text: string): readonly ToldPolicy[] {
  const policies: ToldPolicy[] = [];
  for (const [value, parameters] of itemsOf(text)) {
    const unit = parameters.get('qu');
    if (unit !== undefined && unit !== 'requests') continue;
    const isOlder = typeof value === 'number';
    const requests = quota(isOlder ? value : parameters.get('q'));
    const name = nameOf(value);
    if (requests === undefined || (name === undefined && !isOlder)) continue;
    policies.push({ name, requests, perMs: windowMs(parameters.get('w')) });
  }
  return policies;
}

/** The windows that the policies and `RateLimit` tell together. */
export function windowsOfFields(
  policies: readonly ToldPolicy[],
  rateLimit: string | undefined,
): readonly ToldWindow[] {
  const states = rateLimit === undefined ? [] : parseStates(rateLimit);
  const told = new Set<ToldPolicy>();
  const windows = states.map((state): ToldWindow => {
    const policy = policyOf(state, policies);
    if (policy !== undefined) told.add(policy);
    const { remaining, resetMs } = state;
    const requests = policy?.requests ?? state.requests;
    return { name: labelOf(state.name), requests, perMs: policy?.perMs, remaining, resetMs };
  });
  const silent = policies.filter((policy) => !told.has(policy));
  return [...windows, ...silent.map(windowOfPolicy)];
}

/** What a policy alone tells. */
export function windowOfPolicy({ name, requests, perMs }: ToldPolicy): ToldWindow {
  return { name: labelOf(name), requests, perMs, remaining: undefined, resetMs: undefined };
}

function parseStates(text: string): readonly ToldState[] {
  if (IS_DICTIONARY.test(text)) return stateOfDictionary(text);
  const states: ToldState[] = [];
  for (const [value, parameters] of itemsOf(text)) {
    const name = nameOf(value);
    const remaining = leftOver(parameters.get('r'));
    if (name === undefined || remaining === undefined) continue;
    states.push({ name, requests: undefined, remaining, resetMs: untilMs(parameters.get('t')) });
  }
  return states;
}

function stateOfDictionary(text: string): readonly ToldState[] {
  let dictionary: Dictionary;
  try {
    dictionary = parseDictionary(text);
  } catch {
    return [];
  }
  const remaining = leftOver(dictionary.get('remaining')?.[0]);
  if (remaining === undefined) return [];
  const requests = quota(dictionary.get('limit')?.[0]);
  const resetMs = untilMs(dictionary.get('reset')?.[0]);
  return [{ name: undefined, requests, remaining, resetMs }];
}

/** The items of a list; none where it is malformed, which is to be ignored as a whole. */
function itemsOf(text: string): readonly Item[] {
  try {
    return parseList(text).filter(isItem);
  } catch {
    return [];
  }
}

function isItem(member: Item | InnerList): member is Item {
  return !Array.isArray(member[0]);
}

function nameOf(value: BareItem): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Token ? value.toString() : undefined;
}

function policyOf(state: ToldState, policies: readonly ToldPolicy[]): ToldPolicy | undefined {
  if (state.name !== undefined) return policies.find(({ name }) => name === state.name);
  if (state.requests === undefined) return policies.length === 1 ? policies[0] : undefined;
  return policies.find(({ requests }) => requests === state.requests);
}

function labelOf(name: string | undefined): string {
  return name === undefined ? 'RateLimit' : `RateLimit "${name}"`;
}

/** How far a run is, from what its parts tell. */
import type { Limit } from '../limits/limit.js';
import { makespan, type AppGroup } from '../limits/makespan.js';
import { pacedGroups } from '../limits/paced-groups.js';
import type { RunProgress, RunState } from './run.js';

/** What progress is made of. */
export interface ProgressFacts {
  readonly state: RunState;
  readonly done: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly total: number | undefined;
  readonly rate: number;
  readonly apps: readonly AppGroup[];
  /** Least time between any two requests. */
  readonly minRequestDelayMs: number;
  readonly elapsedMs: number;
  readonly retries: number;
}

/** For a run of unknown length, what is allowed is that of so many milliseconds. */
const LONG_MS = 24 * 3_600_000;

/** Works out what is allowed, and how long the rest takes at that. */
export function progressOf({ apps, minRequestDelayMs, ...facts }: ProgressFacts): RunProgress {
  const { total, done, failed } = facts;
  const left = total === undefined ? undefined : Math.max(0, total - done - failed);
  const span = spanOf(pacedGroups(apps, minRequestDelayMs), left);
  const isByLimit = apps.some(({ limits }) => limits.includes(span.bindingLimit as Limit));
  return {
    ...facts,
    allowedRate: span.rate,
    bindingWindow:
      span.bindingLimit === undefined || isByLimit
        ? span.bindingLimit
        : { requests: 1, perMs: minRequestDelayMs },
    etaMs: left === undefined || span.durationMs === Infinity ? undefined : span.durationMs,
  };
}

interface Span {
  readonly durationMs: number;
  readonly rate: number;
  readonly bindingLimit: Limit | undefined;
}

function spanOf(apps: readonly AppGroup[], left: number | undefined): Span {
  if (left === 0) return { durationMs: 0, rate: 0, bindingLimit: undefined };
  const requests = left ?? requestsInLong(apps);
  const { durationMs, bindingLimit } = makespan(apps, requests);
  const rate = durationMs > 0 && durationMs < Infinity ? (requests * 1000) / durationMs : 0;
  return { durationMs, rate, bindingLimit };
}

function requestsInLong(apps: readonly AppGroup[]): number {
  const perSecond = apps.reduce(
    (sum, group) =>
      sum + group.apps * Math.min(...group.limits.map(({ requests, perMs }) => requests / perMs)),
    0,
  );
  return Math.max(1, perSecond * LONG_MS);
}

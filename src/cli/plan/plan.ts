/** What a job would take, worked out from the limits on all requests alone: not of scopes, nor of costs. */
import { makespan, type AppGroup } from '../../limits/makespan.js';
import type { Limit } from '../../limits/limit.js';
import { pacedGroups } from '../../limits/paced-groups.js';

/** What is known of a job. */
export interface Job {
  readonly requests: number;
  readonly groups: readonly AppGroup[];
  /** Least time between any two requests over all apps. */
  readonly minRequestDelayMs: number;
}

/** What keeps a job from being faster. */
export type Binding =
  | { readonly kind: 'limit'; readonly limit: Limit }
  | { readonly kind: 'delay'; readonly minRequestDelayMs: number };

/** How long a job takes. */
export interface Plan {
  readonly apps: number;
  /** At best: when all windows are free, and no request has to be sent again. */
  readonly durationMs: number;
  readonly binding: Binding | undefined;
  /** The fewest apps that take half the time, where any number does. */
  readonly halving: { readonly apps: number; readonly durationMs: number } | undefined;
  /** What it takes with any number of apps, because of the delay between any two requests. */
  readonly leastMs: number;
}

/** Makes the plan of a job with at least one app. */
export function makePlan(job: Job): Plan {
  const apps = countApps(job.groups);
  const { durationMs, bindingLimit } = makespan(
    pacedGroups(job.groups, job.minRequestDelayMs),
    job.requests,
  );
  const isLimit = bindingLimit === undefined || allLimits(job.groups).includes(bindingLimit);
  return {
    apps,
    durationMs,
    binding: isLimit
      ? bindingLimit && { kind: 'limit', limit: bindingLimit }
      : { kind: 'delay', minRequestDelayMs: job.minRequestDelayMs },
    halving: findHalving(job, apps, durationMs),
    leastMs: job.requests * job.minRequestDelayMs,
  };
}

function findHalving(job: Job, apps: number, durationMs: number): Plan['halving'] {
  const durationWith = (more: number): number =>
    makespan(
      pacedGroups(withMoreApps(job.groups, more - apps), job.minRequestDelayMs),
      job.requests,
    ).durationMs;
  // Figures that differ by their rounding are the same.
  const isHalf = (more: number): boolean => durationWith(more) <= (durationMs / 2) * (1 + 1e-9);
  // An app for each request is the most that can be of use.
  if (durationMs === 0 || job.requests <= apps || !isHalf(job.requests)) return undefined;
  let [tooFew, enough] = [apps, job.requests];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isHalf(middle)) enough = middle;
    else tooFew = middle;
  }
  return { apps: enough, durationMs: durationWith(enough) };
}

/** Further apps are like most of those that are there. */
function withMoreApps(groups: readonly AppGroup[], more: number): readonly AppGroup[] {
  const [largest, ...others] = groups.toSorted((a, b) => b.apps - a.apps);
  return largest === undefined ? [] : [{ ...largest, apps: largest.apps + more }, ...others];
}

function countApps(groups: readonly AppGroup[]): number {
  return groups.reduce((sum, { apps }) => sum + apps, 0);
}

function allLimits(groups: readonly AppGroup[]): Limit[] {
  return groups.flatMap(({ limits }) => limits);
}

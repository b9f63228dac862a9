/** What the least time between any two requests leaves of the apps' limits. */
import { rateOf, type Limit } from './limit.js';
import type { AppGroup } from './makespan.js';

/**
 * The groups, slowed down where the shortest windows of all apps admit together more than the delay
 * between any two requests does: each app then gets its share.
 */
export function pacedGroups(
  groups: readonly AppGroup[],
  minRequestDelayMs: number,
): readonly AppGroup[] {
  const admitted = groups.reduce((sum, { apps, limits }) => {
    const shortest = shortestOf(limits);
    return sum + (shortest === undefined ? Infinity : apps * rateOf(shortest));
  }, 0);
  const share = 1000 / minRequestDelayMs / admitted;
  if (share >= 1) return groups;
  return groups.map(({ apps, limits }) => {
    const shortest = shortestOf(limits);
    const slowed = limits.map((limit) =>
      limit === shortest ? { requests: limit.requests * share, perMs: limit.perMs } : limit,
    );
    return { apps, limits: slowed };
  });
}

function shortestOf(limits: readonly Limit[]): Limit | undefined {
  return limits.toSorted((a, b) => a.perMs - b.perMs)[0];
}

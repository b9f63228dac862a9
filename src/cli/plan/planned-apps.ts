/** Which apps a plan is made for. */
import { AppsFile } from '../../engine/apps-file.js';
import { effectiveLimits } from '../../limits/effective-limits.js';
import type { Limit } from '../../limits/limit.js';
import type { AppGroup } from '../../limits/makespan.js';
import { planBasis, unknownLimits, type PlanBasis } from './configured-plan.js';

/** The flags that say it. */
export interface AppFlags {
  readonly apps?: number;
  readonly appsFile?: string;
  readonly limit?: readonly Limit[];
  readonly requestsPerSecond?: number;
}

/** The apps, and what they were taken from. */
export interface PlannedApps {
  readonly groups: readonly AppGroup[];
  readonly from: 'flag' | 'config' | 'file' | 'default';
}

/**
 * The apps that were asked for, else those in the configuration, else those in the apps file, else one.
 * Their limits are those that were given, else their own, else those of the API.
 *
 * @param basis - what is known without flags: of the 42 Intra, unless told otherwise.
 * @throws HydraError `HYDRA_APPS_FILE` for a file that cannot be understood, `HYDRA_CONFIG` where nobody
 * knows the limits.
 */
export function plannedApps(flags: AppFlags, basis: PlanBasis = planBasis(undefined)): PlannedApps {
  const { apps, appsFile } = flags;
  if (apps !== undefined)
    return { groups: [{ limits: limitsWith(flags, basis), apps }], from: 'flag' };
  // Whoever names a file means the apps in it.
  const listed = appsFile === undefined ? basis.apps : undefined;
  const known =
    listed ?? new AppsFile(appsFile ?? basis.appsFile).load()?.apps.map(({ app }) => app) ?? [];
  if (known.length === 0) {
    return { groups: [{ limits: limitsWith(flags, basis), apps: 1 }], from: 'default' };
  }
  return {
    groups: groupByLimits(known.map(({ limits }) => limitsWith(flags, basis, limits))),
    from: listed === undefined ? 'file' : 'config',
  };
}

function limitsWith(flags: AppFlags, basis: PlanBasis, ofApp?: readonly Limit[]): readonly Limit[] {
  const limits = flags.limit ?? ofApp ?? basis.limits;
  if (limits === undefined) throw unknownLimits();
  return effectiveLimits(limits, flags.requestsPerSecond ?? basis.requestsPerSecond);
}

function groupByLimits(limitsOfApps: readonly (readonly Limit[])[]): AppGroup[] {
  const groups = new Map<string, AppGroup>();
  for (const limits of limitsOfApps) {
    const key = JSON.stringify(limits.map(({ requests, perMs }) => [requests, perMs]));
    const group = groups.get(key);
    groups.set(key, { limits: group?.limits ?? limits, apps: (group?.apps ?? 0) + 1 });
  }
  return [...groups.values()];
}

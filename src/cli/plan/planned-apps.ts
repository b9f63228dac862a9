/** Which apps a plan is made for. */
import { AppsFile } from '../../engine/apps-file.js';
import { FT_LIMITS } from '../../intra42/ft-limits.js';
import { effectiveLimits } from '../../limits/effective-limits.js';
import type { Limit } from '../../limits/limit.js';
import type { AppGroup } from '../../limits/makespan.js';

/** The flags that say it. */
export interface AppFlags {
  readonly apps?: number;
  readonly appsFile: string;
  readonly limit?: readonly Limit[];
  readonly requestsPerSecond?: number;
}

/** The apps, and what they were taken from. */
export interface PlannedApps {
  readonly groups: readonly AppGroup[];
  readonly from: 'flag' | 'file' | 'default';
}

/**
 * The apps that were asked for, else those in the apps file, else one. Their limits are those that were
 * given, else the ones in the file, else the usual ones of the 42 Intra.
 *
 * @throws HydraError `HYDRA_APPS_FILE` for a file that cannot be understood.
 */
export function plannedApps(flags: AppFlags): PlannedApps {
  const usual = limitsWith(flags, undefined);
  if (flags.apps !== undefined)
    return { groups: [{ limits: usual, apps: flags.apps }], from: 'flag' };
  const known = new AppsFile(flags.appsFile).load()?.apps ?? [];
  if (known.length === 0) return { groups: [{ limits: usual, apps: 1 }], from: 'default' };
  return {
    groups: groupByLimits(known.map(({ app }) => limitsWith(flags, app.limits))),
    from: 'file',
  };
}

function limitsWith(flags: AppFlags, ofApp: readonly Limit[] | undefined): readonly Limit[] {
  return effectiveLimits(flags.limit ?? ofApp ?? FT_LIMITS, flags.requestsPerSecond);
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

/** What is kept between runs of apps' windows for scopes. */
import type { AppState } from './apps-file.js';
import { clockTimes } from './clock-times.js';
import type { Clock } from '../clock.js';
import type { ScopeSlot } from '../scheduling/scope-slot.js';

/** When requests of each scope were sent, as far as that still counts; milliseconds since the epoch. */
export function usedScopes(scoped: readonly ScopeSlot[], clock: Clock): AppState['scopes'] {
  if (scoped.length === 0) return undefined;
  const now = clock.now();
  const wallOffset = clock.wallNow() - now;
  const used = scoped.map(({ scope, windows }) => {
    return [scope, windows.recent(now).map((time) => time + wallOffset)] as const;
  });
  return Object.fromEntries(used.filter(([, times]) => times.length > 0));
}

/** Counts what was kept, each `marginMs` later. */
export function restoreScopes(
  scoped: readonly ScopeSlot[],
  kept: AppState['scopes'],
  clock: Clock,
  marginMs: number,
): void {
  for (const { scope, windows } of scoped) {
    const times = kept !== undefined && Object.hasOwn(kept, scope) ? (kept[scope] ?? []) : [];
    for (const time of clockTimes(clock, times)) windows.record(time + marginMs);
  }
}

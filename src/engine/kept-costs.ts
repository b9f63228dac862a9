/** What is kept between runs of what apps spent of limits that count something else than requests. */
import type { KeptCosts } from './apps-file.js';
import { clockTimes } from './clock-times.js';
import type { Clock } from '../clock.js';
import type { AppCosts } from '../scheduling/app-costs.js';

/** What an app spent, as far as that still counts; `undefined` where nothing does. */
export function usedCosts(
  costs: AppCosts | undefined,
  clock: Clock,
): readonly KeptCosts[] | undefined {
  if (costs === undefined) return undefined;
  const nowMs = clock.now();
  const wallOffset = clock.wallNow() - nowMs;
  const used = costs.recent(nowMs).filter(({ uses }) => uses.length > 0);
  if (used.length === 0) return undefined;
  return used.map(({ of, scope, uses }) => ({
    of,
    scope,
    uses: uses.map(({ atMs, amount }) => ({ atMs: atMs + wallOffset, amount })),
  }));
}

/** Counts what was kept, each `marginMs` later. What no window counts any more is passed over. */
export function restoreCosts(
  costs: AppCosts | undefined,
  kept: readonly KeptCosts[] | undefined,
  clock: Clock,
  marginMs: number,
): void {
  if (costs === undefined) return;
  for (const { of, scope, uses } of kept ?? []) {
    const times = clockTimes(
      clock,
      uses.map(({ atMs }) => atMs),
    );
    uses.forEach(({ amount }, index) => {
      costs.restore({ of, scope }, { atMs: (times[index] as number) + marginMs, amount });
    });
  }
}

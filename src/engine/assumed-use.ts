/** After a crash: what may have been sent since the apps file was last written counts as sent. */
import type { AppSlot } from '../scheduling/app-slot.js';
import type { ScopeSlot } from '../scheduling/scope-slot.js';

/** What the file says of the time that it does not know. */
export interface UnsavedTime {
  /** Its end, milliseconds of the clock. */
  readonly untilMs: number;
  /** Its length, milliseconds; 0 when the file knows all. */
  readonly lengthMs: number;
  /** The least time between two requests of the hydra, milliseconds. */
  readonly minRequestDelayMs: number;
}

/** Notes in all windows of an app what it may have used in that time. */
export function assumeUsed(
  slot: AppSlot,
  scoped: readonly ScopeSlot[],
  unsaved: UnsavedTime,
): void {
  const { untilMs, lengthMs, minRequestDelayMs } = unsaved;
  if (lengthMs <= 0) return;
  const byPace = lengthMs / Math.max(minRequestDelayMs, 0.1);
  const byLimits = (slot.windows.evenRate * lengthMs) / 1000;
  for (const { windows } of [slot, ...scoped]) {
    const byOwn = (windows.evenRate * lengthMs) / 1000;
    const atMost = Math.ceil(Math.min(byOwn, byLimits, byPace));
    for (let i = 0; i < atMost; i++) windows.record(untilMs);
  }
  slot.costs?.assumeUsed(untilMs, lengthMs);
}

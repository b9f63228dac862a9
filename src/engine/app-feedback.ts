/** What answers tell of the limits of the app that they were asked with, put to use. */
import type { ApiRules } from './api-rules.js';
import type { Attempt } from './attempt.js';
import type { Clock } from '../clock.js';
import type { Limit } from '../limits/limit.js';
import { limitsIn, tightened } from '../limits/told-limits.js';
import type { ToldHeaders, ToldWindow } from '../limits/told-window.js';
import type { Logger } from '../logger.js';
import type { AppPool } from '../scheduling/app-pool.js';
import type { AppSlot } from '../scheduling/app-slot.js';

/** What the feedback works with. */
export interface AppFeedbackParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pool: AppPool;
  readonly rules: ApiRules;
  /** Called after the limits of an app have changed. */
  readonly onLimitsChanged: () => void;
}

/** Who tells a limit of a minute or less tells the rate; who tells one of an hour does not say how fast. */
const TELLS_RATE_MS = 60_000;

/** Keeps apps to what their answers tell, and finds the rate of those whose limits nobody knows. */
export class AppFeedback {
  readonly #parts: AppFeedbackParts;

  constructor(parts: AppFeedbackParts) {
    this.#parts = parts;
  }

  /** Notes that an app sends a request; returns its number. */
  onSent(slot: AppSlot, nowMs: number): number {
    slot.budgets.onSent(nowMs);
    slot.sent += 1;
    return slot.sent;
  }

  /** An answer came, whatever it is. */
  onAnswer(attempt: Attempt, headers: ToldHeaders, answeredAtMs: number): void {
    const windows = this.#parts.rules.toldWindows(headers);
    if (windows.length === 0 || attempt.slot.removed) return;
    this.#takeLimits(attempt.slot, limitsIn(windows));
    this.#takeBudgets(attempt, windows, answeredAtMs);
  }

  /** A request was accepted that was sent at `sentAtMs`. */
  onAccepted(slot: AppSlot, sentAtMs: number, nowMs: number): void {
    if (slot.discovery?.onAccepted(sentAtMs, nowMs) === true) this.#applyLimits(slot);
  }

  /**
   * A request was refused that was sent at `sentAtMs`.
   *
   * @returns true when what is known now explains it: the app is kept to less than it was then.
   */
  onRefused(slot: AppSlot, sentAtMs: number, nowMs: number): boolean {
    if (slot.discovery === undefined) {
      return sentAtMs < slot.limitsToldAtMs || slot.budgets.heldUntilMs > nowMs;
    }
    if (slot.discovery.onRefused(sentAtMs, nowMs)) this.#applyLimits(slot);
    return true;
  }

  #takeLimits(slot: AppSlot, told: readonly Limit[]): void {
    const limits = tightened(slot.knownLimits, told);
    if (limits === slot.knownLimits) return;
    slot.knownLimits = limits;
    slot.limitsToldAtMs = this.#parts.clock.now();
    if (limits.some(({ perMs }) => perMs <= TELLS_RATE_MS)) slot.discovery = undefined;
    this.#applyLimits(slot);
    if (slot.hasSaidLimits) return;
    slot.hasSaidLimits = true;
    this.#parts.logger.info(
      `App ${slot.app.id}: the server tells its limits, and it is kept to them: ${describe(limits)}`,
    );
  }

  #takeBudgets(attempt: Attempt, windows: readonly ToldWindow[], answeredAtMs: number): void {
    const { slot, number, sentAtMs } = attempt;
    const context = {
      number,
      // The one that was answered is still taken for one under way.
      uncounted: Math.max(slot.sent - number, slot.inFlight - 1),
      sentAtMs,
      answeredAtMs,
      limits: slot.knownLimits,
      countSince: (sinceMs: number) => slot.windows.countSince(sinceMs),
      remembered: slot.windows.remembered,
    };
    for (const window of windows) {
      if (slot.budgets.onTold(window, context)) this.#sayOthers(slot, window);
    }
  }

  #sayOthers(slot: AppSlot, { name, remaining, requests }: ToldWindow): void {
    if (slot.hasSaidOthers) return;
    slot.hasSaidOthers = true;
    this.#parts.logger.warn(
      `App ${slot.app.id}: the server has counted more requests than it has sent (${name}: ${remaining} left of ${requests}); somebody else may use its key, or the window is longer than assumed. It is kept to what is left`,
    );
  }

  #applyLimits(slot: AppSlot): void {
    const { clock, pool, onLimitsChanged } = this.#parts;
    if (slot.removed) return;
    pool.setLimits(slot, slot.effectiveLimits, clock.now());
    onLimitsChanged();
  }
}

function describe(limits: readonly Limit[]): string {
  return limits.map(({ requests, perMs }) => `${requests} in ${perMs / 1000} s`).join(', ');
}

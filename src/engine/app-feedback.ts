/** What answers tell of the limits of the app that they were asked with, put to use. */
import type { ApiRules } from './api-rules.js';
import type { Attempt } from './attempt.js';
import type { Clock } from '../clock.js';
import type { Limit } from '../limits/limit.js';
import { limitsIn, tightened } from '../limits/told-limits.js';
import type { ToldHeaders, ToldWindow } from '../limits/told-window.js';
import type { Logger } from '../logger.js';
import type { AppPool } from '../scheduling/app-pool.js';
import type { Limited } from '../scheduling/limited.js';
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

  /** Notes that a request is sent; returns its number. */
  onSent(limited: Limited, nowMs: number): number {
    limited.budgets.onSent(nowMs);
    limited.sent += 1;
    return limited.sent;
  }

  /** An answer came, whatever it is. */
  onAnswer(attempt: Attempt, headers: ToldHeaders, answeredAtMs: number): void {
    const { slot, scoped, number, scopedNumber } = attempt;
    const windows = this.#parts.rules.toldWindows(headers, scoped?.scope);
    if (windows.length === 0 || slot.removed) return;
    const own = windows.some(isOfScope) ? windows.filter((one) => !isOfScope(one)) : windows;
    this.#takeLimits(slot, limitsIn(own), (limits) => this.#keepApp(slot, limits));
    this.#takeBudgets(slot, number, attempt, own, answeredAtMs);
    if (scoped === undefined || own.length === windows.length) return;
    const ofScope = windows.filter(({ scope }) => scope === scoped.scope);
    this.#takeLimits(scoped, limitsIn(ofScope), (limits) =>
      scoped.setLimits(limits, this.#parts.clock.now()),
    );
    this.#takeBudgets(scoped, scopedNumber, attempt, ofScope, answeredAtMs);
  }

  /** A request was accepted that was sent at `sentAtMs`. */
  onAccepted(slot: AppSlot, sentAtMs: number, nowMs: number): void {
    if (slot.discovery?.onAccepted(sentAtMs, nowMs) === true) this.#applyLimits(slot);
  }

  /**
   * A request was refused.
   *
   * @returns true when what is known now explains it: the app is kept to less than it was then.
   */
  onRefused({ slot, scoped, sentAtMs }: Attempt, nowMs: number): boolean {
    if (scoped !== undefined || slot.discovery === undefined) {
      const { limitsToldAtMs, budgets } = scoped ?? slot;
      return sentAtMs < limitsToldAtMs || budgets.heldUntilMs > nowMs;
    }
    if (slot.discovery.onRefused(sentAtMs, nowMs)) this.#applyLimits(slot);
    return true;
  }

  #takeLimits(
    limited: Limited,
    told: readonly Limit[],
    keep: (limits: readonly Limit[]) => void,
  ): void {
    const limits = tightened(limited.knownLimits, told);
    if (limits === limited.knownLimits) return;
    limited.limitsToldAtMs = this.#parts.clock.now();
    keep(limits);
    if (limited.hasSaidLimits) return;
    limited.hasSaidLimits = true;
    this.#parts.logger.info(
      `${limited.label}: the server tells its limits, and it is kept to them: ${describe(limits)}`,
    );
  }

  #keepApp(slot: AppSlot, limits: readonly Limit[]): void {
    slot.knownLimits = limits;
    if (limits.some(({ perMs }) => perMs <= TELLS_RATE_MS)) slot.discovery = undefined;
    this.#applyLimits(slot);
  }

  #takeBudgets(
    limited: Limited,
    number: number,
    { sentAtMs }: Attempt,
    windows: readonly ToldWindow[],
    answeredAtMs: number,
  ): void {
    const context = {
      number,
      // The one that was answered is still taken for one under way.
      uncounted: Math.max(limited.sent - number, limited.inFlight - 1),
      sentAtMs,
      answeredAtMs,
      limits: limited.knownLimits,
      countSince: (sinceMs: number) => limited.windows.countSince(sinceMs),
      remembered: limited.windows.remembered,
    };
    for (const window of windows) {
      if (limited.budgets.onTold(window, context)) this.#sayOthers(limited, window);
    }
  }

  #sayOthers(limited: Limited, { name, remaining, requests }: ToldWindow): void {
    if (limited.hasSaidOthers) return;
    limited.hasSaidOthers = true;
    this.#parts.logger.warn(
      `${limited.label}: the server has counted more requests than it has sent (${name}: ${remaining} left of ${requests}); somebody else may use its key, or the window is longer than assumed. It is kept to what is left`,
    );
  }

  #applyLimits(slot: AppSlot): void {
    const { clock, pool, onLimitsChanged } = this.#parts;
    if (slot.removed) return;
    pool.setLimits(slot, slot.effectiveLimits, clock.now());
    onLimitsChanged();
  }
}

function isOfScope({ scope }: ToldWindow): boolean {
  return scope !== undefined;
}

function describe(limits: readonly Limit[]): string {
  return limits.map(({ requests, perMs }) => `${requests} in ${perMs / 1000} s`).join(', ');
}

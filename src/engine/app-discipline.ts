/** What an answer means for the app that it was made with: parking it, renewing its token. */
import type { AppFeedback } from './app-feedback.js';
import type { TokenKeeper } from '../auth/token-keeper.js';
import type { Attempt } from './attempt.js';
import type { Clock } from '../clock.js';
import type { Guard } from '../limits/guard.js';
import type { Logger } from '../logger.js';
import { parkingMs } from '../retry/backoff.js';
import type { Limited } from '../scheduling/limited.js';
import type { AppSlot } from '../scheduling/app-slot.js';

/** What the discipline works with. */
export interface AppDisciplineParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly guard: Guard;
  readonly tokens: TokenKeeper;
  readonly feedback: AppFeedback;
}

/** Parks apps and has their tokens renewed, as the server's answers ask for it. */
export class AppDiscipline {
  readonly #parts: AppDisciplineParts;

  constructor(parts: AppDisciplineParts) {
    this.#parts = parts;
  }

  /** The server accepted a request, whatever it answered. */
  onAccepted(attempt: Attempt, status: number, nowMs: number): void {
    const { slot, scoped, sentAtMs } = attempt;
    this.#parts.guard.onAcceptance(nowMs);
    this.#parts.feedback.onAccepted(slot, sentAtMs, nowMs);
    this.#climb(slot, sentAtMs, nowMs);
    if (scoped !== undefined) this.#climb(scoped, sentAtMs, nowMs);
    if (status !== 401) slot.rejectionsInARow = 0;
  }

  /**
   * The server refused a request because of a limit. Of a request whose scope has limits, it is taken to
   * be one of those: the app is parked for that scope alone.
   *
   * @param askedMs - for how long, if it said so.
   */
  onRefused(attempt: Attempt, askedMs: number | undefined): void {
    const { sentAtMs } = attempt;
    const limited = attempt.scoped ?? attempt.slot;
    this.#learn(attempt, limited);
    if (askedMs !== undefined) {
      this.#park(limited, askedMs, 'refused a request');
      return;
    }
    // What was under way when the app was parked belongs to the refusal that parked it.
    if (sentAtMs < limited.parkedUntilMs) return;
    limited.refusalsInARow += 1;
    this.#park(limited, parkingMs(limited.refusalsInARow), 'refused a request');
  }

  /**
   * The server did not take the token that an app had at `generation`.
   *
   * @returns true when a new token is on its way or here, so that the request just goes on; false
   * when it was of no use last time: the app is parked and the attempt counts.
   */
  onUnauthorized(slot: AppSlot, generation: number): boolean {
    const { tokens } = this.#parts;
    const isCurrent = !slot.removed && tokens.generation(slot.app.id) === generation;
    if (isCurrent && slot.rejectedGeneration !== generation) {
      slot.rejectedGeneration = generation;
      slot.rejectionsInARow += 1;
      tokens.reject(slot.app.id, generation);
    }
    if (tokens.needsTokens && slot.rejectionsInARow < 2) return true;
    this.#park(slot, parkingMs(Math.max(1, slot.rejectionsInARow - 1)), 'did not take its token');
    return false;
  }

  /**
   * A refusal that what the server tells explains, or that finds out a limit, says nothing else. Any
   * other makes the guard grow. One that no guess explains has another cause than jitter; who was
   * refused so before has it still, and the guard is no help.
   */
  #learn(attempt: Attempt, limited: Limited): void {
    const { guard, clock, feedback } = this.#parts;
    const nowMs = clock.now();
    if (feedback.onRefused(attempt, nowMs)) return;
    if (limited.share.value === 1) guard.onRefusal(nowMs);
    if (!guard.mayExplain(nowMs)) limited.share.onRefusal(attempt.sentAtMs, nowMs);
  }

  #climb(limited: Limited, sentAtMs: number, nowMs: number): void {
    limited.share.onAcceptance(nowMs, limited.windows.shortestMs);
    if (sentAtMs >= limited.parkedUntilMs) limited.refusalsInARow = 0;
  }

  #park(limited: Limited, forMs: number, what: string): void {
    const untilMs = this.#parts.clock.now() + forMs;
    if (untilMs <= limited.parkedUntilMs) return;
    limited.parkedUntilMs = untilMs;
    this.#parts.logger.warn(
      `${limited.label}: the server ${what}; it is parked for ${(forMs / 1000).toFixed(1)} s, its requests go to other apps`,
    );
  }
}

/** What an answer means for the app that it was made with: parking it, renewing its token. */
import type { AppFeedback } from './app-feedback.js';
import type { TokenKeeper } from '../auth/token-keeper.js';
import type { Attempt } from './attempt.js';
import type { Clock } from '../clock.js';
import type { Guard } from '../limits/guard.js';
import type { Logger } from '../logger.js';
import { parkingMs } from '../retry/backoff.js';
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
  onAccepted({ slot, sentAtMs }: Attempt, status: number, nowMs: number): void {
    this.#parts.guard.onAcceptance(nowMs);
    this.#parts.feedback.onAccepted(slot, sentAtMs, nowMs);
    slot.share.onAcceptance(nowMs, slot.windows.shortestMs);
    if (sentAtMs >= slot.parkedUntilMs) slot.refusalsInARow = 0;
    if (status !== 401) slot.rejectionsInARow = 0;
  }

  /**
   * The server refused a request because of a limit.
   *
   * @param askedMs - for how long, if it said so.
   * @param sentAtMs - when that request was sent.
   */
  onRefused(slot: AppSlot, askedMs: number | undefined, sentAtMs: number): void {
    this.#learn(slot, sentAtMs);
    if (askedMs !== undefined) {
      this.#park(slot, askedMs, 'refused a request');
      return;
    }
    // What was under way when the app was parked belongs to the refusal that parked it.
    if (sentAtMs < slot.parkedUntilMs) return;
    slot.refusalsInARow += 1;
    this.#park(slot, parkingMs(slot.refusalsInARow), 'refused a request');
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
  #learn(slot: AppSlot, sentAtMs: number): void {
    const { guard, clock, feedback } = this.#parts;
    const nowMs = clock.now();
    if (feedback.onRefused(slot, sentAtMs, nowMs)) return;
    if (slot.share.value === 1) guard.onRefusal(nowMs);
    if (!guard.mayExplain(nowMs)) slot.share.onRefusal(sentAtMs, nowMs);
  }

  #park(slot: AppSlot, forMs: number, what: string): void {
    const untilMs = this.#parts.clock.now() + forMs;
    if (untilMs <= slot.parkedUntilMs) return;
    slot.parkedUntilMs = untilMs;
    this.#parts.logger.warn(
      `App ${slot.app.id}: the server ${what}; it is parked for ${(forMs / 1000).toFixed(1)} s, its requests go to other apps`,
    );
  }
}

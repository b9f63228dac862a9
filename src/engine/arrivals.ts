/** What answers tell of when their requests came to the server, handed on to the windows. */
import type { Attempt } from './attempt.js';
import type { Clock, Timer } from '../clock.js';
import type { Guard } from '../limits/guard.js';
import type { AppPool } from '../scheduling/app-pool.js';

/** What arrivals are handed on with. */
export interface ArrivalsParts {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly pool: AppPool;
  /** Called when apps may have become free earlier without an answer that says so. */
  readonly onCorrected: () => void;
}

/** An answer whose request has not been corrected yet. */
interface EarlyAnswer {
  readonly attempt: Attempt;
  readonly writtenAtMs: number;
  readonly headAtMs: number;
  readonly status: number;
}

/**
 * Corrects from when on answered requests count. Until then each counts from the latest time that is
 * believed in, so the first answers can wait until it is known how long the shortest of them takes.
 */
export class Arrivals {
  readonly #parts: ArrivalsParts;
  #early: EarlyAnswer[] = [];
  #timer: Timer | undefined;
  #stopped = false;

  constructor(parts: ArrivalsParts) {
    this.#parts = parts;
  }

  /**
   * @param writtenAtMs - when the request was handed to a connection.
   * @param headAtMs - when its answer began.
   */
  onAnswer(attempt: Attempt, writtenAtMs: number, headAtMs: number, status: number): void {
    if (this.#stopped) return;
    const { guard, clock } = this.#parts;
    guard.onAnswer(writtenAtMs, headAtMs, status);
    // One that began earlier may end only now: nothing would correct it any more.
    if (!guard.isLearning(clock.now()))
      return this.#correct(attempt, writtenAtMs, headAtMs, status);
    this.#early.push({ attempt, writtenAtMs, headAtMs, status });
    this.#timer ??= clock.setTimer(
      () => this.#correctEarly(),
      Math.max(0, guard.learnsUntilMs - clock.now()),
    );
  }

  /** Corrects nothing any more, since nothing more is sent. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#early = [];
  }

  #correctEarly(): void {
    this.#timer = undefined;
    for (const { attempt, writtenAtMs, headAtMs, status } of this.#early) {
      this.#correct(attempt, writtenAtMs, headAtMs, status);
    }
    this.#early = [];
    this.#parts.onCorrected();
  }

  #correct(attempt: Attempt, writtenAtMs: number, headAtMs: number, status: number): void {
    const { slot, scoped, countsFromMs } = attempt;
    const { guard, pool } = this.#parts;
    const fromMs = guard.countsFromAnswered(writtenAtMs, headAtMs, status);
    slot.windows.correct(countsFromMs, fromMs);
    scoped?.windows.correct(countsFromMs, fromMs);
    pool.onFreeEarlier(slot);
  }
}

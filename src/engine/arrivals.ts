/** What answers tell of when their requests came to the server, handed on to the windows. */
import type { Attempt } from './attempt.js';
import type { Clock, Timer } from '../clock.js';
import type { Guard } from '../limits/guard.js';
import type { AppPool } from '../scheduling/app-pool.js';
import type { AppSlot } from '../scheduling/app-slot.js';
import { Fifo } from '../scheduling/fifo.js';
import type { Limited } from '../scheduling/limited.js';

/** What arrivals are handed on with. */
export interface ArrivalsParts {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly pool: AppPool;
  /** The API counts no answer 304: see `Api.notModifiedIsFree`. */
  readonly notModifiedIsFree: boolean;
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

/** A request that counts in no window from `atMs` on. */
interface FreeRequest {
  readonly slot: AppSlot;
  /** The app, or what it has for a scope. */
  readonly limited: Limited;
  readonly countsFromMs: number;
  readonly atMs: number;
}

/**
 * Corrects from when on answered requests count. Until then each counts from the latest time that is
 * believed in, so the first answers can wait until it is known how long the shortest of them takes.
 */
export class Arrivals {
  readonly #parts: ArrivalsParts;
  #early: EarlyAnswer[] = [];
  #timer: Timer | undefined;
  readonly #free: Fifo<FreeRequest> = new Fifo();
  #nextFree: FreeRequest | undefined;
  #freeTimer: Timer | undefined;
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
    // It is not corrected before: one of the same moment would be taken for it when it is given back.
    if (status === 304 && this.#parts.notModifiedIsFree) return this.#giveBackLater(attempt);
    // One that began earlier may end only now: nothing would correct it any more.
    if (!guard.isLearning(clock.now())) {
      return this.#correct(attempt, writtenAtMs, headAtMs, status);
    }
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
    this.#freeTimer?.cancel();
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
    if (attempt.costs !== undefined) slot.costs?.correctTime(attempt.costs, fromMs);
    pool.onFreeEarlier(slot);
  }

  /** Of several windows, only the longest is the quota that such an answer leaves alone. */
  #giveBackLater({ slot, scoped, countsFromMs }: Attempt): void {
    for (const limited of scoped === undefined ? [slot] : [slot, scoped]) {
      const { shorterMs } = limited.windows;
      const request = { slot, limited, countsFromMs, atMs: countsFromMs + shorterMs };
      if (shorterMs === 0) this.#giveBack(request);
      else this.#free.push(request);
    }
    if (this.#nextFree === undefined) this.#awaitNextFree(this.#free.shift());
  }

  #awaitNextFree(next: FreeRequest | undefined): void {
    const { clock } = this.#parts;
    this.#nextFree = next;
    if (next === undefined) return;
    const waitMs = Math.max(0, next.atMs - clock.now());
    this.#freeTimer = clock.setTimer(() => this.#giveBackDue(), waitMs);
    // Who waits for it is kept alive by what waits for windows.
    this.#freeTimer.unref?.();
  }

  #giveBackDue(): void {
    const nowMs = this.#parts.clock.now();
    let next = this.#nextFree;
    while (next !== undefined && next.atMs <= nowMs) {
      this.#giveBack(next);
      next = this.#free.shift();
    }
    this.#awaitNextFree(next);
    this.#parts.onCorrected();
  }

  #giveBack({ slot, limited, countsFromMs }: FreeRequest): void {
    limited.windows.correct(countsFromMs, -Infinity);
    this.#parts.pool.onFreeEarlier(slot);
  }
}

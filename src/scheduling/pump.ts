import type { Clock, Timer } from '../clock.js';
import type { Guard } from '../limits/guard.js';
import type { AppPool } from './app-pool.js';
import type { AppSlot } from './app-slot.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { Pacer } from './pacer.js';
import type { Queued } from './request-queue.js';
import type { ScopeSlot } from './scope-slot.js';
import type { Turns } from './turns.js';
import type { WaitingRequests } from './waiting-requests.js';

/** What the pump brings together, and whom it tells. */
export interface PumpParts<T extends Queued> {
  readonly clock: Clock;
  readonly queue: WaitingRequests<T>;
  /** The same queue, where it depends on the request which app it can go with. */
  readonly turns?: Turns<T> | undefined;
  readonly pool: AppPool;
  readonly pacer: Pacer;
  readonly guard: Guard;
  readonly breaker: CircuitBreaker;
  /** Requests under way at once, over all apps. */
  readonly maxConcurrency: number;
  /**
   * Sends a request with an app, whose windows, and those for the request's scope, count it from
   * `countsFromMs` on for as long as it has no answer. Does not throw.
   */
  readonly send: (
    job: T,
    slot: AppSlot,
    sentAtMs: number,
    countsFromMs: number,
    scoped: ScopeSlot | undefined,
  ) => void;
  /** Takes the request to find out with whether the server works again; tells the breaker. */
  readonly takeProbe: () => T | undefined;
  /** False when a request has ended while it waited: it is passed over. */
  readonly isAlive: (job: T) => boolean;
  /** True while outcomes come faster than they can be kept. */
  readonly isCongested: () => boolean;
  /** False when an app has nothing to sign with any more: another is taken, this one leaves the pool's hands. */
  readonly canSign: (slot: AppSlot) => boolean;
  /**
   * Requests are ready and no app is free. Returns when it wants to be told again, if time alone may
   * help.
   */
  readonly onShortage: (ready: number) => number | undefined;
  /** Called when the queue has become shorter, also by requests that were passed over. */
  readonly onTaken: () => void;
  /** Nothing is under way, and nothing will be before `untilMs`. */
  readonly onStandstill: (untilMs: number) => void;
}

/** The least time to wait for what is still to come: less may be lost in the clock's rounding, and never pass. */
const LEAST_WAIT_MS = 0.001;

/** Hands requests to apps as soon as both are free. The only part of the engine that waits. */
export class Pump<T extends Queued> {
  readonly #parts: PumpParts<T>;
  #timer: Timer | undefined;
  #timerAtMs = Infinity;
  #standstillUntilMs: number | undefined;
  #inFlight = 0;
  #woken = false;
  #stopped = false;
  readonly #look = (): void => {
    this.#woken = false;
    this.#run();
  };

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#run();
  };

  constructor(parts: PumpParts<T>) {
    this.#parts = parts;
  }

  /** Requests under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Until when nothing will be sent, while nothing is under way for want of apps. */
  get standstillUntilMs(): number | undefined {
    return this.#standstillUntilMs;
  }

  /**
   * Says that something has changed: a request came, an app came free. It looks at it once the
   * running code has ended, so that a loop of 100,000 calls wakes it once.
   */
  wake(): void {
    if (this.#woken || this.#stopped) return;
    this.#woken = true;
    this.#parts.clock.soon(this.#look);
  }

  /** Notes that a request which it sent has ended. */
  done(slot: AppSlot): void {
    slot.inFlight -= 1;
    this.release();
  }

  /** Notes that what had been under way after its app was done with it has ended. */
  release(): void {
    this.#inFlight -= 1;
    this.wake();
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#disarm();
  }

  #run(): void {
    if (this.#stopped) return;
    const { clock, queue, pool, pacer, breaker, maxConcurrency, isCongested, turns } = this.#parts;
    this.#standstillUntilMs = undefined;
    for (;;) {
      const nowMs = clock.now();
      queue.promoteDue(nowMs);
      if (queue.ready === 0) return this.#armAt(queue.nextDueAt);
      if (this.#inFlight >= maxConcurrency || isCongested()) return this.#disarm();
      const admission = breaker.admit(nowMs);
      if (admission === 'none') return this.#armAt(breaker.probeAtMs);
      if (pacer.nextAtMs > nowMs) return this.#armAt(pacer.nextAtMs);
      if (turns !== undefined && admission !== 'probe') {
        const turn = turns.next(nowMs);
        if (turn === undefined) return this.#waitForApps(queue.ready);
        this.#sendWith(turn.slot, turn.job, nowMs);
        this.#parts.onTaken();
        continue;
      }
      const slot = pool.take(nowMs);
      if (slot === undefined) {
        return this.#waitForApps(admission === 'probe' ? 1 : queue.ready);
      }
      if (!this.#parts.canSign(slot)) continue;
      const job = admission === 'probe' ? this.#parts.takeProbe() : this.#takeNext();
      this.#sendWith(slot, job, nowMs, true);
      this.#parts.onTaken();
    }
  }

  #waitForApps(ready: number): void {
    const { queue, onShortage, onStandstill } = this.#parts;
    const untilMs = earliest(onShortage(ready), this.#nextFreeAt());
    if (untilMs !== undefined && this.#inFlight === 0) {
      this.#standstillUntilMs = untilMs;
      onStandstill(untilMs);
    }
    this.#armAt(earliest(untilMs, queue.nextDueAt));
  }

  #nextFreeAt(): number | undefined {
    const { clock, pool, turns } = this.#parts;
    return turns === undefined ? pool.nextFreeAt() : turns.nextFreeAt(clock.now());
  }

  #takeNext(): T | undefined {
    const { queue, isAlive } = this.#parts;
    let job = queue.shift();
    while (job !== undefined && !isAlive(job)) job = queue.shift();
    return job;
  }

  /** @param isAnyApp - whether the app was taken without a look at the request's scope. */
  #sendWith(taken: AppSlot, job: T | undefined, nowMs: number, isAnyApp = false): void {
    const { pool, pacer, guard, send } = this.#parts;
    if (job !== undefined) {
      const fit = isAnyApp ? this.#fitting(job, nowMs) : undefined;
      const slot = this.#preferred(job, nowMs) ?? fit ?? taken;
      const scoped = this.#parts.turns?.scopedOf(job, slot);
      const countsFromMs = guard.countsFrom(nowMs);
      slot.windows.record(countsFromMs);
      scoped?.windows.record(countsFromMs);
      pacer.record(nowMs);
      this.#inFlight += 1;
      slot.inFlight += 1;
      send(job, slot, nowMs, countsFromMs, scoped);
    }
    pool.putBack(taken);
  }

  #preferred(job: T, nowMs: number): AppSlot | undefined {
    if (job.preferredAppId === undefined) return undefined;
    const { pool, turns, canSign } = this.#parts;
    const slot = pool.freeOne(job.preferredAppId, nowMs);
    if (slot === undefined || !canSign(slot)) return undefined;
    const isScopeFree = (turns?.scopedOf(job, slot)?.freeAt() ?? -Infinity) <= nowMs;
    return isScopeFree ? slot : undefined;
  }

  #fitting(job: T, nowMs: number): AppSlot | undefined {
    const slot = this.#parts.turns?.freeFor(job, nowMs);
    return slot !== undefined && this.#parts.canSign(slot) ? slot : undefined;
  }

  #armAt(atMs: number | undefined): void {
    if (atMs === undefined) return this.#disarm();
    if (this.#timer !== undefined && this.#timerAtMs === atMs) return;
    this.#disarm();
    this.#timerAtMs = atMs;
    const waitMs = Math.max(LEAST_WAIT_MS, atMs - this.#parts.clock.now());
    this.#timer = this.#parts.clock.setTimer(this.#onTimer, waitMs);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

import type { Clock, Timer } from '../clock.js';
import type { AppPool } from './app-pool.js';
import type { AppSlot } from './app-slot.js';
import type { Pacer } from './pacer.js';
import type { Queued, RequestQueue } from './request-queue.js';

/** What the pump brings together, and whom it tells. */
export interface PumpParts<T extends Queued> {
  readonly clock: Clock;
  readonly queue: RequestQueue<T>;
  readonly pool: AppPool;
  readonly pacer: Pacer;
  /** Requests under way at once, over all apps. */
  readonly maxConcurrency: number;
  /** Sends a request with an app. Does not throw. */
  readonly send: (job: T, slot: AppSlot) => void;
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
  /** Nothing is under way, and nothing will be before `untilMs`. */
  readonly onStandstill: (untilMs: number) => void;
}

/** Hands requests to apps as soon as both are free. The only part of the engine that waits. */
export class Pump<T extends Queued> {
  readonly #parts: PumpParts<T>;
  #timer: Timer | undefined;
  #timerAtMs = Infinity;
  #inFlight = 0;
  #woken = false;
  #stopped = false;

  constructor(parts: PumpParts<T>) {
    this.#parts = parts;
  }

  /** Requests under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * Says that something has changed: a request came, an app came free. It looks at it once the
   * running code has ended, so that a loop of 100,000 calls wakes it once.
   */
  wake(): void {
    if (this.#woken || this.#stopped) return;
    this.#woken = true;
    queueMicrotask(() => {
      this.#woken = false;
      this.#run();
    });
  }

  /** Notes that a request which it sent has ended. */
  done(slot: AppSlot): void {
    this.#inFlight -= 1;
    slot.inFlight -= 1;
    this.wake();
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#disarm();
  }

  #run(): void {
    if (this.#stopped) return;
    const { clock, queue, pool, pacer, maxConcurrency, isCongested } = this.#parts;
    for (;;) {
      const nowMs = clock.now();
      queue.promoteDue(nowMs);
      if (queue.ready === 0) return this.#armAt(queue.nextDueAt);
      if (this.#inFlight >= maxConcurrency || isCongested()) return this.#disarm();
      if (pacer.nextAtMs > nowMs) return this.#armAt(pacer.nextAtMs);
      const slot = pool.take(nowMs);
      if (slot === undefined) {
        const askAgainAt = this.#parts.onShortage(queue.ready);
        const atMs = earliest(askAgainAt, earliest(pool.nextFreeAt(), queue.nextDueAt));
        if (atMs !== undefined && this.#inFlight === 0) this.#parts.onStandstill(atMs);
        return this.#armAt(atMs);
      }
      if (this.#parts.canSign(slot)) this.#sendNext(slot, nowMs);
    }
  }

  #sendNext(slot: AppSlot, nowMs: number): void {
    const { queue, pool, pacer, isAlive, send } = this.#parts;
    let job = queue.shift();
    while (job !== undefined && !isAlive(job)) job = queue.shift();
    if (job !== undefined) {
      slot.windows.record(nowMs);
      pacer.record(nowMs);
      this.#inFlight += 1;
      slot.inFlight += 1;
      send(job, slot);
    }
    pool.putBack(slot);
  }

  #armAt(atMs: number | undefined): void {
    if (atMs === undefined) return this.#disarm();
    if (this.#timer !== undefined && this.#timerAtMs === atMs) return;
    this.#disarm();
    this.#timerAtMs = atMs;
    this.#timer = this.#parts.clock.setTimer(() => {
      this.#timer = undefined;
      this.#run();
    }, atMs - this.#parts.clock.now());
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

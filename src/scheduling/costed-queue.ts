import type { Amounts, Demand } from './app-costs.js';
import type { AppPool } from './app-pool.js';
import type { AppSlot } from './app-slot.js';
import { RequestQueue, type Queued } from './request-queue.js';
import type { Turn, Turns } from './turns.js';
import type { WaitingRequests } from './waiting-requests.js';

/** What the queue works with. */
export interface CostedQueueParts<T extends Queued> {
  readonly pool: AppPool;
  readonly demand: Demand;
  readonly costOf: (job: T) => Amounts;
  /** False when a request has ended while it waited: it is passed over. */
  readonly isAlive: (job: T) => boolean;
  /** False when an app has nothing to sign with any more: another is taken. */
  readonly canSign: (slot: AppSlot) => boolean;
}

/**
 * Requests that wait where they cost differently much. The first one is taken off the queue and waits for
 * an app whose windows admit all that it costs; the others wait behind it, so that small requests never
 * keep a large one from its turn. When the next costs less, each app is looked at anew: O(n log n) of the
 * number of apps.
 */
export class CostedQueue<T extends Queued> implements WaitingRequests<T>, Turns<T> {
  readonly #parts: CostedQueueParts<T>;
  readonly #others = new RequestQueue<T>();
  #first: T | undefined;

  constructor(parts: CostedQueueParts<T>) {
    this.#parts = parts;
  }

  get ready(): number {
    return this.#others.ready + (this.#first === undefined ? 0 : 1);
  }

  get nextDueAt(): number | undefined {
    return this.#others.nextDueAt;
  }

  push(job: T): void {
    this.#giveWay(job);
    this.#others.push(job);
  }

  pushAgain(job: T): void {
    this.#giveWay(job);
    this.#others.pushAgain(job);
  }

  pushDelayed(job: T, dueAtMs: number): void {
    this.#others.pushDelayed(job, dueAtMs);
  }

  promoteDue(nowMs: number): void {
    this.#others.promoteDue(nowMs);
  }

  shift(): T | undefined {
    const first = this.#first ?? this.#others.shift();
    this.#first = undefined;
    return first;
  }

  takeFirst(matches: (job: T) => boolean): T | undefined {
    if (this.#first !== undefined && matches(this.#first)) return this.shift();
    return this.#others.takeFirst(matches);
  }

  drain(): T[] {
    const first = this.#first;
    this.#first = undefined;
    return [...(first === undefined ? [] : [first]), ...this.#others.drain()];
  }

  next(nowMs: number): Turn<T> | undefined {
    const { pool, canSign, costOf } = this.#parts;
    const job = this.#firstAlive();
    this.#demand(job === undefined ? {} : costOf(job));
    let slot = pool.take(nowMs);
    while (slot !== undefined && !canSign(slot)) slot = pool.take(nowMs);
    if (slot === undefined) return undefined;
    this.#first = undefined;
    return { job, slot };
  }

  nextFreeAt(): number | undefined {
    return this.#parts.pool.nextFreeAt();
  }

  freeFor(): undefined {
    return undefined;
  }

  scopedOf(): undefined {
    return undefined;
  }

  #firstAlive(): T | undefined {
    const { isAlive } = this.#parts;
    while (this.#first === undefined || !isAlive(this.#first)) {
      this.#first = this.#others.shift();
      if (this.#first === undefined) return undefined;
    }
    return this.#first;
  }

  /** A request of a higher priority goes before the one that waits for an app. */
  #giveWay(job: T): void {
    if (this.#first === undefined || this.#first.priority >= job.priority) return;
    this.#others.pushAgain(this.#first);
    this.#first = undefined;
  }

  /** Apps that wait for more than the next request costs may be free earlier. */
  #demand(amounts: Amounts): void {
    const { demand, pool } = this.#parts;
    const last = demand.amounts;
    demand.amounts = amounts;
    if (Object.keys(last).every((of) => (last[of] ?? 0) <= (amounts[of] ?? 0))) return;
    for (const slot of pool.all()) pool.onFreeEarlier(slot);
  }
}

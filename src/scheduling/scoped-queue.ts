import { costsLess, type Amounts, type Demand } from './app-costs.js';
import type { AppPool } from './app-pool.js';
import type { AppSlot } from './app-slot.js';
import { FrontQueue } from './front-queue.js';
import type { Limit } from '../limits/limit.js';
import { LOWER_SHARE, RequestQueue, type Queued } from './request-queue.js';
import { Scope } from './scope.js';
import type { ScopeSlot } from './scope-slot.js';
import type { Turn, Turns } from './turns.js';
import type { WaitingRequests } from './waiting-requests.js';

/** What the queue works with. */
export interface ScopedQueueParts<T extends Queued> {
  readonly pool: AppPool;
  /** The limits of each scope that count requests. */
  readonly limits: Readonly<Record<string, readonly Limit[]>>;
  /** The scope of a request, one of those in `limits`; `undefined`: none. */
  readonly scopeOf: (job: T) => string | undefined;
  /** What a request costs, where apps have limits that count something else than requests. */
  readonly costOf?: ((job: T) => Amounts) | undefined;
  /** What the request without a scope that goes next costs: apps look at it. */
  readonly demand: Demand;
  /** False when a request has ended while it waited: it is passed over. */
  readonly isAlive: (job: T) => boolean;
  /** False when an app has nothing to sign with any more: another is taken. */
  readonly canSign: (slot: AppSlot) => boolean;
}

interface Lane<T extends Queued> {
  readonly scope: Scope | undefined;
  readonly queue: FrontQueue<T>;
  /** Place of its last turn in the order of turns. */
  lastTurn: number;
}

/**
 * Requests that wait, those of each scope by themselves, so that a scope which is used up holds back only
 * its own. Of several scopes that can go, the one with the highest priority has its turn, then the one
 * whose turn was longest ago; each tenth turn goes by the latter alone, so that none waits for ever.
 *
 * Where requests cost differently much, the first one of each scope waits for an app whose windows admit all
 * that it costs. When the next costs less, each app is looked at anew: O(n log n) of the number of apps.
 */
export class ScopedQueue<T extends Queued> implements WaitingRequests<T>, Turns<T> {
  readonly #parts: ScopedQueueParts<T>;
  /** The requests without a scope first. */
  readonly #lanes: readonly [Lane<T>, ...Lane<T>[]];
  readonly #laneByScope: ReadonlyMap<string | undefined, Lane<T>>;
  /** Those that wait for their time; which scope they have is asked once it has come. */
  readonly #late = new RequestQueue<T>();
  #turns = 0;

  constructor(parts: ScopedQueueParts<T>) {
    this.#parts = parts;
    const scopes = Object.entries(parts.limits).map(([name, limits]) => new Scope(name, limits));
    const newLane = (scope: Scope | undefined): Lane<T> => {
      return { scope, queue: new FrontQueue(parts.isAlive), lastTurn: 0 };
    };
    this.#lanes = [newLane(undefined), ...scopes.map(newLane)];
    this.#laneByScope = new Map(this.#lanes.map((lane) => [lane.scope?.name, lane]));
  }

  get ready(): number {
    let ready = 0;
    for (const { queue } of this.#lanes) ready += queue.ready;
    return ready;
  }

  get nextDueAt(): number | undefined {
    return this.#late.nextDueAt;
  }

  push(job: T): void {
    this.#laneOf(job).queue.push(job);
  }

  pushAgain(job: T): void {
    this.#laneOf(job).queue.pushAgain(job);
  }

  pushDelayed(job: T, dueAtMs: number): void {
    this.#late.pushDelayed(job, dueAtMs);
  }

  promoteDue(nowMs: number): void {
    this.#late.promoteDue(nowMs);
    for (let job = this.#late.shift(); job !== undefined; job = this.#late.shift()) {
      this.pushAgain(job);
    }
  }

  /** Takes any request, whether its scope is used up or not. */
  shift(): T | undefined {
    return this.takeFirst(this.#parts.isAlive);
  }

  takeFirst(matches: (job: T) => boolean): T | undefined {
    for (const { queue } of this.#lanes) {
      const job = queue.takeFirst(matches);
      if (job !== undefined) return job;
    }
    return undefined;
  }

  drain(): T[] {
    return [...this.#lanes.flatMap(({ queue }) => queue.drain()), ...this.#late.drain()];
  }

  /** Takes in the apps that have come. */
  onAppsChanged(): void {
    for (const { scope } of this.#lanes) {
      if (scope !== undefined) for (const slot of this.#parts.pool.all()) scope.add(slot);
    }
  }

  /** What an app has for each scope. */
  allOf(slot: AppSlot): ScopeSlot[] {
    return this.#lanes.flatMap(({ scope }) => {
      scope?.add(slot);
      return scope?.of(slot) ?? [];
    });
  }

  /** What an app has for the scope of a request. */
  scopedOf(job: T, slot: AppSlot): ScopeSlot | undefined {
    return this.#laneOf(job).scope?.of(slot);
  }

  /** An app that may send this request now, as far as its scope is concerned; `undefined`: none, or no scope. */
  freeFor(job: T, nowMs: number): AppSlot | undefined {
    const { scope } = this.#laneOf(job);
    const { costOf } = this.#parts;
    if (costOf !== undefined) scope?.demand(costOf(job));
    const first = scope?.first();
    return first !== undefined && first.freeAtMs <= nowMs ? first.scoped.slot : undefined;
  }

  /** True unless the scope of this request is used up at all apps. */
  mayGo(job: T, nowMs: number): boolean {
    return this.#laneOf(job).scope === undefined || this.freeFor(job, nowMs) !== undefined;
  }

  /** Takes the request that goes next, with its app; `undefined` when none can go at `nowMs`. */
  next(nowMs: number): Turn<T> | undefined {
    const { pool, canSign } = this.#parts;
    for (;;) {
      const lane = this.#laneInTurn(nowMs);
      if (lane === undefined) return undefined;
      const scoped = lane.scope?.first()?.scoped;
      const slot = scoped === undefined ? pool.take(nowMs) : scoped.slot;
      if (slot === undefined) return undefined;
      if (!canSign(slot)) {
        slot.canSign = false;
        continue;
      }
      if (scoped !== undefined) pool.noteUse(slot, nowMs);
      lane.lastTurn = ++this.#turns;
      return { job: lane.queue.shift(), slot };
    }
  }

  /** When a request can go next, after `next` found none; `undefined` when time alone does not say. */
  nextFreeAt(nowMs: number): number | undefined {
    const { pool } = this.#parts;
    // What finds out whether the server is back goes with any app, not with one that its scope chooses.
    let earliest = pool.hasFree(nowMs) ? Infinity : (pool.nextFreeAt() ?? Infinity);
    for (const { scope, queue } of this.#lanes) {
      if (queue.ready === 0) continue;
      const freeAtMs =
        (scope === undefined ? pool.nextFreeAt() : scope.first()?.freeAtMs) ?? Infinity;
      if (freeAtMs > nowMs) earliest = Math.min(earliest, freeAtMs);
    }
    return Number.isFinite(earliest) ? earliest : undefined;
  }

  #laneInTurn(nowMs: number): Lane<T> | undefined {
    const byPriority = (this.#turns + 1) % LOWER_SHARE !== 0;
    let best: Lane<T> | undefined;
    for (const lane of this.#lanes) {
      if (lane.queue.ready === 0) continue;
      if (best !== undefined && !isBefore(lane, best, byPriority)) continue;
      if (this.#canGo(lane, nowMs)) best = lane;
    }
    return best;
  }

  /** Whether some app admits the first request of a lane. */
  #canGo({ scope, queue }: Lane<T>, nowMs: number): boolean {
    const { costOf, pool } = this.#parts;
    if (costOf !== undefined) {
      const job = queue.peek();
      const amounts = job === undefined ? {} : costOf(job);
      if (scope === undefined) this.#demand(amounts);
      else scope.demand(amounts);
    }
    if (scope === undefined) return pool.hasFree(nowMs);
    return (scope.first()?.freeAtMs ?? Infinity) <= nowMs;
  }

  /** Apps that wait for more than the next request costs may be free earlier. */
  #demand(amounts: Amounts): void {
    const { demand, pool } = this.#parts;
    const isLess = costsLess(amounts, demand.amounts);
    demand.amounts = amounts;
    if (isLess) for (const slot of pool.all()) pool.onFreeEarlier(slot);
  }

  #laneOf(job: T): Lane<T> {
    return this.#laneByScope.get(this.#parts.scopeOf(job)) ?? this.#lanes[0];
  }
}

function isBefore<T extends Queued>(a: Lane<T>, b: Lane<T>, byPriority: boolean): boolean {
  const [first = 0, second = 0] = [a.queue.highestPriority, b.queue.highestPriority];
  return byPriority && first !== second ? first > second : a.lastTurn < b.lastTurn;
}

import { costsLess, type Amounts, type Demand } from './app-costs.js';
import type { AppSlot } from './app-slot.js';
import { KeyedHeap } from './keyed-heap.js';
import type { Limit } from '../limits/limit.js';
import { ScopeSlot } from './scope-slot.js';

/** An app of a scope, and when that is free. */
export interface FreeApp {
  readonly scoped: ScopeSlot;
  readonly freeAtMs: number;
}

/**
 * The apps by when they may send a request of one scope.
 *
 * An app that was used meanwhile, for whatever, stands too far in front until it is looked at: so only
 * the one in front must be right.
 */
export class Scope {
  readonly name: string;
  readonly #limits: readonly Limit[];
  readonly #byApp = new Map<AppSlot, ScopeSlot>();
  /** By their numbers, which those that come take over from those that are gone. */
  readonly #numbered: ScopeSlot[] = [];
  readonly #unused: number[] = [];
  readonly #heap = new KeyedHeap();
  readonly #demand: Demand = { amounts: {} };

  /** @param limits - those that count requests; an app's costs know the others. */
  constructor(name: string, limits: readonly Limit[]) {
    this.name = name;
    this.#limits = limits;
  }

  /** Takes an app in, unless it is there. */
  add(slot: AppSlot): void {
    if (this.#byApp.has(slot)) return;
    const scoped = new ScopeSlot(this.name, slot, this.#limits, this.#demand);
    const number = this.#unused.pop() ?? this.#numbered.length;
    this.#numbered[number] = scoped;
    this.#byApp.set(slot, scoped);
    this.#heap.push(number, scoped.freeAt());
    slot.onFreeEarlier ??= [];
    slot.onFreeEarlier.push(() => {
      if (this.#numbered[number] === scoped) this.#heap.lower(number, scoped.freeAt());
    });
  }

  /** Says what the request that goes next costs: O(n log n) of the number of apps where that is less than before. */
  demand(amounts: Amounts): void {
    const isLess = costsLess(amounts, this.#demand.amounts);
    this.#demand.amounts = amounts;
    if (!isLess) return;
    this.#numbered.forEach((scoped, number) => this.#heap.lower(number, scoped.freeAt()));
  }

  /** What an app has for this scope. */
  of(slot: AppSlot): ScopeSlot | undefined {
    return this.#byApp.get(slot);
  }

  /** The app that is free first; those that are gone are let go. */
  first(): FreeApp | undefined {
    for (let first = this.#heap.first; first !== undefined; first = this.#heap.first) {
      const scoped = this.#numbered[first] as ScopeSlot;
      const freeAtMs = scoped.freeAt();
      if (!scoped.slot.removed && freeAtMs === this.#heap.firstKey) return { scoped, freeAtMs };
      this.#heap.pop();
      if (scoped.slot.removed) this.#letGo(first, scoped);
      else this.#heap.push(first, freeAtMs);
    }
    return undefined;
  }

  #letGo(number: number, scoped: ScopeSlot): void {
    this.#byApp.delete(scoped.slot);
    this.#unused.push(number);
  }
}

import { keyOfLimits, type Limit } from '../limits/limit.js';
import type { AppGroup } from '../limits/makespan.js';
import { appFreeAt, type AppSlot } from './app-slot.js';
import { BinaryHeap } from './binary-heap.js';
import { KeyedHeap } from './keyed-heap.js';

/**
 * The apps, by when they are free next. Taking one and giving it back costs O(log n).
 *
 * An app that is taken out of use (parked, without a token, removed) may still stand in a heap: it
 * is looked at again when it comes up, which saves searching for it.
 */
export class AppPool {
  readonly #slots = new Map<string, AppSlot>();
  /** The apps by their numbers; those of apps that are gone are given again. */
  readonly #numbered: AppSlot[] = [];
  readonly #unused: number[] = [];
  /** Numbers of the apps that are free at some later time, the earliest first. */
  readonly #waiting = new KeyedHeap();
  /** Apps that are free now: the one that is least used up, then the longest unused. */
  readonly #free = new BinaryHeap<AppSlot>(
    (a, b) =>
      a.refilledAtMs < b.refilledAtMs ||
      (a.refilledAtMs === b.refilledAtMs && a.lastUse < b.lastUse),
  );
  #uses = 0;
  #evenRate = 0;
  #groups: readonly AppGroup[] | undefined;

  get size(): number {
    return this.#slots.size;
  }

  /** Requests a second that the shortest windows of all apps admit together. */
  get rate(): number {
    let rate = 0;
    for (const slot of this.#slots.values()) rate += slot.windows.shortestRate;
    return rate;
  }

  /** Requests a second to spread the requests of all apps at. */
  get evenRate(): number {
    // What rounding leaves once all apps are gone would be a rate, too.
    return this.#slots.size === 0 ? 0 : this.#evenRate;
  }

  /** The apps, those with the same limits together. */
  get groups(): readonly AppGroup[] {
    this.#groups ??= groupByLimits(this.#slots.values());
    return this.#groups;
  }

  /** True when some app has what it signs with. Looks at each until it finds one. */
  get canAnySign(): boolean {
    for (const slot of this.#slots.values()) if (slot.canSign) return true;
    return false;
  }

  get(appId: string): AppSlot | undefined {
    return this.#slots.get(appId);
  }

  all(): IterableIterator<AppSlot> {
    return this.#slots.values();
  }

  /** Takes a new app in. */
  add(slot: AppSlot): void {
    slot.number = this.#unused.pop() ?? this.#numbered.length;
    this.#numbered[slot.number] = slot;
    this.#slots.set(slot.app.id, slot);
    this.#evenRate += slot.windows.evenRate;
    this.#groups = undefined;
    for (const time of slot.windows.recent(-Infinity)) slot.noteUse(time);
    this.putBack(slot);
  }

  /** Lets an app go; requests under way with it are not touched. */
  remove(slot: AppSlot): void {
    slot.removed = true;
    if (!slot.queued) this.#unused.push(slot.number);
    this.#slots.delete(slot.app.id);
    this.#evenRate -= slot.windows.evenRate;
    this.#groups = undefined;
  }

  /** Takes the app out that shall send next, or `undefined` when none is free at `nowMs`. */
  take(nowMs: number): AppSlot | undefined {
    const slot = this.#popFree(nowMs);
    if (slot !== undefined) this.noteUse(slot, nowMs);
    return slot;
  }

  /** True when some app is free at `nowMs`. */
  hasFree(nowMs: number): boolean {
    const slot = this.#popFree(nowMs);
    if (slot === undefined) return false;
    slot.queued = true;
    this.#free.push(slot);
    return true;
  }

  /**
   * Notes that an app sends a request. One that was not taken for it stands among the free ones a bit too
   * far in front until it comes up: then it is looked at, as all are.
   */
  noteUse(slot: AppSlot, nowMs: number): void {
    slot.lastUse = ++this.#uses;
    slot.noteUse(nowMs);
  }

  /**
   * The app of this id, if it is free at `nowMs`. It need not be put back: it stands where it stood, and
   * is found to be used when it comes up there.
   */
  freeOne(appId: string, nowMs: number): AppSlot | undefined {
    const slot = this.#slots.get(appId);
    return slot === undefined || !slot.canSign || appFreeAt(slot) > nowMs ? undefined : slot;
  }

  /** Puts an app back that was taken, or that can sign again. */
  putBack(slot: AppSlot): void {
    if (slot.queued || slot.removed) return;
    slot.queued = true;
    this.#waiting.push(slot.number, appFreeAt(slot));
  }

  /** Keeps an app to other limits; what it has sent still counts. */
  setLimits(slot: AppSlot, limits: readonly Limit[], nowMs: number): void {
    const windows = slot.windows.withLimits(limits, nowMs);
    this.#evenRate += windows.evenRate - slot.windows.evenRate;
    slot.windows = windows;
    this.#groups = undefined;
    this.onFreeEarlier(slot);
  }

  /** Notes that an app may be free earlier than was thought. */
  onFreeEarlier(slot: AppSlot): void {
    if (slot.onFreeEarlier !== undefined) for (const tell of slot.onFreeEarlier) tell();
    if (!slot.removed) this.#waiting.lower(slot.number, appFreeAt(slot));
  }

  /**
   * When the next app may be free, after `take` found none; `undefined` when that depends on
   * something else than time.
   */
  nextFreeAt(): number | undefined {
    return this.#waiting.firstKey;
  }

  #popFree(nowMs: number): AppSlot | undefined {
    this.#promote(nowMs);
    for (let slot = this.#free.pop(); slot !== undefined; slot = this.#free.pop()) {
      if (!this.#isOfUse(slot)) continue;
      // It may have been parked, or found to be later than thought, since it was put here.
      if (appFreeAt(slot) <= nowMs) return slot;
      this.putBack(slot);
    }
    return undefined;
  }

  #promote(nowMs: number): void {
    while ((this.#waiting.firstKey ?? Infinity) <= nowMs) {
      const slot = this.#numbered[this.#waiting.pop() as number] as AppSlot;
      if (!this.#isOfUse(slot)) continue;
      if (appFreeAt(slot) > nowMs) {
        this.putBack(slot);
        continue;
      }
      slot.queued = true;
      this.#free.push(slot);
    }
  }

  /** Whether an app that has left a heap may send. */
  #isOfUse(slot: AppSlot): boolean {
    slot.queued = false;
    if (slot.removed) this.#unused.push(slot.number);
    return !slot.removed && slot.canSign;
  }
}

function groupByLimits(slots: Iterable<AppSlot>): AppGroup[] {
  const groups = new Map<string, AppGroup>();
  for (const { windows } of slots) {
    const { limits } = windows;
    const key = keyOfLimits(limits);
    groups.set(key, { limits, apps: (groups.get(key)?.apps ?? 0) + 1 });
  }
  return [...groups.values()];
}

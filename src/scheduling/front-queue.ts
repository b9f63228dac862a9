import { RequestQueue, type Queued } from './request-queue.js';

/**
 * A request queue of which the first can be looked at. It then has its turn for good: where requests cost
 * differently much, small ones must not keep a large one from it. Only one of a higher priority that comes
 * goes before it, unless it had its turn although higher ones waited.
 */
export class FrontQueue<T extends Queued> {
  readonly #isAlive: (job: T) => boolean;
  readonly #others = new RequestQueue<T>();
  #first: T | undefined;
  #mayGiveWay = true;

  /** @param isAlive - false when a request has ended while it waited: it is passed over. */
  constructor(isAlive: (job: T) => boolean) {
    this.#isAlive = isAlive;
  }

  get ready(): number {
    return this.#others.ready + (this.#first === undefined ? 0 : 1);
  }

  /** The highest priority of those that are ready; `undefined` when there are none. */
  get highestPriority(): number | undefined {
    const { highestPriority } = this.#others;
    if (this.#first === undefined) return highestPriority;
    return Math.max(this.#first.priority, highestPriority ?? -Infinity);
  }

  push(job: T): void {
    this.#giveWayTo(job);
    this.#others.push(job);
  }

  pushAgain(job: T): void {
    this.#giveWayTo(job);
    this.#others.pushAgain(job);
  }

  /** The one that goes next, which stays where it is. */
  peek(): T | undefined {
    if (this.#first !== undefined && this.#isAlive(this.#first)) return this.#first;
    this.#first = this.shift();
    const priority = this.#first?.priority ?? 0;
    this.#mayGiveWay = priority >= (this.#others.highestPriority ?? -Infinity);
    return this.#first;
  }

  /** Takes the one that goes next. */
  shift(): T | undefined {
    let first = this.#takeFront() ?? this.#others.shift();
    while (first !== undefined && !this.#isAlive(first)) first = this.#others.shift();
    return first;
  }

  takeFirst(matches: (job: T) => boolean): T | undefined {
    if (this.#first !== undefined && matches(this.#first)) return this.#takeFront();
    return this.#others.takeFirst(matches);
  }

  drain(): T[] {
    const first = this.#takeFront();
    return [...(first === undefined ? [] : [first]), ...this.#others.drain()];
  }

  #takeFront(): T | undefined {
    const first = this.#first;
    this.#first = undefined;
    return first;
  }

  #giveWayTo(job: T): void {
    if (this.#first === undefined || !this.#mayGiveWay) return;
    if (this.#first.priority >= job.priority) return;
    this.#others.pushAgain(this.#first);
    this.#first = undefined;
  }
}

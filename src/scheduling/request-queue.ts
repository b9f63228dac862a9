import { BinaryHeap } from './binary-heap.js';
import { Fifo } from './fifo.js';

/** What the queue must know of a request. */
export interface Queued {
  /** Higher is sent first. */
  readonly priority: number;
}

interface Delayed<T> {
  readonly job: T;
  readonly dueAtMs: number;
  readonly order: number;
}

interface Lane<T> {
  readonly priority: number;
  /** Requests that come back: they were asked earlier than all that wait in `fresh`. */
  readonly again: Fifo<T>;
  readonly fresh: Fifo<T>;
}

/**
 * Requests that wait for an app: by priority, then those that come back, then in the order of
 * asking. Those that wait for a retry stand aside until they are due.
 */
export class RequestQueue<T extends Queued> {
  /** Highest priority last, where taking from costs least. */
  readonly #lanes: Lane<T>[] = [];
  readonly #delayed = new BinaryHeap<Delayed<T>>(
    (a, b) => a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.order < b.order),
  );
  #order = 0;
  #ready = 0;

  /** Requests that could be sent now. */
  get ready(): number {
    return this.#ready;
  }

  /** Requests that wait for their time to come again. */
  get delayed(): number {
    return this.#delayed.size;
  }

  /** When the next delayed request is due; `undefined` when none is. */
  get nextDueAt(): number | undefined {
    return this.#delayed.peek()?.dueAtMs;
  }

  push(job: T): void {
    this.#lane(job.priority).fresh.push(job);
    this.#ready += 1;
  }

  /** Takes a request back that shall be sent again as soon as an app is free. */
  pushAgain(job: T): void {
    this.#lane(job.priority).again.push(job);
    this.#ready += 1;
  }

  /** Takes a request back that shall be sent again at `dueAtMs`. */
  pushDelayed(job: T, dueAtMs: number): void {
    this.#delayed.push({ job, dueAtMs, order: this.#order++ });
  }

  /** Makes the delayed requests ready that are due. */
  promoteDue(nowMs: number): void {
    for (let first = this.#delayed.peek(); first !== undefined; first = this.#delayed.peek()) {
      if (first.dueAtMs > nowMs) return;
      this.#delayed.pop();
      this.pushAgain(first.job);
    }
  }

  shift(): T | undefined {
    const lanes = this.#lanes;
    for (let lane = lanes.at(-1); lane !== undefined; lane = lanes.at(-1)) {
      const job = lane.again.shift() ?? lane.fresh.shift();
      if (job !== undefined) {
        this.#ready -= 1;
        return job;
      }
      if (lanes.length === 1) return undefined;
      lanes.pop();
    }
    return undefined;
  }

  /** Takes the first ready request out that `matches`, wherever it stands. Costs O(n). */
  takeFirst(matches: (job: T) => boolean): T | undefined {
    for (const lane of this.#lanes.toReversed()) {
      const job = lane.again.takeFirst(matches) ?? lane.fresh.takeFirst(matches);
      if (job === undefined) continue;
      this.#ready -= 1;
      return job;
    }
    return undefined;
  }

  /** Takes out everything, delayed requests too. */
  drain(): T[] {
    const jobs: T[] = [];
    for (let job = this.shift(); job !== undefined; job = this.shift()) jobs.push(job);
    for (let first = this.#delayed.pop(); first !== undefined; first = this.#delayed.pop()) {
      jobs.push(first.job);
    }
    return jobs;
  }

  #lane(priority: number): Lane<T> {
    const lanes = this.#lanes;
    let low = 0;
    let high = lanes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((lanes[middle] as Lane<T>).priority < priority) low = middle + 1;
      else high = middle;
    }
    const found = lanes[low];
    if (found?.priority === priority) return found;
    const lane = { priority, again: new Fifo<T>(), fresh: new Fifo<T>() };
    lanes.splice(low, 0, lane);
    return lane;
  }
}

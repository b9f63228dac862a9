import { BinaryHeap } from './binary-heap.js';
import { Fifo } from './fifo.js';
import type { WaitingRequests } from './waiting-requests.js';

/** What the queue must know of a request. */
export interface Queued {
  /** Higher is sent first. */
  readonly priority: number;
  /** The app to send it with, if that one is free when its turn comes. */
  readonly preferredAppId?: string | undefined;
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
  /** False while it is empty: it is then none of the queue's lanes. */
  isOpen: boolean;
  /** True while it stands in the line of turns. */
  isInLine: boolean;
}

/**
 * While requests of several priorities wait, one of so many is taken from a lower one, so that none
 * waits for ever.
 */
export const LOWER_SHARE = 10;

/**
 * Requests that wait for an app: by priority, then those that come back, then in the order of
 * asking. Those that wait for a retry stand aside until they are due.
 *
 * Of each ten requests that are taken while lower priorities wait, too, one is of those: of the one
 * whose turn was longest ago. So with n priorities waiting, the first request of each is taken after
 * 10 n others at most.
 */
export class RequestQueue<T extends Queued> implements WaitingRequests<T> {
  /** Those with requests, highest priority last, where taking from costs least. */
  readonly #lanes: Lane<T>[] = [];
  /** The same lanes, and some that are gone: the one whose turn was longest ago first. */
  #turns = new Fifo<Lane<T>>();
  /** The lane that became empty last: most often it is the one that is wanted next. */
  #spare: Lane<T> | undefined;
  /** Requests that were taken from the highest lane since a lower one had its turn. */
  #sinceTurn = 0;
  readonly #delayed = new BinaryHeap<Delayed<T>>(
    (a, b) => a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.order < b.order),
  );
  #order = 0;
  #ready = 0;

  /** Requests that could be sent now. */
  get ready(): number {
    return this.#ready;
  }

  /** The highest priority of those; `undefined` when there are none. */
  get highestPriority(): number | undefined {
    return this.#lanes.at(-1)?.priority;
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
    const lane = this.#laneInTurn();
    if (lane === undefined) return undefined;
    const job = lane.again.shift() ?? lane.fresh.shift();
    this.#onTaken(lane);
    return job;
  }

  /** Takes the first ready request out that `matches`, wherever it stands. Costs O(n). */
  takeFirst(matches: (job: T) => boolean): T | undefined {
    for (const lane of this.#lanes.toReversed()) {
      const job = lane.again.takeFirst(matches) ?? lane.fresh.takeFirst(matches);
      if (job === undefined) continue;
      this.#onTaken(lane);
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

  #laneInTurn(): Lane<T> | undefined {
    const highest = this.#lanes.at(-1);
    if (this.#lanes.length < 2) {
      this.#sinceTurn = 0;
      return highest;
    }
    this.#sinceTurn += 1;
    if (this.#sinceTurn < LOWER_SHARE) return highest;
    this.#sinceTurn = 0;
    return this.#lowerInTurn() ?? highest;
  }

  /** The lower lane whose turn was longest ago; it goes to the end of the line. */
  #lowerInTurn(): Lane<T> | undefined {
    const highest = this.#lanes.at(-1);
    for (let lane = this.#turns.shift(); lane !== undefined; lane = this.#turns.shift()) {
      lane.isInLine = false;
      // The highest has its turn with the others once it is no longer the highest.
      if (lane.isOpen) this.#standInLine(lane);
      if (lane.isOpen && lane !== highest) return lane;
    }
    return undefined;
  }

  #standInLine(lane: Lane<T>): void {
    if (lane.isInLine) return;
    lane.isInLine = true;
    this.#turns.push(lane);
  }

  #onTaken(lane: Lane<T>): void {
    this.#ready -= 1;
    if (lane.again.size + lane.fresh.size > 0) return;
    lane.isOpen = false;
    this.#spare = lane;
    if (lane === this.#lanes.at(-1)) this.#lanes.pop();
    else this.#lanes.splice(this.#placeOf(lane.priority), 1);
  }

  #lane(priority: number): Lane<T> {
    const place = this.#placeOf(priority);
    const found = this.#lanes[place];
    if (found?.priority === priority) return found;
    const spare = this.#spare?.priority === priority ? this.#spare : undefined;
    const lane = spare ?? newLane(priority);
    lane.isOpen = true;
    this.#lanes.splice(place, 0, lane);
    this.#forgetGone();
    this.#standInLine(lane);
    return lane;
  }

  /** Keeps the line short where lanes come and go without any turns; constant cost on average. */
  #forgetGone(): void {
    if (this.#turns.size < 16 + 2 * this.#lanes.length) return;
    const open = new Fifo<Lane<T>>();
    for (let lane = this.#turns.shift(); lane !== undefined; lane = this.#turns.shift()) {
      lane.isInLine = lane.isOpen;
      if (lane.isOpen) open.push(lane);
    }
    this.#turns = open;
  }

  /** Where the lane of a priority stands, or would. */
  #placeOf(priority: number): number {
    const lanes = this.#lanes;
    let low = 0;
    let high = lanes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((lanes[middle] as Lane<T>).priority < priority) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function newLane<T>(priority: number): Lane<T> {
  const [again, fresh] = [new Fifo<T>(), new Fifo<T>()];
  return { priority, again, fresh, isOpen: true, isInLine: false };
}

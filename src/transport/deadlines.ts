/** Time-outs of very many attempts, with one timer for all that are given the same time. */
import type { Clock, Timer } from '../clock.js';

/** What has a deadline. An object, not a callback: there is one for each attempt. */
export interface Expiring {
  /** Called once, when its deadline has come. */
  onDeadline(): void;
}

/** Sets deadlines. None is early; how late they are is up to the clock's timers. */
export class Deadlines {
  readonly #clock: Clock;
  /** By how long they last. Those that last equally long are due in the order in which they began. */
  readonly #rows = new Map<number, Row>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives `expiring` a deadline `afterMs` milliseconds from now, unless that is cancelled. */
  set(expiring: Expiring, afterMs: number): Timer {
    let row = this.#rows.get(afterMs);
    if (row === undefined) {
      row = new Row(this.#clock, afterMs, () => this.#rows.delete(afterMs));
      this.#rows.set(afterMs, row);
    }
    return row.add(expiring);
  }
}

/** A place in a row: a doubly linked list, so that one in the middle leaves in O(1). */
class Place implements Timer {
  readonly row: Row;
  readonly dueAtMs: number;
  /** `undefined` once it has left. */
  expiring: Expiring | undefined;
  before: Place | undefined;
  after: Place | undefined;

  constructor(row: Row, dueAtMs: number, expiring: Expiring, before: Place | undefined) {
    this.row = row;
    this.dueAtMs = dueAtMs;
    this.expiring = expiring;
    this.before = before;
    this.after = undefined;
  }

  cancel(): void {
    if (this.expiring === undefined) return;
    this.expiring = undefined;
    this.row.remove(this);
  }
}

/** Deadlines that last equally long. The timer waits for the first, or for one that was first. */
class Row {
  readonly #clock: Clock;
  readonly #afterMs: number;
  readonly #onEmpty: () => void;
  #first: Place | undefined;
  #last: Place | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, afterMs: number, onEmpty: () => void) {
    this.#clock = clock;
    this.#afterMs = afterMs;
    this.#onEmpty = onEmpty;
  }

  add(expiring: Expiring): Place {
    const last = this.#last;
    const place = new Place(this, this.#clock.now() + this.#afterMs, expiring, last);
    if (last === undefined) this.#first = place;
    else last.after = place;
    this.#last = place;
    this.#timer ??= this.#clock.setTimer(() => this.#callDue(), this.#afterMs);
    return place;
  }

  remove({ before, after }: Place): void {
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    if (this.#first !== undefined) return;
    // A timer would keep the process alive.
    this.#timer?.cancel();
    this.#onEmpty();
  }

  #callDue(): void {
    const nowMs = this.#clock.now();
    for (let place = this.#first; place !== undefined; place = this.#first) {
      if (place.dueAtMs > nowMs) {
        this.#timer = this.#clock.setTimer(() => this.#callDue(), place.dueAtMs - nowMs);
        return;
      }
      const { expiring } = place;
      place.cancel();
      expiring?.onDeadline();
    }
  }
}

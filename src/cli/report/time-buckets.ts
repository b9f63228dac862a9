/** Outcomes by the time they came, in buckets that widen as the run grows longer. */

/** Widths of buckets, milliseconds. Each is a multiple of the one before, so that buckets can be merged. */
const WIDTHS_MS: readonly number[] = [
  1000,
  5000,
  15_000,
  30_000,
  60_000,
  5 * 60_000,
  15 * 60_000,
  30 * 60_000,
  3_600_000,
  6 * 3_600_000,
  24 * 3_600_000,
];

/** Outcomes that came from `startMs` on, for one bucket's width. */
export interface TimeBucket {
  /** Milliseconds since the Unix epoch, a multiple of the width. */
  readonly startMs: number;
  readonly succeeded: number;
  readonly failed: number;
}

interface Counts {
  succeeded: number;
  failed: number;
}

/** Counts outcomes by time. They may come in any order. */
export class TimeBuckets {
  widthMs: number = WIDTHS_MS[0] ?? 1000;
  readonly #maxBuckets: number;
  #buckets = new Map<number, Counts>();

  /** @param maxBuckets - keeps at most so many buckets that hold an outcome; at least 1. */
  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets;
  }

  add(atMs: number, isSuccess: boolean): void {
    this.#count(Math.floor(atMs / this.widthMs), isSuccess ? 1 : 0, isSuccess ? 0 : 1);
    if (this.#buckets.size > this.#maxBuckets) this.widen();
  }

  /** Goes to the next width for which no more buckets than allowed are left. */
  widen(): void {
    const before = this.widthMs;
    this.widthMs = WIDTHS_MS.find((width) => width > before) ?? before * 2;
    const factor = this.widthMs / before;
    const old = this.#buckets;
    this.#buckets = new Map();
    for (const [index, { succeeded, failed }] of old) {
      this.#count(Math.floor(index / factor), succeeded, failed);
    }
    if (this.#buckets.size > this.#maxBuckets) this.widen();
  }

  /** The buckets that hold an outcome, by time. */
  list(): TimeBucket[] {
    return [...this.#buckets]
      .toSorted(([a], [b]) => a - b)
      .map(([index, { succeeded, failed }]) => ({
        startMs: index * this.widthMs,
        succeeded,
        failed,
      }));
  }

  #count(index: number, succeeded: number, failed: number): void {
    const counts = this.#buckets.get(index);
    if (counts === undefined) {
      this.#buckets.set(index, { succeeded, failed });
    } else {
      counts.succeeded += succeeded;
      counts.failed += failed;
    }
  }
}

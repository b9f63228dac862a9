/**
 * Durations in buckets that each are 1% wider than the one before, so that any percentile is known to
 * within 0.5% of its value, in constant memory, whatever the number of durations.
 * The method is DDSketch: Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
 * relative-error guarantees", VLDB 2019.
 */

/** A percentile differs from the exact one by at most this part of it (from {@link SMALLEST_MS} up). */
export const RELATIVE_ERROR = 0.005;

/** Shorter durations count as this long. */
export const SMALLEST_MS = 0.01;

const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GROWTH = Math.log(GROWTH);

/** Durations from `fromMs` to `toMs`. */
export interface LatencyBin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** Counts durations, milliseconds. */
export class LatencySketch {
  count = 0;
  #sumMs = 0;
  #minMs = Infinity;
  #maxMs = 0;
  /** Counts by bucket. Bucket `i` holds durations from `GROWTH ** (i - 1)` to `GROWTH ** i`. */
  readonly #buckets = new Map<number, number>();

  add(durationMs: number): void {
    const ms = Math.max(durationMs, SMALLEST_MS);
    const bucket = Math.ceil(Math.log(ms) / LOG_GROWTH);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.count += 1;
    this.#sumMs += ms;
    this.#minMs = Math.min(this.#minMs, ms);
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /** The shortest duration, exact. 0 when there is none. */
  get minMs(): number {
    return this.count === 0 ? 0 : this.#minMs;
  }

  /** The longest duration, exact. 0 when there is none. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** The mean duration, exact. 0 when there is none. */
  get meanMs(): number {
    return this.count === 0 ? 0 : this.#sumMs / this.count;
  }

  /**
   * The duration that a part `fraction` (0 to 1) of all durations does not exceed (nearest rank),
   * to within {@link RELATIVE_ERROR}. 0 when there is none.
   */
  percentile(fraction: number): number {
    const rank = Math.max(1, Math.ceil(fraction * this.count));
    let seen = 0;
    for (const [bucket, count] of this.#sorted()) {
      seen += count;
      if (seen >= rank) return clamp(centre(bucket), this.#minMs, this.#maxMs);
    }
    return 0;
  }

  /** All durations in at most `maxBins` bins that follow each other, each wider by the same factor. */
  bins(maxBins: number): LatencyBin[] {
    const sorted = this.#sorted();
    const first = sorted[0]?.[0];
    const last = sorted.at(-1)?.[0];
    if (first === undefined || last === undefined) return [];
    const merged = Math.ceil((last - first + 1) / maxBins);
    const counts = Array.from({ length: Math.ceil((last - first + 1) / merged) }, () => 0);
    for (const [bucket, count] of sorted) {
      const bin = Math.floor((bucket - first) / merged);
      counts[bin] = (counts[bin] ?? 0) + count;
    }
    return counts.map((count, bin) => ({
      fromMs: GROWTH ** (first + bin * merged - 1),
      toMs: GROWTH ** (first + (bin + 1) * merged - 1),
      count,
    }));
  }

  #sorted(): [bucket: number, count: number][] {
    return [...this.#buckets].toSorted(([a], [b]) => a - b);
  }
}

/** The value that is off by the same part from both ends of a bucket. */
function centre(bucket: number): number {
  return (2 * GROWTH ** bucket) / (GROWTH + 1);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

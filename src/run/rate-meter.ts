/** Counts what happens a second, over the last seconds. */

const BUCKET_MS = 1000;
const BUCKETS = 10;

/** A rate over the last 10 seconds; since the first count where that is less. */
export class RateMeter {
  readonly #counts = Array.from({ length: BUCKETS + 1 }, () => 0);
  #bucket = 0;
  #firstMs: number | undefined;

  add(count: number, nowMs: number): void {
    this.#firstMs ??= nowMs;
    this.#advance(nowMs);
    const index = this.#bucket % this.#counts.length;
    this.#counts[index] = (this.#counts[index] as number) + count;
  }

  /** A second. */
  rate(nowMs: number): number {
    if (this.#firstMs === undefined) return 0;
    this.#advance(nowMs);
    const sum = this.#counts.reduce((total, count) => total + count, 0);
    const startMs = Math.max(this.#firstMs, (this.#bucket - BUCKETS) * BUCKET_MS);
    return (sum * 1000) / Math.max(nowMs - startMs, BUCKET_MS);
  }

  #advance(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const passed = Math.min(bucket - this.#bucket, this.#counts.length);
    for (let ahead = 1; ahead <= passed; ahead++) {
      this.#counts[(bucket - passed + ahead) % this.#counts.length] = 0;
    }
    this.#bucket = Math.max(this.#bucket, bucket);
  }
}

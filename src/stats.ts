import type { RetryCause } from './retry/verdict.js';

/** Totals of a hydra since it was made. */
export interface HydraStats {
  /** Requests that were asked for. */
  readonly requested: number;
  /** Requests that have their response. */
  readonly succeeded: number;
  /** Requests that have failed for good. */
  readonly failed: number;
  /** Requests that wait, for an app or for a retry. */
  readonly waiting: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Attempts that were sent, of whatever end. */
  readonly attempts: number;
  /** Attempts that were sent again, by cause: `network`, `timeout`, `body`, `not-found`, `http-500`... */
  readonly retries: Readonly<Record<string, number>>;
  /** Answers 429, and 503 with `Retry-After`. */
  readonly refusals: number;
  /** Bytes of bodies, as they came over the wire. */
  readonly bytes: number;
  /** Apps that are in use. */
  readonly apps: number;
  /** Time from the first attempt to the latest answer, seconds. */
  readonly seconds: number;
  /** Accepted attempts a second, over {@link seconds}. */
  readonly rate: number;
  /**
   * Requests a second that the shortest windows of all apps admit together. Limits of scopes, and those that
   * count something else than requests, are not in it: they may admit fewer.
   */
  readonly allowedRate: number;
}

/** Counts what happens. */
export class StatsCounter {
  requested = 0;
  succeeded = 0;
  failed = 0;
  attempts = 0;
  accepted = 0;
  refusals = 0;
  bytes = 0;
  readonly retries: Record<string, number> = {};
  #firstMs: number | undefined;
  #lastMs = 0;

  sent(nowMs: number): void {
    this.attempts += 1;
    this.#firstMs ??= nowMs;
  }

  answered(nowMs: number, bytes: number): void {
    this.bytes += bytes;
    this.#lastMs = nowMs;
  }

  retried(cause: RetryCause): void {
    this.retries[cause] = (this.retries[cause] ?? 0) + 1;
  }

  snapshot(now: Pick<HydraStats, 'waiting' | 'inFlight' | 'apps' | 'allowedRate'>): HydraStats {
    const { requested, succeeded, failed, attempts, refusals, bytes } = this;
    const seconds = Math.max(0, this.#lastMs - (this.#firstMs ?? this.#lastMs)) / 1000;
    const rate = seconds > 0 ? this.accepted / seconds : 0;
    const retries = { ...this.retries };
    return {
      requested,
      succeeded,
      failed,
      attempts,
      retries,
      refusals,
      bytes,
      seconds,
      rate,
      ...now,
    };
  }
}

/** The totals as lines for people. */
export function describeStats(stats: HydraStats): string[] {
  const retried = Object.values(stats.retries).reduce((sum, times) => sum + times, 0);
  const causes = Object.entries(stats.retries).map(([cause, times]) => `${cause} ${times}`);
  const megabytes = (stats.bytes / 1e6).toFixed(2);
  return [
    `requests  ${stats.requested} asked, ${stats.succeeded} answered, ${stats.failed} failed`,
    `rate      ${stats.rate.toFixed(1)} of ${stats.allowedRate.toFixed(1)} allowed a second, with ${stats.apps} apps`,
    `refusals  ${stats.refusals}`,
    `retries   ${retried}${causes.length > 0 ? ` (${causes.join(', ')})` : ''}`,
    `bytes     ${megabytes} MB`,
    `seconds   ${stats.seconds.toFixed(1)}`,
  ];
}

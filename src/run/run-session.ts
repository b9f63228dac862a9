/** What one process does for a run, counted from when it took the run up. */
import type { Outcome } from '../request/request.js';
import type { HydraStats } from '../stats.js';
import { RateMeter } from './rate-meter.js';
import type { RunHost } from './run-host.js';
import type { RunSession } from './run-info.js';

/** Counts a session. */
export class SessionCounter {
  readonly #host: Pick<RunHost, 'clock' | 'stats' | 'apps'>;
  readonly #before: HydraStats;
  readonly #startedAtMs: number;
  readonly #startedMs: number;
  readonly #meter = new RateMeter();
  #succeeded = 0;
  #failed = 0;

  constructor(host: Pick<RunHost, 'clock' | 'stats' | 'apps'>) {
    this.#host = host;
    this.#before = host.stats;
    this.#startedAtMs = host.clock.wallNow();
    this.#startedMs = host.clock.now();
  }

  /** Notes outcomes that were recorded. */
  recorded(count: number, kind: Outcome['kind']): void {
    if (kind === 'response') this.#succeeded += count;
    else this.#failed += count;
    this.#meter.add(count, this.#host.clock.now());
  }

  /** Failures that were recorded. */
  get failed(): number {
    return this.#failed;
  }

  /** Outcomes a second over the last 10 seconds. */
  get rate(): number {
    return this.#meter.rate(this.#host.clock.now());
  }

  get elapsedMs(): number {
    return this.#host.clock.now() - this.#startedMs;
  }

  /** Attempts that were sent again. */
  get retries(): number {
    return Object.values(this.snapshot().retries).reduce((sum, times) => sum + times, 0);
  }

  snapshot(): RunSession {
    const { apps, allowedRate, ...stats } = this.#host.stats;
    const before = this.#before;
    const retries = Object.entries(stats.retries)
      .map(([cause, times]) => [cause, times - (before.retries[cause] ?? 0)] as const)
      .filter(([, times]) => times > 0);
    return {
      startedAtMs: this.#startedAtMs,
      endedAtMs: this.#host.clock.wallNow(),
      apps,
      appGroups: this.#host.apps,
      allowedRate,
      succeeded: this.#succeeded,
      failed: this.#failed,
      attempts: stats.attempts - before.attempts,
      refusals: stats.refusals - before.refusals,
      retries: Object.fromEntries(retries),
      bytes: stats.bytes - before.bytes,
    };
  }
}

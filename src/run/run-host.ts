/** What a run needs of the hydra that it belongs to. */
import type { Clock } from '../clock.js';
import type { Limit } from '../limits/limit.js';
import type { Logger } from '../logger.js';
import type { RequestMethod, RequestOptions } from '../request/request.js';
import type { HydraStats } from '../stats.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import type { RunInfo } from './run-info.js';
import type { RunState } from './run.js';

/** A request that was handed over. */
export interface HandedRequest {
  /** There while an attempt is under way. */
  readonly underWay: unknown;
  /** True when sending it twice does no harm. */
  readonly idempotent: boolean;
}

/** Sends requests, and tells of itself. */
export interface RunHost {
  readonly api: RunInfo['api'];
  /** Options that are plain values, without secrets. */
  readonly options: RunInfo['options'];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outcomesPerSegment: number;
  readonly durability: 'os' | 'fsync';
  /** Least time between any two requests. */
  readonly minRequestDelayMs: number;
  /** Requests that could be sent now. */
  readonly ready: number;
  readonly stats: HydraStats;
  /** The apps in use, those with the same limits together. */
  readonly apps: readonly { readonly limits: readonly Limit[]; readonly apps: number }[];
  /** What everything waits for; `undefined` while requests are sent. */
  readonly waiting: Extract<RunState, { kind: 'waiting' }> | undefined;

  /**
   * Sends a request. Its outcome goes to `recorder`.
   *
   * @throws HydraError when it cannot be sent as it is, and `HYDRA_NO_APPS`.
   */
  submit(
    id: number,
    method: RequestMethod,
    path: string,
    options: RequestOptions,
    recorder: OutcomeRecorder,
  ): HandedRequest;
  /** Lets go of a request: it gets no outcome. */
  withdraw(request: HandedRequest): void;
  /** Breaks off the attempt that is under way, and has that as the request's outcome. */
  breakOff(request: HandedRequest): void;
  /** Writes the apps and what is used up of their windows, as before the process ends. */
  saveApps(): Promise<void>;
  /** Says that something may be sent that could not be. */
  wake(): void;
}

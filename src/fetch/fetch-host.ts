/** What requests that are asked for by fetch or through the dispatcher need of the hydra. */
import type { Api } from '../api.js';
import type { Job } from '../engine/job.js';

export interface FetchHost {
  readonly api: Api;
  /**
   * Called first for each request.
   *
   * @throws HydraError `HYDRA_FINISHED` when nothing more is taken.
   */
  enter(): void;
  /**
   * Takes a request.
   *
   * @throws HydraError `HYDRA_NO_APPS`.
   */
  submit(job: Job): void;
  /** Lets go of a request that has no answer yet. */
  withdraw(job: Job): void;
  /** Calls `tell`, which tells of an answer that an app was given. */
  during(appId: string, tell: () => void): void;
  /** Has the hydra not finish before this is done. Does not reject. */
  waitFor(task: Promise<unknown>): void;
}

/** What fetch knows of a request and a dispatcher is not told by the standard. */
export interface FetchWishes {
  /** True where the body is text or bytes, also if it comes as a stream. */
  readonly isRepeatable: boolean;
  readonly priority: number;
}

/** The key under which a request carries its {@link FetchWishes}. */
export const wishesKey: unique symbol = Symbol('apihydra.fetch');

/** A bulk job with a directory of its own: what goes in, what is told of it, and how it ends. */
import type { Limit } from '../limits/limit.js';
import type { Outcome, RequestMethod, RequestOptions } from '../request/request.js';

/** One request of a run. */
export interface RunRequest extends Omit<RequestOptions, 'signal'> {
  /** Begins with `/`, or an absolute URL of the API's origin. */
  readonly path: string;
  /** @defaultValue `'GET'` */
  readonly method?: RequestMethod;
}

/** Where a run's requests come from: paths, or requests. Read only as fast as they are needed. */
export type RunSource = Iterable<string | RunRequest> | AsyncIterable<string | RunRequest>;

/** Options of `hydra.run()`. */
export interface RunOptions {
  /**
   * Where everything of the run is kept. Made when it is not there; gone on with when it holds a run
   * of the same requests.
   */
  readonly directory: string;
  /**
   * Asks again for what has failed for good.
   *
   * @defaultValue `false`
   */
  readonly retryFailures?: boolean | undefined;
  /** How many requests the source holds, where the caller knows it: for progress. Arrays tell it themselves. */
  readonly total?: number | undefined;
  /**
   * Stops the run when it is aborted: what is in flight gets 5 s, what is recorded stays. A POST or
   * PATCH that is not answered by then has failed, since the server may have acted on it; all else
   * without an answer is asked again on resume.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Compresses segments once they are full. `'zstd'` needs a Node that has it (22.15 or later).
   *
   * @defaultValue `false`
   */
  readonly compress?: 'gzip' | 'zstd' | false | undefined;
  /**
   * What the source was made of, such as the name of a file: noted in `run.json`, for who goes on
   * later. Nothing secret.
   */
  readonly origin?: Readonly<Record<string, string>> | undefined;
}

/** What a run is doing. */
export type RunState =
  | { readonly kind: 'running' }
  /**
   * Nothing is sent before `untilMs` (milliseconds since the Unix epoch), where that is known. `reason`
   * is for people.
   */
  | {
      readonly kind: 'waiting';
      readonly for: 'server' | 'windows' | 'tokens';
      readonly untilMs: number | undefined;
      readonly reason: string;
    }
  /** It takes no more requests, and gives what is in flight its time. */
  | { readonly kind: 'stopping' }
  | { readonly kind: 'ended' };

/** How far a run is. */
export interface RunProgress {
  readonly state: RunState;
  /** Requests with a recorded response, those of earlier sessions too. */
  readonly done: number;
  /**
   * Requests with a recorded failure, those of earlier sessions too; while those are asked again
   * (`retryFailures`), only what has failed in this session.
   */
  readonly failed: number;
  readonly inFlight: number;
  /** Read from the source, without an outcome, and not in flight. */
  readonly waiting: number;
  /** Requests of the source, as soon as that is known. */
  readonly total: number | undefined;
  /** Outcomes a second over the last 10 seconds. */
  readonly rate: number;
  /** Requests a second that the apps' windows admit together for the time that the rest takes. */
  readonly allowedRate: number;
  /**
   * The limit that keeps the rate down; `undefined` while there are no apps. Where that is
   * `minRequestDelayMs`, one request in so long, over all apps.
   */
  readonly bindingWindow: Limit | undefined;
  /** Milliseconds until the last outcome at the allowed rate; `undefined` while the total is not known. */
  readonly etaMs: number | undefined;
  /** Milliseconds since this session began. */
  readonly elapsedMs: number;
  /** Attempts of this session that were sent again. */
  readonly retries: number;
}

/** How a run has ended. */
export interface RunSummary {
  /** True when each request of the source has its outcome. False when it was stopped. */
  readonly isComplete: boolean;
  readonly directory: string;
  /** Requests with a recorded response, those of earlier sessions too. */
  readonly done: number;
  /** Requests with a recorded failure, those of earlier sessions too. */
  readonly failed: number;
  /** Requests that had an outcome already when this session began. */
  readonly skipped: number;
}

/**
 * A run that is under way. It goes on by itself; iterating is for who wants the outcomes as they come.
 *
 * Iterating gives the outcomes from then on, each once it is recorded, in the order in which they
 * come. Who reads slowly slows the run down, so that memory stays small. Leaving the loop leaves the
 * run alone.
 */
export interface Run extends AsyncIterable<Outcome> {
  readonly directory: string;
  /** How far it is, now. */
  readonly progress: RunProgress;
  /**
   * Resolves when the run has ended or was stopped. Rejects with a `HydraError`:
   * `HYDRA_RUN_DIRECTORY` (cannot be made or understood, is of another version or API),
   * `HYDRA_RUN_LOCKED`, `HYDRA_SOURCE_CHANGED`, `HYDRA_NO_APPS`, `HYDRA_INVALID_REQUEST` (the source
   * gives something that is no request), or what the source throws. Whatever it rejects with, what is
   * recorded stays, and the run can be gone on with. Unobserved, it is logged and no unhandled
   * rejection.
   *
   * A request that cannot be sent as it is (a path without a slash, another origin, an unknown option)
   * does not end the run: it is recorded as a failure.
   */
  readonly done: Promise<RunSummary>;
}

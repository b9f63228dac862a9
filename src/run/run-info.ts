/** What `run.json` says of a run. */

/** One process's share of a run. */
export interface RunSession {
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  /** As of the last time that `run.json` was written. */
  readonly endedAtMs: number;
  /** Apps in use. */
  readonly apps: number;
  /** Requests a second that the shortest windows of all apps admit together. */
  readonly allowedRate: number;
  /** Outcomes that were recorded. */
  readonly succeeded: number;
  readonly failed: number;
  /** Attempts that were sent. */
  readonly attempts: number;
  /** Answers 429, and 503 with `Retry-After`. */
  readonly refusals: number;
  /** Attempts that were sent again, by cause: `network`, `timeout`, `body`, `not-found`, `http-500`... */
  readonly retries: Readonly<Record<string, number>>;
  /** Bytes of bodies, as they came over the wire. */
  readonly bytes: number;
}

/** A segment of a run. */
export interface SegmentInfo {
  /** Relative to the run's directory, or absolute where it had to be written elsewhere. */
  readonly file: string;
  readonly count: number;
  readonly firstId: number;
  readonly lastId: number;
}

/** The content of `run.json`. */
export interface RunInfo {
  readonly version: 1;
  readonly api: { readonly name: string; readonly baseUrl: string };
  /** `running` also after a crash; `stopped` when it was stopped on purpose. */
  readonly state: 'running' | 'stopped' | 'complete';
  /** Milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The hydra's options that are plain values, without secrets. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How far the source was read: how many requests, and whether those are all. */
  readonly source: { readonly read: number; readonly isWhole: boolean };
  /** Requests by their outcome. */
  readonly totals: { readonly done: number; readonly failed: number };
  /** Segments that are ended and in the done-set. Others in the folder are looked through on resume. */
  readonly segments: readonly SegmentInfo[];
  readonly sessions: readonly RunSession[];
}

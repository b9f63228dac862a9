import type { Queued } from './request-queue.js';

/** Requests that wait for an app, or for their time to come again. */
export interface WaitingRequests<T extends Queued> {
  /** Requests that could be sent now, if an app admitted them. */
  readonly ready: number;
  /** When the next delayed request is due; `undefined` when none is. */
  readonly nextDueAt: number | undefined;
  push(job: T): void;
  /** Takes a request back that shall be sent again as soon as an app is free. */
  pushAgain(job: T): void;
  /** Takes a request back that shall be sent again at `dueAtMs`. */
  pushDelayed(job: T, dueAtMs: number): void;
  /** Makes the delayed requests ready that are due. */
  promoteDue(nowMs: number): void;
  shift(): T | undefined;
  /** Takes the first ready request out that `matches`, wherever it stands. Costs O(n). */
  takeFirst(matches: (job: T) => boolean): T | undefined;
  /** Takes out everything, delayed requests too. */
  drain(): T[];
}

import type { AppShare } from '../limits/app-share.js';
import type { Limit } from '../limits/limit.js';
import type { SlidingWindows } from '../limits/sliding-windows.js';
import type { ToldBudgets } from '../limits/told-budget.js';

/** What is kept to limits: an app with all that it sends, or with its requests of one scope. */
export interface Limited {
  /** For the log. */
  readonly label: string;
  readonly windows: SlidingWindows;
  /** Its limits, as far as they are known: those it was given, made tighter by what answers tell. */
  knownLimits: readonly Limit[];
  /** When answers last told a limit that was not known. */
  limitsToldAtMs: number;
  /** What is left of its limits, as answers tell. */
  readonly budgets: ToldBudgets;
  /** Which part of its rate it uses. */
  readonly share: AppShare;
  /** It is not used before this time (milliseconds of the clock). */
  parkedUntilMs: number;
  /** Refusals in a row without a `Retry-After`; each doubles how long it is parked. */
  refusalsInARow: number;
  /** Requests that were sent with it. */
  sent: number;
  /** Requests under way with it. */
  inFlight: number;
  /** True once the log says that the server tells its limits, and that somebody else may use its key. */
  hasSaidLimits: boolean;
  hasSaidOthers: boolean;
}

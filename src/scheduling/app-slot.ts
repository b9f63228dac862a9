import type { App } from '../app.js';
import { AppShare } from '../limits/app-share.js';
import type { Amounts, AppCosts } from './app-costs.js';
import type { Limited } from './limited.js';
import type { Limit } from '../limits/limit.js';
import type { RateDiscovery } from '../limits/rate-discovery.js';
import type { SlidingWindows } from '../limits/sliding-windows.js';
import { ToldBudgets } from '../limits/told-budget.js';

/** An app in the pool, with what the scheduler knows of it. */
export class AppSlot implements Limited {
  app: App;
  windows: SlidingWindows;
  /** Its limits, as far as they are known: those it was given, made tighter by what answers tell. */
  knownLimits: readonly Limit[];
  /** When answers last told a limit that was not known. */
  limitsToldAtMs: number = -Infinity;
  /** Finds its rate, for as long as no known limit tells it. */
  discovery: RateDiscovery | undefined;
  /** What is left of its limits, as answers tell. */
  readonly budgets: ToldBudgets = new ToldBudgets();
  /** Its windows that count something else than requests; `undefined` where there are none. */
  costs: AppCosts | undefined;
  /** Called when it may be free earlier than was thought; `undefined` where nobody asks. */
  onFreeEarlier: (() => void)[] | undefined;
  /** Requests that were sent with it. */
  sent = 0;
  /** True once the log says that the server tells its limits, and that somebody else may use its key. */
  hasSaidLimits = false;
  hasSaidOthers = false;
  /** Which part of its rate it uses. */
  readonly share: AppShare = new AppShare();
  /** It is not used before this time (milliseconds of the clock). */
  parkedUntilMs: number = -Infinity;
  /** Refusals in a row without a `Retry-After`; each doubles how long it is parked. */
  refusalsInARow = 0;
  /** Tokens in a row that the server did not take. */
  rejectionsInARow = 0;
  /** The latest of its tokens that the server did not take, by its number. */
  rejectedGeneration: number = -1;
  /** Requests under way with it. */
  inFlight = 0;
  /** False while it has no token to sign with. */
  canSign = true;
  /** True once it has left the pool. */
  removed = false;
  /** True while it stands in one of the pool's heaps. */
  queued = false;
  /** By which the pool tells it from the others; it is given by it. */
  number: number = -1;
  /** Place in the order of use; the smaller, the longer ago. */
  lastUse = 0;
  /**
   * When its longest window would be full again, if it refilled evenly; milliseconds of the clock. Says how
   * much it is used up, and, unlike what a window has left, does not change while the app is not used.
   */
  refilledAtMs: number = -Infinity;

  /** @param discovery - where its limits are not known: those of the windows are only what it found so far. */
  constructor(app: App, windows: SlidingWindows, discovery?: RateDiscovery) {
    this.app = app;
    this.windows = windows;
    this.discovery = discovery;
    this.knownLimits = discovery === undefined ? windows.limits : [];
  }

  get label(): string {
    return `App ${this.app.id}`;
  }

  /** What it is kept to now. */
  get effectiveLimits(): readonly Limit[] {
    return this.discovery === undefined
      ? this.knownLimits
      : [...this.knownLimits, this.discovery.limit];
  }

  /** Notes that it sends a request at `atMs`. */
  noteUse(atMs: number): void {
    this.refilledAtMs = Math.max(this.refilledAtMs, atMs) + this.windows.refillMs;
  }
}

/**
 * When an app's own windows admit a request, and those of its scope that count what it costs; without
 * `amounts`, the one without a scope that goes next.
 */
export function appFreeAt(slot: AppSlot, amounts?: Amounts, scope?: string): number {
  const { windows, share, budgets, parkedUntilMs, costs } = slot;
  const freeAtMs = Math.max(windows.nextFreeAt(share.value), parkedUntilMs, budgets.heldUntilMs);
  return costs === undefined ? freeAtMs : Math.max(freeAtMs, costs.freeAt(amounts, scope));
}

import type { Demand } from './app-costs.js';
import { appFreeAt, type AppSlot } from './app-slot.js';
import { AppShare } from '../limits/app-share.js';
import type { Limit } from '../limits/limit.js';
import type { Limited } from './limited.js';
import { SlidingWindows } from '../limits/sliding-windows.js';
import { ToldBudgets } from '../limits/told-budget.js';

/** What an app has beside its own windows for the requests of one scope. */
export class ScopeSlot implements Limited {
  readonly scope: string;
  readonly slot: AppSlot;
  windows: SlidingWindows;
  knownLimits: readonly Limit[];
  limitsToldAtMs: number = -Infinity;
  readonly budgets: ToldBudgets = new ToldBudgets();
  readonly share: AppShare = new AppShare();
  parkedUntilMs: number = -Infinity;
  refusalsInARow = 0;
  sent = 0;
  inFlight = 0;
  hasSaidLimits = false;
  hasSaidOthers = false;

  readonly #demand: Demand;

  /**
   * @param limits - those that count requests.
   * @param demand - of the request of this scope that goes next.
   */
  constructor(scope: string, slot: AppSlot, limits: readonly Limit[], demand: Demand) {
    this.scope = scope;
    this.slot = slot;
    this.#demand = demand;
    this.knownLimits = limits;
    this.windows = new SlidingWindows(limits);
  }

  get label(): string {
    return `${this.slot.label}, scope ${this.scope}`;
  }

  /** When both the app's windows and those of the scope admit a request; `Infinity` without a token. */
  freeAt(): number {
    const { slot, windows, share, budgets, parkedUntilMs } = this;
    if (!slot.canSign) return Infinity;
    const scopeFreeAt = windows.nextFreeAt(share.value);
    const slotFreeAt = appFreeAt(slot, this.#demand.amounts, this.scope);
    return Math.max(slotFreeAt, scopeFreeAt, parkedUntilMs, budgets.heldUntilMs);
  }

  /** Keeps it to other limits; what it has sent still counts. */
  setLimits(limits: readonly Limit[], nowMs: number): void {
    this.knownLimits = limits;
    this.windows = this.windows.withLimits(limits, nowMs);
  }
}

import type { App } from '../app.js';
import { AppShare } from '../limits/app-share.js';
import type { SlidingWindows } from '../limits/sliding-windows.js';

/** An app in the pool, with what the scheduler knows of it. */
export class AppSlot {
  app: App;
  windows: SlidingWindows;
  /** Which part of its rate it uses. */
  share: AppShare = new AppShare();
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
  /** Its place among the waiting ones; -1 while it is not one of them. */
  waitingIndex: number = -1;
  /** Place in the order of use; the smaller, the longer ago. */
  lastUse = 0;
  /**
   * When its longest window would be full again, if it refilled evenly; milliseconds of the clock. Says how
   * much it is used up, and, unlike what a window has left, does not change while the app is not used.
   */
  refilledAtMs: number = -Infinity;
  /** When it is free again, as the pool last computed it. */
  freeAtMs: number = -Infinity;

  constructor(app: App, windows: SlidingWindows) {
    this.app = app;
    this.windows = windows;
  }

  /** Notes that it sends a request at `atMs`. */
  noteUse(atMs: number): void {
    this.refilledAtMs = Math.max(this.refilledAtMs, atMs) + this.windows.refillMs;
  }
}

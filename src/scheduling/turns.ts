import type { AppSlot } from './app-slot.js';
import type { ScopeSlot } from './scope-slot.js';

/** A request that can go, and the app that it goes with. */
export interface Turn<T> {
  readonly job: T | undefined;
  readonly slot: AppSlot;
}

/** A queue that says which request goes with which app, where that depends on the request. */
export interface Turns<T> {
  /** Takes the request that goes next, with its app; `undefined` when none can go at `nowMs`. */
  next(nowMs: number): Turn<T> | undefined;
  /** When a request can go next, after `next` found none; `undefined` when time alone does not say. */
  nextFreeAt(nowMs: number): number | undefined;
  /** An app that may send this request now, as far as its scope is concerned; `undefined`: none, or no scope. */
  freeFor(job: T, nowMs: number): AppSlot | undefined;
  /** What an app has for the scope of a request. */
  scopedOf(job: T, slot: AppSlot): ScopeSlot | undefined;
}

/** What a job waits for: at one moment, and as shares of its time. */
import type { EngineWait } from '../engine/engine-wait.js';

/**
 * What keeps the next request from being sent.
 *
 * `limits`: the apps' windows. `delay`: the least delay between any two requests. `concurrency`: as
 * many requests are under way as may be. `server`: it is down. `tokens`: no app has one. `answers`:
 * nothing is left to send; answers are on their way, or requests wait for their retry.
 */
export type HoldBack = 'limits' | 'delay' | 'concurrency' | 'server' | 'tokens' | 'answers';

/** How a job stands at a moment. */
export interface JobMoment {
  /** Requests that could be sent. */
  readonly ready: number;
  readonly inFlight: number;
  readonly maxConcurrency: number;
  readonly wait: EngineWait['kind'] | undefined;
  /** Whether the delay admits less than the shortest windows of all apps. */
  readonly isDelayTight: boolean;
}

/** Reads it from how the job stands. */
export function holdBackAt(moment: JobMoment): HoldBack {
  const { ready, inFlight, maxConcurrency, wait, isDelayTight } = moment;
  if (wait === 'server' || wait === 'tokens') return wait;
  if (wait === 'windows') return 'limits';
  if (ready === 0) return 'answers';
  if (inFlight >= maxConcurrency) return 'concurrency';
  return isDelayTight ? 'delay' : 'limits';
}

/** A part of a job's time. */
export interface HoldBackShare {
  readonly what: HoldBack;
  /** From 0 to 1. */
  readonly share: number;
}

/** Adds up how long a job waited for what. */
export class HoldBackTimes {
  readonly #msOf = new Map<HoldBack, number>();
  #totalMs = 0;

  add(what: HoldBack, forMs: number): void {
    this.#totalMs += forMs;
    this.#msOf.set(what, (this.#msOf.get(what) ?? 0) + forMs);
  }

  /** The longest first. */
  shares(): HoldBackShare[] {
    return [...this.#msOf]
      .map(([what, ms]) => ({ what, share: ms / this.#totalMs }))
      .toSorted((a, b) => b.share - a.share);
  }
}

/** How a server limits an app: three ways that real ones use. Time is passed in. */

/** One limit of one app. */
export interface Limiter {
  readonly requests: number;
  readonly perMs: number;
  /** How many requests it would admit at `nowMs`. */
  remaining(nowMs: number): number;
  /** How long until it admits one, milliseconds; 0 when it does now. */
  freeInMs(nowMs: number): number;
  /** Notes an admitted request. */
  admit(nowMs: number): void;
}

/** A way to limit. */
export type LimiterKind = 'sliding-window' | 'fixed-window' | 'token-bucket';

/** All of them. */
export const limiterKinds: readonly LimiterKind[] = [
  'sliding-window',
  'fixed-window',
  'token-bucket',
];

/** Makes a limiter: `requests` in `perMs` milliseconds. */
export function createLimiter(kind: LimiterKind, requests: number, perMs: number): Limiter {
  switch (kind) {
    case 'sliding-window':
      return new SlidingWindowLimiter(requests, perMs);
    case 'fixed-window':
      return new FixedWindowLimiter(requests, perMs);
    case 'token-bucket':
      return new TokenBucketLimiter(requests, perMs);
  }
}

/** Strict: no window of `perMs`, wherever it begins, holds more than `requests` admitted ones. */
class SlidingWindowLimiter implements Limiter {
  readonly requests: number;
  readonly perMs: number;
  /** When the last ones were admitted: a ring of as many as a window holds, the next one's place in `#next`. */
  readonly #admitted: number[] = [];
  #next = 0;

  constructor(requests: number, perMs: number) {
    this.requests = requests;
    this.perMs = perMs;
  }

  remaining(nowMs: number): number {
    const inWindow = this.#admitted.filter((atMs) => atMs > nowMs - this.perMs);
    return this.requests - inWindow.length;
  }

  freeInMs(nowMs: number): number {
    const blocking = this.#admitted[this.#next] ?? -Infinity;
    return Math.max(0, blocking + this.perMs - nowMs);
  }

  admit(nowMs: number): void {
    this.#admitted[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.requests;
  }
}

/** Counts from one full window to the next. */
class FixedWindowLimiter implements Limiter {
  readonly requests: number;
  readonly perMs: number;
  #window = -1;
  #count = 0;

  constructor(requests: number, perMs: number) {
    this.requests = requests;
    this.perMs = perMs;
  }

  remaining(nowMs: number): number {
    return Math.floor(nowMs / this.perMs) === this.#window
      ? this.requests - this.#count
      : this.requests;
  }

  freeInMs(nowMs: number): number {
    return this.remaining(nowMs) > 0 ? 0 : (this.#window + 1) * this.perMs - nowMs;
  }

  admit(nowMs: number): void {
    const window = Math.floor(nowMs / this.perMs);
    this.#count = window === this.#window ? this.#count + 1 : 1;
    this.#window = window;
  }
}

/** A bucket of `requests` tokens that refills evenly in `perMs`. */
class TokenBucketLimiter implements Limiter {
  readonly requests: number;
  readonly perMs: number;
  #tokens: number;
  #filledAtMs = 0;

  constructor(requests: number, perMs: number) {
    this.requests = requests;
    this.perMs = perMs;
    this.#tokens = requests;
  }

  remaining(nowMs: number): number {
    return Math.floor(this.#level(nowMs));
  }

  freeInMs(nowMs: number): number {
    const missing = 1 - this.#level(nowMs);
    return missing <= 0 ? 0 : (missing * this.perMs) / this.requests;
  }

  admit(nowMs: number): void {
    this.#tokens = this.#level(nowMs) - 1;
    this.#filledAtMs = nowMs;
  }

  #level(nowMs: number): number {
    const refilled = ((nowMs - this.#filledAtMs) / this.perMs) * this.requests;
    return Math.min(this.requests, this.#tokens + refilled);
  }
}

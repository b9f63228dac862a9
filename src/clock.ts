/** The only place of the library that reads the time or sets timers: everything else is handed a {@link Clock}. */

/** A timer that has been set. */
export interface Timer {
  /** Keeps the callback from being called. Does nothing when it was called already. */
  cancel(): void;
  /** Has it not keep the process alive, where timers do. */
  unref?(): void;
}

/** The time, as the engine sees it. A simulator passes a virtual one. */
export interface Clock {
  /** Milliseconds on a monotonic scale with an arbitrary origin, with fractions. */
  now(): number;
  /** Milliseconds since the Unix epoch. May jump when the system's time is set. */
  wallNow(): number;
  /** Calls `callback` once, `delayMs` milliseconds from now (at once when it is 0 or less). */
  setTimer(callback: () => void, delayMs: number): Timer;
  /**
   * Calls `callback` once the running code has ended, before any timer. A simulator may do so without
   * giving the thread back.
   */
  soon(callback: () => void): void;
}

/** Node's timers take a signed 32-bit number of milliseconds; a longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The system's time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimer(callback, delayMs) {
    const timeout = setTimeout(callback, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    return { cancel: () => clearTimeout(timeout), unref: () => void timeout.unref() };
  },
  soon: (callback) => queueMicrotask(callback),
};

/**
 * Where the system's monotonic time is when this thread's {@link systemClock} shows 0: the difference
 * between two threads' is that between their clocks.
 */
export function clockOriginMs(): number {
  return Number(process.hrtime.bigint()) / 1e6 - systemClock.now();
}

/** Calls `callback` once all that has come in by now is worked off. Keeps the process alive until then. */
export function afterThisTurn(callback: () => void): void {
  setImmediate(callback);
}

/** A timer of the system's time that does not keep the process alive. */
export function backgroundTimer(callback: () => void, delayMs: number): Timer {
  const timeout = setTimeout(callback, delayMs).unref();
  return { cancel: () => clearTimeout(timeout) };
}

/**
 * Resolves after `delayMs` milliseconds of `clock`.
 *
 * @throws the signal's reason, at once, when `signal` is aborted.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimer(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

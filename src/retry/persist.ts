import { sleep, type Clock } from '../clock.js';

/** How {@link persist} goes about it. */
export interface PersistOptions {
  readonly clock: Clock;
  /** Time between two tries, milliseconds. */
  readonly everyMs: number;
  /** True for an error that trying again cannot help. */
  readonly isPermanent: (error: unknown) => boolean;
  /** Told of each try that failed and will be made again. */
  readonly onFailure: (error: unknown) => void;
  /** Once aborted, the running try is the last: its error is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Tries without end until `task` succeeds: for what is no API request, and without which nothing
 * goes on (sign-in, tokens, pages).
 *
 * @throws the last error, when it is permanent or the signal is aborted.
 */
export async function persist<T>(task: () => Promise<T>, options: PersistOptions): Promise<T> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (options.isPermanent(error) || options.signal?.aborted) throw error;
      options.onFailure(error);
      try {
        await sleep(options.clock, options.everyMs, options.signal);
      } catch {
        throw error;
      }
    }
  }
}

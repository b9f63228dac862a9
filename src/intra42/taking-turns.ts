import { untilAborted } from './web/until-aborted.js';

/** Lets tasks run one after the other, in the order in which they came. */
export class TakingTurns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `task` when all before it have ended, well or not.
   *
   * @throws what `task` throws; HydraError `HYDRA_ABORTED` when its turn was not waited for.
   */
  take<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last;
    const taken = untilAborted(before, signal).then(task);
    this.#last = Promise.allSettled([before, taken]);
    return taken;
  }
}

import { sleep, type Clock } from '../clock.js';
import type { ComingBody } from '../transport/transport.js';

/** Once the hydra finishes, a body that nobody has read for so long is broken off. */
const UNREAD_MS = 10_000;

/** The bodies of answers that are still to come. */
export class OpenBodies {
  readonly #bodies = new Set<ComingBody>();
  readonly #none = new AbortController();
  #isEnding = false;

  get size(): number {
    return this.#bodies.size;
  }

  add(body: ComingBody): void {
    this.#bodies.add(body);
  }

  delete(body: ComingBody): void {
    this.#bodies.delete(body);
    if (this.#isEnding && this.#bodies.size === 0) this.#none.abort();
  }

  /** Resolves when each has come to its end, with a reader or without. */
  async end(clock: Clock): Promise<void> {
    this.#isEnding = true;
    let before = new Map<ComingBody, number>();
    while (this.#bodies.size > 0) {
      for (const body of this.#bodies) {
        if (body.isPaused && before.get(body) === body.wireBytes) {
          body.abort(
            new Error(`Nobody read on for ${UNREAD_MS / 1000} s while the hydra finished`),
          );
        }
      }
      before = new Map([...this.#bodies].map((body) => [body, body.wireBytes]));
      if (before.size > 0) await sleep(clock, UNREAD_MS, this.#none.signal).catch(() => {});
    }
  }
}

/** What became of the pages of a run: those that are recorded already, then those that come. */
import { HydraError } from '../errors.js';
import { outcomeId, type Outcome } from '../request/request.js';
import { readRun } from '../run/read-run.js';

/** Gives outcomes by their number, each once, lowest first. Holds few of them. */
export class PageOutcomes {
  readonly #directory: string;
  readonly #retryFailures: boolean;
  readonly #live = new Map<number, Outcome>();
  #feed: AsyncIterator<Outcome> | undefined;
  #recorded: AsyncGenerator<Outcome, void, undefined> | undefined;
  #nextRecorded: Outcome | undefined;
  #tell: (() => void) | undefined;
  #taker: ((outcome: Outcome) => void) | undefined;
  #isOver = false;

  /** @param retryFailures - whether what is recorded as failed is asked again. */
  constructor(directory: string, retryFailures: boolean) {
    this.#directory = directory;
    this.#retryFailures = retryFailures;
  }

  /** Takes what comes: outcomes that are recorded, and no others, so that going on finds the same. */
  follow(feed: AsyncIterator<Outcome>): void {
    this.#feed = feed;
    this.#take(feed).catch(() => undefined);
  }

  /** Reads what is recorded. To be called before anything is asked. */
  async open(): Promise<void> {
    const reader = await readRun(this.#directory, { onDamage: () => undefined });
    this.#recorded = reader.outcomes();
    await this.#advance();
  }

  /** Waits for the outcome of request `id`, higher than all before. */
  async at(id: number): Promise<Outcome> {
    while (this.#nextRecorded !== undefined && outcomeId(this.#nextRecorded) < id)
      await this.#advance();
    const recorded = this.#nextRecorded;
    if (recorded !== undefined && outcomeId(recorded) === id) {
      if (recorded.kind === 'response' || !this.#retryFailures) return recorded;
    }
    for (;;) {
      const outcome = this.#live.get(id);
      if (outcome !== undefined) {
        this.#live.delete(id);
        return outcome;
      }
      if (this.#isOver) throw new HydraError('HYDRA_ABORTED', 'The run was stopped.');
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
  }

  /** Waits for none any more, and holds none: has each taken that comes, in any order. */
  handTo(taker: (outcome: Outcome) => void): void {
    this.#taker = taker;
    this.#closeRecorded();
    for (const outcome of this.#live.values()) taker(outcome);
    this.#live.clear();
  }

  /** Wants no more, and lets go of everything, if it was not handed on. */
  leave(): void {
    if (this.#taker !== undefined) return;
    this.#isOver = true;
    this.#live.clear();
    this.#feed?.return?.().catch(() => undefined);
    this.#closeRecorded();
    this.#tell?.();
  }

  #closeRecorded(): void {
    this.#nextRecorded = undefined;
    this.#recorded?.return().catch(() => undefined);
  }

  async #take(feed: AsyncIterator<Outcome>): Promise<void> {
    try {
      for await (const outcome of { [Symbol.asyncIterator]: () => feed }) {
        if (this.#taker !== undefined) this.#taker(outcome);
        else this.#live.set(outcomeId(outcome), outcome);
        this.#tell?.();
      }
    } finally {
      this.#isOver = true;
      this.#tell?.();
    }
  }

  async #advance(): Promise<void> {
    const next = await this.#recorded?.next();
    this.#nextRecorded = next?.done === false ? next.value : undefined;
  }
}

import type { Engine } from '../engine/engine.js';
import { Job } from '../engine/job.js';
import type { Outcome, RequestMethod, RequestOptions } from '../request/request.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import { SIMULATED_URL } from './simulated-hydra.js';

/** The engine asks for more below 1000; each that waits takes memory. */
const FEED_TO = 1100;

/** What a simulated request is. */
export interface SimulatedRequest {
  readonly method: RequestMethod;
  readonly options: RequestOptions;
}

const plain: SimulatedRequest = { method: 'GET', options: {} };

/** Makes the requests of a job as they are needed, and counts their outcomes. */
export class JobFeed implements OutcomeRecorder {
  readonly #requests: number;
  readonly #requestOf: (id: number) => SimulatedRequest;
  readonly #onOutcome: ((outcome: Outcome) => void) | undefined;
  #given = 0;
  #ended = 0;

  constructor(
    requests: number,
    requestOf: (id: number) => SimulatedRequest = () => plain,
    onOutcome?: (outcome: Outcome) => void,
  ) {
    this.#requests = requests;
    this.#requestOf = requestOf;
    this.#onOutcome = onOutcome;
  }

  /** True once each request has an outcome. */
  get isOver(): boolean {
    return this.#ended === this.#requests;
  }

  /** Sees to it that the engine has enough to send. */
  feed(engine: Engine): void {
    for (; this.#given < this.#requests && engine.ready < FEED_TO; this.#given += 1) {
      const { method, options } = this.#requestOf(this.#given);
      const url = `${SIMULATED_URL}/${this.#given}`;
      engine.submit(new Job(this.#given, method, url, options, this));
    }
  }

  put(outcome: Outcome): void {
    this.#ended += 1;
    this.#onOutcome?.(outcome);
  }
}

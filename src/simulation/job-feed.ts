import type { Engine } from '../engine/engine.js';
import { Job } from '../engine/job.js';
import type { Outcome } from '../request/request.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import { SIMULATED_URL } from './simulated-hydra.js';
import type { SimulatedRequest, SimulationHooks } from './simulation-hooks.js';

/** The engine asks for more below 1000; each that waits takes memory. */
const FEED_TO = 1100;

const plain: SimulatedRequest = { method: 'GET', options: {} };

/** Makes the requests of a job as they are needed, and counts their outcomes. */
export class JobFeed implements OutcomeRecorder {
  readonly #requests: number;
  readonly #hooks: SimulationHooks;
  /** The URL of all, where nobody sees them: to make one takes a sixteenth of a request's time. */
  readonly #commonUrl: string | undefined;
  #given = 0;
  #ended = 0;

  constructor(requests: number, hooks: SimulationHooks) {
    this.#requests = requests;
    this.#hooks = hooks;
    const isWatched = hooks.onArrival !== undefined || hooks.onOutcome !== undefined;
    this.#commonUrl = isWatched ? undefined : `${SIMULATED_URL}/0`;
  }

  /** True once each request has an outcome. */
  get isOver(): boolean {
    return this.#ended === this.#requests;
  }

  /** Sees to it that the engine has enough to send. */
  feed(engine: Engine): void {
    for (; this.#given < this.#requests && engine.ready < FEED_TO; this.#given += 1) {
      const { method, options } = this.#hooks.requestOf?.(this.#given) ?? plain;
      const url = this.#commonUrl ?? `${SIMULATED_URL}/${this.#given}`;
      engine.submit(new Job(this.#given, method, url, options, this));
    }
  }

  put(outcome: Outcome): void {
    this.#ended += 1;
    this.#hooks.onOutcome?.(outcome);
  }
}

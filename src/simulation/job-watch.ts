import type { Timer } from '../clock.js';
import { pacedGroups } from '../limits/paced-groups.js';
import { holdBackAt, HoldBackTimes, type HoldBackShare } from './hold-backs.js';
import type { Scenario } from './scenario.js';
import type { SimulatedHydra } from './simulated-hydra.js';

/** It is looked so often over the whole of a job, and at first after so long. */
const LOOKS = 300;
const FIRST_LOOK_MS = 10;

/** Looks from time to time at what a job waits for; the longer it lasts, the more seldom. */
export class JobWatch {
  readonly #hydra: SimulatedHydra;
  readonly #maxConcurrency: number;
  readonly #isDelayTight: boolean;
  readonly #times = new HoldBackTimes();
  #timer: Timer | undefined;

  constructor(hydra: SimulatedHydra, { client, groups }: Scenario) {
    this.#hydra = hydra;
    this.#maxConcurrency = client.maxConcurrency;
    this.#isDelayTight = pacedGroups(groups, client.minRequestDelayMs) !== groups;
    this.#lookIn(FIRST_LOOK_MS);
  }

  /** Looks no more, and says what the job waited for. */
  end(): HoldBackShare[] {
    this.#timer?.cancel();
    return this.#times.shares();
  }

  #lookIn(delayMs: number): void {
    const { clock, engine, transport } = this.#hydra;
    this.#timer = clock.setTimer(() => {
      const what = holdBackAt({
        ready: engine.ready,
        inFlight: transport.inFlight,
        maxConcurrency: this.#maxConcurrency,
        wait: engine.waiting?.kind,
        isDelayTight: this.#isDelayTight,
      });
      this.#times.add(what, delayMs);
      this.#lookIn(Math.max(FIRST_LOOK_MS, clock.now() / LOOKS));
    }, delayMs);
  }
}

/** The runs of a hydra: gives each what it needs of the engine. */
import type { Clock } from './clock.js';
import type { Engine } from './engine/engine.js';
import type { Job } from './engine/job.js';
import { requestLimits } from './limits/cost-limits.js';
import { effectiveLimits } from './limits/effective-limits.js';
import type { Logger } from './logger.js';
import type { ResolvedOptions } from './options.js';
import { BulkRun } from './run/bulk-run.js';
import type { HandedRequest, RunHost } from './run/run-host.js';
import type { RunOptions, RunSource } from './run/run.js';

/** What runs work with. */
export interface BulkRunsParts {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly engine: () => Engine;
  /** Checks a request and sends it. */
  readonly submit: RunHost['submit'];
}

/** Starts runs, and knows those that have not ended. */
export class BulkRuns {
  readonly #parts: BulkRunsParts;
  readonly #runs = new Set<BulkRun>();

  constructor(parts: BulkRunsParts) {
    this.#parts = parts;
  }

  get isCongested(): boolean {
    for (const run of this.#runs) if (run.isCongested) return true;
    return false;
  }

  /** @throws HydraError `HYDRA_INVALID_OPTION`. */
  start(source: RunSource, options: RunOptions): BulkRun {
    const run = new BulkRun(hostOf(this.#parts), source, options);
    this.#runs.add(run);
    void run.settled.then(() => this.#runs.delete(run));
    return run;
  }

  /** More may be asked for. */
  onHungry(): void {
    for (const run of this.#runs) run.onHungry();
  }

  /** Resolves when no run is under way. */
  async ended(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all([...this.#runs].map((run) => run.settled));
  }
}

function hostOf({ options, clock, logger, engine, submit }: BulkRunsParts): RunHost {
  return {
    api: { name: options.api.name, baseUrl: options.api.baseUrl },
    options: plainOptions(options),
    clock,
    logger,
    outcomesPerSegment: options.responsesPerFile,
    durability: options.durability,
    minRequestDelayMs: options.minRequestDelayMs,
    get ready() {
      return engine().ready;
    },
    get stats() {
      return engine().stats;
    },
    get apps() {
      return engine().appGroups;
    },
    get waiting(): RunHost['waiting'] {
      const { waiting } = engine();
      if (waiting === undefined) return undefined;
      const { kind, untilMs, reason } = waiting;
      const untilWallMs = untilMs && untilMs - clock.now() + clock.wallNow();
      return { kind: 'waiting', for: kind, untilMs: untilWallMs, reason };
    },
    submit,
    withdraw: (request: HandedRequest) => engine().withdraw(request as Job),
    breakOff: (request: HandedRequest) => engine().breakOff(request as Job),
    saveApps: () => engine().roster.save(),
    wake: () => engine().wake(),
  };
}

/** Options that `run.json` tells. */
const TOLD = [
  'minRequestDelayMs',
  'maxConcurrency',
  'maxRetries',
  'maxNotFoundRetries',
  'retryDelayMs',
  'retryDelayFactor',
  'maxRetryDelayMs',
  'timeoutMs',
  'responsesPerFile',
  'durability',
] as const;

function plainOptions(options: ResolvedOptions): Readonly<Record<string, unknown>> {
  const limits = effectiveLimits(
    options.limits ?? requestLimits(options.api.limits),
    options.requestsPerSecond,
  );
  return { limits, ...Object.fromEntries(TOLD.map((name) => [name, options[name]])) };
}

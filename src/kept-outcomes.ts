/** The outcomes of a hydra, until the caller has them: on disk as they come, or in memory. */
import { tmpdir } from 'node:os';
import type { Clock } from './clock.js';
import { HydraError } from './errors.js';
import type { Logger } from './logger.js';
import type { ResolvedOptions } from './options.js';
import { saveAtProcessEnd, type Unsaved } from './process-ends.js';
import { outcomeId, type Outcome } from './request/request.js';
import { checkCompression } from './store/compress-segment.js';
import { IdSet } from './store/id-set.js';
import { MemoryStore } from './store/memory-store.js';
import type { OutcomeRecorder, OutcomeStore } from './store/outcome-store.js';
import { SegmentStore } from './store/segment-store.js';
import { parseTemplate } from './store/segment-template.js';

/** What it works with. */
export interface KeptOutcomesParts {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when the process is about to end. */
  readonly windDown: () => Promise<void>;
  /** How many requests have no outcome. */
  readonly pending: () => number;
  /** Called when outcomes can be kept again as fast as they come. */
  readonly onDrained: () => void;
}

/** Keeps outcomes, and knows which of them the caller has. */
export class KeptOutcomes implements OutcomeRecorder, Unsaved {
  readonly #parts: KeptOutcomesParts;
  readonly #store: OutcomeStore;
  /** Outcomes that the caller does not have yet. */
  readonly #owed = new IdSet();
  #stopSaving: (() => void) | undefined;
  #isRemoved = false;
  /** True once the process is about to end: who was handed outcomes may not get to use them. */
  #isWindingDown = false;

  /** @throws HydraError `HYDRA_INVALID_OPTION` for a template that names no segments. */
  constructor(parts: KeptOutcomesParts) {
    this.#parts = parts;
    this.#store = parts.options.store ? openSegments(parts) : new MemoryStore();
  }

  get isCongested(): boolean {
    return this.#store.isCongested;
  }

  /** From now on there may be something to save when the process ends. */
  watchProcess(): void {
    if (this.#parts.options.store) this.#stopSaving ??= saveAtProcessEnd(this);
  }

  put(outcome: Outcome): void {
    this.#owed.add(outcomeId(outcome));
    this.#store.put(outcome);
  }

  /** Notes that the caller has an outcome. */
  readonly onHanded = (id: number): void => {
    this.#owed.delete(id);
  };

  /**
   * The outcomes of one kind, in the order of asking. The caller has each that it takes.
   *
   * @throws HydraError `HYDRA_FINISHED` when they were removed because the caller had them all.
   */
  async *outcomes<K extends Outcome['kind']>(
    kind: K,
  ): AsyncGenerator<Extract<Outcome, { kind: K }>, void, undefined> {
    if (this.#isRemoved) {
      const message =
        'The outcomes were all handed over before finish(), which removed their files.';
      throw new HydraError('HYDRA_FINISHED', message);
    }
    for await (const outcome of this.#store.outcomes()) {
      if (outcome.kind !== kind) continue;
      this.#owed.delete(outcomeId(outcome));
      yield outcome as Extract<Outcome, { kind: K }>;
    }
  }

  /** Lets go of all outcomes so far. */
  clear(): void {
    this.#owed.clear();
    this.#store.clear();
  }

  /**
   * Ends the files, and removes them if the caller has all that is in them and is going to live on
   * with it.
   */
  async close(): Promise<void> {
    await this.#store.close();
    this.#stopSaving?.();
    const files = this.#store.files();
    if (files.length === 0 || this.#isWindingDown) return;
    if (this.#owed.size === 0) {
      this.#isRemoved = true;
      this.#store.clear();
      return;
    }
    this.#parts.logger.info(
      `${this.#owed.size} outcomes were not handed over. ${this.describeSaved()}`,
    );
  }

  saveSync(): void {
    this.#store.flushSync();
  }

  endSync(): void {
    this.#store.closeSync();
  }

  async windDown(): Promise<void> {
    this.#isWindingDown = true;
    await this.#parts.windDown();
  }

  describeSaved(): string {
    const files = this.#store.files();
    const pending = this.#parts.pending();
    return [
      ...(files.length > 0 ? [`${this.#store.recorded} outcomes are in ${listFiles(files)}.`] : []),
      ...(pending > 0 ? [`${pending} requests that were asked for have no outcome.`] : []),
    ].join(' ');
  }
}

const FILES_NAMED = 5;

function listFiles(files: readonly string[]): string {
  const named = files.slice(0, FILES_NAMED).join(', ');
  return files.length > FILES_NAMED
    ? `${named} and ${files.length - FILES_NAMED} more files`
    : named;
}

function openSegments({ options, clock, logger, onDrained }: KeptOutcomesParts): SegmentStore {
  const template = parseTemplate(options.responsesFilePathTemplate);
  checkCompression(template.compression, 'responsesFilePathTemplate');
  return new SegmentStore({
    template,
    outcomesPerSegment: options.responsesPerFile,
    durability: options.durability,
    clock,
    logger,
    temporaryFolder: tmpdir(),
    temporaryPrefix: 'apihydra_',
    firstPart: 1,
    beforeWriting() {},
    onRecorded() {},
    onLost() {},
    onDrained,
  });
}

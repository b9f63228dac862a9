/**
 * A run: reads its source only as fast as requests are sent, hands each request over that has no
 * outcome yet, and has its outcome recorded. Whatever ends it, what is recorded can be gone on from.
 */
import { sleep } from '../clock.js';
import { describeValue } from '../errors.js';
import { GRACE_MS, saveAtProcessEnd, type Unsaved } from '../process-ends.js';
import { outcomeId, type Outcome } from '../request/request.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import { ChangeSignal } from './change-signal.js';
import { openRunDirectory } from './open-run-directory.js';
import { OutcomeFeed } from './outcome-feed.js';
import { PendingRequests } from './pending-requests.js';
import { progressOf } from './progress.js';
import { takeIn } from './request-intake.js';
import type { RunDirectory } from './run-directory.js';
import type { RunHost } from './run-host.js';
import { checkRunOptions } from './run-options.js';
import { SessionCounter } from './run-session.js';
import type { Run, RunOptions, RunProgress, RunSource, RunState, RunSummary } from './run.js';
import { SourceReader } from './source-reader.js';

/** See {@link Run}. */
export class BulkRun implements Run, OutcomeRecorder, Unsaved {
  readonly directory: string;
  readonly #done: Promise<RunSummary>;
  readonly #host: RunHost;
  readonly #options: RunOptions;
  readonly #reader: SourceReader;
  readonly #pending: PendingRequests;
  readonly #feed: OutcomeFeed;
  readonly #session: SessionCounter;
  #opened: RunDirectory | undefined;
  #phase: 'running' | 'stopping' | 'ended' = 'running';
  #failure: unknown;
  #total: number | undefined;
  #skipped = 0;
  /** There may be room for more, or nothing pending any more. */
  readonly #change = new ChangeSignal();
  readonly #ended = new AbortController();
  /** True when the process ends: what was saved is told at the very end. */
  #isProcessEnding = false;
  /** True once somebody would see an error. */
  #isObserved = false;

  /** @throws HydraError `HYDRA_INVALID_OPTION`. */
  constructor(host: RunHost, source: RunSource, given: RunOptions) {
    this.#host = host;
    this.#options = checkRunOptions(given);
    this.directory = this.#options.directory;
    this.#total = this.#options.total ?? (Array.isArray(source) ? source.length : undefined);
    this.#reader = new SourceReader(source);
    this.#pending = new PendingRequests(host);
    this.#feed = new OutcomeFeed(() => this.#change.tell());
    this.#session = new SessionCounter(host);
    this.#done = this.#carryOut();
    this.#done.catch((error: unknown) => {
      if (!this.#isObserved) host.logger.error(`The run stopped: ${messageOf(error)}`);
    });
  }

  get done(): Promise<RunSummary> {
    this.#isObserved = true;
    return this.#done;
  }

  /** True while outcomes come faster than they can be recorded. */
  get isCongested(): boolean {
    return this.#opened?.isCongested === true;
  }

  get progress(): RunProgress {
    const { inFlight } = this.#pending;
    return progressOf({
      state: this.#state(),
      done: this.#opened?.counts.done ?? 0,
      failed: this.#failed,
      inFlight,
      waiting: this.#pending.size - inFlight,
      total: this.#opened?.end ?? this.#total,
      rate: this.#session.rate,
      apps: this.#host.apps,
      minRequestDelayMs: this.#host.minRequestDelayMs,
      elapsedMs: this.#session.elapsedMs,
      retries: this.#session.retries,
    });
  }

  /** Resolves when it has ended, however that was. */
  get settled(): Promise<void> {
    return this.#done.then(
      () => undefined,
      () => undefined,
    );
  }

  [Symbol.asyncIterator](): AsyncIterator<Outcome> {
    return this.#feed.read(true);
  }

  /** The same for the source, where that depends on outcomes: it keeps errors from nobody. */
  watch(): AsyncIterator<Outcome> {
    return this.#feed.read(false);
  }

  /** Requests from this one on do not count: they were asked for behind the end of a list. */
  countTo(end: number): void {
    if (this.#opened !== undefined) this.#opened.end = end;
  }

  /** There may be room for more. */
  onHungry(): void {
    this.#change.tell();
  }

  put(outcome: Outcome): void {
    this.#pending.delete(outcomeId(outcome));
    // Not the request's fault, and the same for all that come: asked again when there are apps.
    if (outcome.kind === 'failure' && outcome.failure.error.code === 'HYDRA_NO_APPS') {
      this.#fail(outcome.failure.error);
    } else {
      this.#feed.add(outcome);
      this.#opened?.put(outcome);
    }
    this.#change.tell();
  }

  /** Takes no more requests, and gives what is in flight its time. */
  stop(): void {
    if (this.#phase !== 'running') return;
    this.#phase = 'stopping';
    this.#reader.stop();
    this.#pending.withdrawWaiting();
    this.#change.tell();
    void sleep(this.#host.clock, GRACE_MS, this.#ended.signal).then(
      () => this.#withdrawAll(),
      () => undefined,
    );
  }

  saveSync(): void {
    this.#opened?.flushSync();
  }

  async windDown(): Promise<void> {
    this.#isProcessEnding = true;
    this.stop();
    if (this.#opened === undefined) await this.settled;
    await this.#nothingPending();
    await this.#host.saveApps();
  }

  endSync(): void {
    this.#pending.breakOffUnrepeatable();
    this.#opened?.closeSync();
  }

  describeSaved(): string {
    if (this.#opened === undefined) return '';
    const { done, failed } = this.#opened;
    return `${done.size + failed.size} requests of the run in ${this.directory} have their outcome. Start it again to go on.`;
  }

  async #carryOut(): Promise<RunSummary> {
    // The caller has the run in hand before anything happens.
    await Promise.resolve();
    const stopSaving = saveAtProcessEnd(this);
    const { signal } = this.#options;
    const onAbort = (): void => this.stop();
    try {
      const opened = await this.#open();
      this.#opened = opened;
      if (signal?.aborted) this.stop();
      signal?.addEventListener('abort', onAbort, { once: true });
      await this.#takeIn(opened).catch((error: unknown) => this.#fail(error));
      await this.#nothingPending();
      return await this.#close(opened);
    } catch (error) {
      this.#fail(error);
      throw this.#failure;
    } finally {
      this.#phase = 'ended';
      this.#ended.abort();
      signal?.removeEventListener('abort', onAbort);
      this.#isObserved ||= this.#feed.isObserved;
      this.#feed.end(this.#failure);
      if (!this.#isProcessEnding) stopSaving();
    }
  }

  async #open(): Promise<RunDirectory> {
    try {
      return await this.#openDirectory();
    } catch (error) {
      await this.#reader.close().catch(() => undefined);
      throw error;
    }
  }

  #openDirectory(): Promise<RunDirectory> {
    const { clock, logger, api, options, outcomesPerSegment, durability } = this.#host;
    const { compress, origin } = this.#options;
    return openRunDirectory({
      directory: this.directory,
      api,
      options,
      origin,
      outcomesPerSegment,
      durability,
      compression: compress === false ? undefined : compress,
      clock,
      logger,
      session: () => this.#session.snapshot(),
      onRecorded: (ids, kind) => {
        this.#session.recorded(ids.length, kind);
        this.#feed.release(ids);
        this.#change.tell();
      },
      onDrained: () => {
        this.#host.wake();
        this.#change.tell();
      },
    });
  }

  async #takeIn(opened: RunDirectory): Promise<void> {
    const { done, failed } = opened;
    const retryFailures = this.#options.retryFailures === true;
    this.#skipped = done.size + (retryFailures ? 0 : failed.size);
    const total = await takeIn({
      host: this.#host,
      opened,
      reader: this.#reader,
      pending: this.#pending,
      recorder: this,
      retryFailures,
      isRunning: () => this.#phase === 'running',
      isCongested: () => this.isCongested || this.#feed.isFull,
      change: this.#change,
    });
    if (total === undefined) return;
    this.#total = total;
    opened.isWhole = true;
  }

  async #close(opened: RunDirectory): Promise<RunSummary> {
    await this.#reader.close().catch((error: unknown) => this.#fail(error));
    await opened.flush();
    // While there is no room on any disk, what came stays in memory, as long as nobody has it end.
    while (this.#phase === 'running' && opened.isBehind) await this.#change.next();
    const { done, failed, counts } = opened;
    const isAllThere = done.size + failed.size >= (this.#total ?? Infinity);
    const isComplete = opened.isWhole && !opened.hasLost && isAllThere;
    await opened.close(isComplete ? 'complete' : 'stopped');
    if (this.#failure !== undefined) throw this.#failure;
    const skipped = Math.min(this.#skipped, counts.done + counts.failed);
    return { isComplete, directory: this.directory, ...counts, skipped };
  }

  #fail(error: unknown): void {
    this.#failure ??= error ?? new Error('The source threw nothing: no error came with it.');
    this.stop();
  }

  #withdrawAll(): void {
    this.#pending.withdrawAll();
    this.#change.tell();
  }

  async #nothingPending(): Promise<void> {
    while (this.#pending.size > 0) await this.#change.next();
  }

  /** Failures that are asked again are left to be done. */
  get #failed(): number {
    const isAskedAgain = this.#options.retryFailures === true && this.#phase === 'running';
    return isAskedAgain ? this.#session.failed : (this.#opened?.counts.failed ?? 0);
  }

  #state(): RunState {
    if (this.#phase !== 'running') return { kind: this.#phase };
    return this.#host.waiting ?? { kind: 'running' };
  }
}

/** Whatever a source may throw. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : describeValue(error);
}

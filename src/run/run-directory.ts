/**
 * The directory of a run that is under way: takes outcomes in, knows which requests have one, and notes
 * from time to time what it knows, so that the next start need not read everything.
 */
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Clock, Timer } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Outcome } from '../request/request.js';
import { SegmentStore } from '../store/segment-store.js';
import type { IdSet } from '../store/id-set.js';
import type { SegmentCompression } from '../store/segment-template.js';
import { countBefore } from './count-before.js';
import type { DirectoryLock } from './directory-lock.js';
import { encodeDone } from './done-file.js';
import { nameOf, type Recorded } from './recorded.js';
import { replaceFile, replaceFileSync } from './replace-file.js';
import { RequestLog } from './request-log.js';
import * as files from './run-files.js';
import { writeRunInfo, writeRunInfoSync } from './run-info.js';
import type { RunInfo, RunSession, SegmentInfo } from './run-info.js';
import type { RunRequest } from './run.js';
import { SegmentList } from './segment-list.js';

/** What a run's directory works with. */
export interface RunDirectoryParts {
  readonly directory: string;
  readonly api: RunInfo['api'];
  readonly options: RunInfo['options'];
  readonly origin: RunInfo['source']['origin'];
  readonly outcomesPerSegment: number;
  readonly durability: 'os' | 'fsync';
  readonly compression: SegmentCompression | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What this session has done so far. */
  readonly session: () => RunSession;
  /** Called with the ids of outcomes once they are recorded. */
  readonly onRecorded: (ids: readonly number[], kind: Outcome['kind']) => void;
  /** Called when outcomes can be recorded again as fast as they come. */
  readonly onDrained: () => void;
}

/** What is known is noted so often, milliseconds. */
const NOTE_EVERY_MS = 15_000;

/** A run's directory, locked and open. */
export class RunDirectory {
  readonly done: IdSet;
  /** Requests with a recorded failure and no response. */
  readonly failed: IdSet;
  readonly directory: string;
  /** Requests of the source that earlier sessions have read. */
  readonly readBefore: number;
  /** True once the whole source was read. */
  isWhole = false;
  /** Set once it is known that requests from this one on do not count. See {@link RunInfo}. */
  end: number | undefined;
  /** True once something is gone that counts as done: the next start looks through everything. */
  hasLost = false;
  readonly #parts: RunDirectoryParts;
  readonly #log: RequestLog;
  readonly #lock: DirectoryLock;
  readonly #before: Pick<RunInfo, 'createdAtMs' | 'sessions'> & Pick<RunInfo['source'], 'origin'>;
  readonly #responses: SegmentStore;
  readonly #failures: SegmentStore;
  readonly #segments: SegmentList;
  #noteTimer: Timer | undefined;
  #noting: Promise<void> | undefined;
  #isLogWanting = false;
  #isEnded = false;

  /** @param before - what `run.json` said, where there was one. */
  constructor(
    parts: RunDirectoryParts,
    lock: DirectoryLock,
    before: RunInfo | undefined,
    recorded: Recorded,
  ) {
    const { directory, clock, durability } = parts;
    this.#parts = parts;
    this.directory = directory;
    this.#lock = lock;
    this.#before = {
      createdAtMs: before?.createdAtMs ?? clock.wallNow(),
      sessions: before?.sessions ?? [],
      origin: parts.origin ?? before?.source.origin,
    };
    this.done = recorded.done;
    this.failed = recorded.failed;
    this.#log = new RequestLog(path.join(directory, files.REQUESTS_FILE));
    this.readBefore = Math.max(this.#log.length, before?.source.read ?? 0);
    this.#segments = new SegmentList(recorded.segments, (file) => nameOf(directory, file));
    const common = {
      durability,
      clock,
      logger: parts.logger,
      temporaryFolder: tmpdir(),
      temporaryPrefix: files.temporaryPrefix(directory),
      firstPart: recorded.nextPart,
      beforeWriting: () => this.#flushLog(),
      onLost: () => void (this.hasLost = true),
      onDrained: parts.onDrained,
    };
    this.#responses = new SegmentStore({
      ...common,
      template: files.responsesTemplate(directory, parts.compression),
      outcomesPerSegment: parts.outcomesPerSegment,
      onRecorded: (ids) => this.#onResponses(ids),
    });
    this.#failures = new SegmentStore({
      ...common,
      template: files.failuresTemplate(directory),
      outcomesPerSegment: Infinity,
      onRecorded: (ids) => this.#onFailures(ids),
    });
  }

  /** How many requests that count have an outcome. */
  get counts(): RunInfo['totals'] {
    const { done, failed, end } = this;
    return {
      done: countBefore(done, end, this.#read),
      failed: countBefore(failed, end, this.#read),
    };
  }

  get isCongested(): boolean {
    return this.#responses.isCongested || this.#failures.isCongested;
  }

  /** True while outcomes can be written nowhere. */
  get isBehind(): boolean {
    return this.#responses.isBehind || this.#failures.isBehind;
  }

  /** Notes the request at a position, or compares it: false when another was noted there before. */
  check(position: number, request: string | RunRequest): boolean {
    const isSame = this.#log.check(position, request);
    if (this.#log.isLong) this.#flushLog();
    return isSame;
  }

  /** Takes an outcome. It counts once it is recorded, some milliseconds later. */
  put(outcome: Outcome): void {
    (outcome.kind === 'response' ? this.#responses : this.#failures).put(outcome);
    this.#noteTimer ??= this.#parts.clock.setTimer(() => void this.note(), NOTE_EVERY_MS);
  }

  /** Resolves when everything that was put is recorded, as far as that is possible. */
  async flush(): Promise<void> {
    await Promise.all([this.#responses.flush(), this.#failures.flush()]);
  }

  flushSync(): void {
    this.#responses.flushSync();
    this.#failures.flushSync();
  }

  /** Notes what is known: the done-set first, then `run.json`, which says what must be in it. */
  note(state: RunInfo['state'] = 'running'): Promise<void> {
    this.#noteTimer?.cancel();
    this.#noteTimer = undefined;
    this.#noting ??= this.#note(state).finally(() => (this.#noting = undefined));
    return this.#noting;
  }

  /** Ends the files, and lets another process have the directory. */
  async close(state: Exclude<RunInfo['state'], 'running'>): Promise<void> {
    await this.flush();
    await Promise.all([this.#responses.close(), this.#failures.close()]);
    await this.#noting;
    await this.note(state);
    this.#end();
  }

  /** The same at once, for a process that ends. */
  closeSync(): void {
    if (this.#isEnded) return;
    this.#responses.closeSync();
    this.#failures.closeSync();
    try {
      // What the done-set claims must be safe first.
      this.#responses.syncSync();
      this.#failures.syncSync();
      replaceFileSync(this.#doneFile, this.#doneContent);
      writeRunInfoSync(this.#parts.directory, this.#info('stopped'));
    } catch (error) {
      this.#tellNotNoted(error as Error);
    }
    this.#end();
  }

  get #read(): number {
    return Math.max(this.#log.length, this.readBefore);
  }

  get #doneFile(): string {
    return path.join(this.#parts.directory, files.DONE_FILE);
  }

  get #doneContent(): Uint8Array {
    return encodeDone(this.hasLost ? new Uint8Array() : this.done.bits, this.#before);
  }

  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#noteTimer?.cancel();
    this.#flushLog();
    this.#log.close();
    this.#lock.release();
  }

  async #note(state: RunInfo['state']): Promise<void> {
    const { directory } = this.#parts;
    try {
      // What counts as done and was removed is written again first.
      await this.flush();
      const info = this.#info(state);
      const done = this.#doneContent;
      // What the done-set claims must be safe first.
      await Promise.all([this.#responses.sync(), this.#failures.sync()]);
      if (this.#isEnded) return;
      await replaceFile(this.#doneFile, done);
      if (!this.#isEnded) await writeRunInfo(directory, info);
    } catch (error) {
      this.#tellNotNoted(error as Error);
    }
  }

  #tellNotNoted(error: Error): void {
    this.#parts.logger.warn(
      `How far the run is cannot be noted (${error.message}): a restart will look through more segments`,
    );
  }

  #info(state: RunInfo['state']): RunInfo {
    const { api, options, clock } = this.#parts;
    const { createdAtMs, sessions, origin } = this.#before;
    return {
      version: 1,
      api,
      state,
      createdAtMs,
      updatedAtMs: clock.wallNow(),
      options,
      source: { read: this.#read, isWhole: this.isWhole, end: this.end, origin },
      totals: { done: this.done.size, failed: this.failed.size },
      segments: this.segments(),
      sessions: [...sessions, this.#parts.session()],
    };
  }

  /** All segments, those of earlier sessions too. */
  segments(): SegmentInfo[] {
    return this.#segments.list(this.#responses.segments());
  }

  #onResponses(ids: readonly number[]): void {
    for (const id of ids) {
      this.done.add(id);
      this.failed.delete(id);
    }
    this.#parts.onRecorded(ids, 'response');
  }

  #onFailures(ids: readonly number[]): void {
    for (const id of ids) if (!this.done.has(id)) this.failed.add(id);
    this.#parts.onRecorded(ids, 'failure');
  }

  /** Before an outcome is recorded, it is known which request it belongs to. */
  #flushLog(): void {
    try {
      this.#log.flush();
      this.#isLogWanting = false;
    } catch (error) {
      if (this.#isLogWanting) return;
      this.#isLogWanting = true;
      this.#parts.logger.warn(
        `Which requests were read cannot be noted (${(error as Error).message}): a changed source would not be found out`,
      );
    }
  }
}

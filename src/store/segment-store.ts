/**
 * Outcomes in files of so many each, written as they come. Memory holds only what is not written yet:
 * some milliseconds' or 256 KiB of lines. Where the place cannot be written, others are.
 */
import type { Clock, Timer } from '../clock.js';
import type { Logger } from '../logger.js';
import { outcomeId, type Outcome } from '../request/request.js';
import { Compressions } from './compressions.js';
import { mergeOutcomes } from './merge-segments.js';
import type { OutcomeStore } from './outcome-store.js';
import { rescueSegment } from './rescue-segment.js';
import { MemoryCursor, SegmentCursor, type SegmentRef } from './segment-cursor.js';
import type { SegmentFile } from './segment-file.js';
import type { Damage } from './segment-lines.js';
import { SegmentPlaces } from './segment-places.js';
import type { SegmentTemplate } from './segment-template.js';
import { WaitingLines, type LineWork } from './waiting-lines.js';
import { WaitingTexts } from './waiting-texts.js';

/** What a {@link SegmentStore} works with. */
export interface SegmentStoreParts {
  readonly template: SegmentTemplate;
  readonly outcomesPerSegment: number;
  /** `'fsync'`: safe from power loss, too, before it counts as recorded. */
  readonly durability: 'os' | 'fsync';
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where to write when the template's folder cannot be written. */
  readonly temporaryFolder: string;
  /** What names in the temporary folder begin with. */
  readonly temporaryPrefix: string;
  /** Number of the first part. */
  readonly firstPart: number;
  /** Called before anything is written. */
  readonly beforeWriting: () => void;
  /** Called with the ids of outcomes once they are recorded. */
  readonly onRecorded: (ids: readonly number[]) => void;
  /** Called when outcomes that were recorded are gone for good. */
  readonly onLost: () => void;
  /** Called when it is no longer congested. */
  readonly onDrained: () => void;
}

/** A segment that outcomes were recorded in. */
export interface RecordedSegment extends SegmentRef {
  /** False once nothing more is written to it. */
  readonly isOpen: boolean;
}

/** An outcome is written so long after it came, milliseconds. */
const WRITE_AFTER_MS = 40;
/** Or as soon as so much waits. */
const WRITE_AT_BYTES = 256 * 1024;
/** So much waits only if writing cannot keep up. */
const CONGESTED_BYTES = 8 * 1024 * 1024;
/** When nothing could be written anywhere, it is tried again after so long, milliseconds. */
const TRY_AGAIN_MS = 1000;

/** Keeps outcomes in segments on disk. */
export class SegmentStore implements OutcomeStore {
  readonly #parts: SegmentStoreParts;
  readonly #places: SegmentPlaces;
  readonly #lines: WaitingLines;
  readonly #texts: WaitingTexts = new WaitingTexts();
  readonly #compressions: Compressions;
  /** When the first outcome of the batch came. */
  #batchBeganMs = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  /** Grows when a write under way no longer counts. */
  #epoch = 0;
  #size = 0;
  #wasCongested = false;
  #isClosed = false;

  constructor(parts: SegmentStoreParts) {
    this.#parts = parts;
    this.#lines = new WaitingLines(parts.template.format);
    this.#places = new SegmentPlaces({
      ...parts,
      onEnded: (segment) => this.#onEnded(segment),
      onRemoved: (segment) => this.#rescue(segment),
    });
    this.#compressions = new Compressions(parts.logger, (segment) =>
      this.#places.segments.includes(segment),
    );
  }

  get size(): number {
    return this.#size;
  }

  get recorded(): number {
    return this.#places.segments.reduce((sum, segment) => sum + segment.count, 0);
  }

  get isCongested(): boolean {
    this.#wasCongested = this.#lines.byteLength > CONGESTED_BYTES;
    return this.#wasCongested;
  }

  /** True while something waits that should be written by now; it is tried again and again. */
  get isBehind(): boolean {
    return this.#lines.first !== undefined || !this.#texts.isEmpty;
  }

  put(outcome: Outcome): void {
    this.#size += 1;
    if (this.#lines.batchCount === 0) this.#batchBeganMs = this.#parts.clock.now();
    try {
      this.#lines.append(outcome);
    } catch (error) {
      this.#putAsText(outcome, error as Error);
      return;
    }
    this.#writeSoon();
  }

  async *outcomes(): AsyncGenerator<Outcome, void, undefined> {
    if (!this.#isClosed) await this.flush();
    const onDamage = (damage: Damage): void => this.#onDamage(damage);
    const written = this.segments().map((segment) => new SegmentCursor(segment, onDamage));
    const unwritten = new MemoryCursor([...this.#lines.outcomes(), ...this.#texts.outcomes()]);
    yield* mergeOutcomes([unwritten, ...written]);
  }

  /** The segments with outcomes in them, in the order in which they were begun. */
  segments(): readonly RecordedSegment[] {
    return this.#places.segments.filter((segment) => segment.count > 0);
  }

  files(): readonly string[] {
    return this.segments().map((segment) => segment.path);
  }

  clear(): void {
    this.#abandonWrite();
    this.#lines.clear();
    this.#texts.clear();
    this.#size = 0;
    this.#places.discard();
    this.#tellDrained();
  }

  async flush(): Promise<void> {
    this.#places.rescueRemoved();
    while (this.#lines.batchCount > 0 || this.isBehind) {
      const epoch = this.#epoch;
      this.#startWriting();
      await this.#writing;
      // Nowhere to write to: what is left stays in memory.
      if (epoch === this.#epoch && this.isBehind) return;
    }
  }

  flushSync(): void {
    this.#abandonWrite();
    this.#places.rescueRemoved();
    this.#endBatch();
    while (this.#lines.first !== undefined) if (!this.#writeSomeSync()) break;
    this.#writeTexts();
    if (this.isBehind && this.#writing === undefined) this.#tryAgainLater();
  }

  /** Makes what was written safe from power loss. */
  async sync(): Promise<void> {
    const unsynced = this.#places.segments.filter((segment) => segment.isUnsynced);
    await Promise.all(unsynced.map((segment) => segment.sync()));
  }

  /** The same at once. @throws the file system's error. */
  syncSync(): void {
    for (const segment of this.#places.segments) if (segment.isUnsynced) segment.syncSync();
  }

  closeSync(): void {
    this.flushSync();
    this.#end();
  }

  async close(): Promise<void> {
    await this.flush();
    // One that was given up may still be under way.
    await this.#writing;
    this.#end();
    await this.#compressions.settled();
  }

  #end(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#places.end();
    const left = this.#lines.outcomes().length + this.#texts.outcomes().length;
    if (left === 0) return;
    this.#parts.logger.error(
      `${left} outcomes could be written nowhere: they are lost when the process ends`,
    );
  }

  #writeSoon(): void {
    if (this.#writing !== undefined || this.#lines.batchCount === 0) return;
    if (this.#lines.batchBytes >= WRITE_AT_BYTES) this.#startWriting();
    else this.#timer ??= this.#setTimer(this.#batchBeganMs + WRITE_AFTER_MS);
  }

  #tryAgainLater(): void {
    if (!this.#isClosed) this.#timer ??= this.#setTimer(this.#parts.clock.now() + TRY_AGAIN_MS);
  }

  #setTimer(atMs: number): Timer {
    const { clock } = this.#parts;
    return clock.setTimer(() => this.#startWriting(), Math.max(0, atMs - clock.now()));
  }

  #startWriting(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.isBehind) this.#tryAgainLater();
      else this.#writeSoon();
    });
  }

  async #writeAll(): Promise<void> {
    this.#endBatch();
    for (let work = this.#lines.first; work !== undefined; work = this.#lines.first) {
      const isWritten = (await this.#writeSome(work)) || this.#writeSomeSync();
      if (!isWritten) break;
      if (this.#lines.batchBytes >= WRITE_AT_BYTES) this.#endBatch();
    }
    this.#writeTexts();
  }

  /** The usual way: to the open segment, while the program goes on. False when that is no way now. */
  async #writeSome(work: LineWork): Promise<boolean> {
    const segment = this.#places.usual();
    if (segment === undefined) return false;
    const epoch = this.#epoch;
    const to = Math.min(work.batch.count, work.from + this.#places.roomOf(segment));
    const bytes = work.batch.bytes(work.from, to);
    const isDurable = this.#parts.durability === 'fsync';
    const error = await new Promise<Error | undefined>((resolve) => {
      segment.append(bytes, isDurable, resolve);
    });
    if (epoch !== this.#epoch) return true;
    // Found to be removed meanwhile, too: what was in it before is written again, and so is this.
    if (error !== undefined || !segment.isOpen) return false;
    this.#onWritten(segment, work, to);
    // After a write that was given up, the batch may still be read from.
    if (to === work.batch.count) this.#lines.recycle(work.batch);
    return true;
  }

  /** Writes the first of what waits at once, wherever that works. False when that is nowhere. */
  #writeSomeSync(): boolean {
    const work = this.#lines.first;
    if (work === undefined) return true;
    const written = this.#places.write(work.batch, work.from);
    if (written !== undefined) this.#onWritten(written.segment, work, written.to);
    return written !== undefined;
  }

  #onWritten(segment: SegmentFile, work: LineWork, to: number): void {
    const ids = this.#lines.advance(work, to);
    this.#places.note(segment, ids);
    if (work.isNew) this.#parts.onRecorded(ids);
    this.#tellDrained();
  }

  #tellDrained(): void {
    if (this.#wasCongested && !this.isCongested) this.#parts.onDrained();
  }

  #endBatch(): void {
    if (this.#lines.batchCount === 0) return;
    this.#parts.beforeWriting();
    this.#lines.endBatch();
  }

  /** A write under way no longer counts: what it was to write is written again, to the same place. */
  #abandonWrite(): void {
    this.#epoch += 1;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Somebody removed an open segment: what was in it is written once more. */
  #rescue(segment: SegmentFile): void {
    const { logger } = this.#parts;
    const lines = this.#lines.newBatch();
    const texts: Outcome[] = [];
    try {
      rescueSegment(segment, lines, texts);
    } catch (error) {
      logger.error(`${segment.path} cannot be read: ${(error as Error).message}`);
    }
    if (lines.count > 0) this.#lines.addAgain(lines);
    for (const text of texts) this.#texts.add(text, false);
    const lost = segment.count - lines.count - texts.length;
    if (lost <= 0) return;
    logger.error(`${lost} outcomes of ${segment.path} are lost`);
    this.#parts.onLost();
  }

  #putAsText(outcome: Outcome, reason: Error): void {
    this.#texts.add(outcome, true);
    if (this.#lines.batchCount === 0) this.#parts.beforeWriting();
    // What came before it is recorded before it.
    this.flushSync();
    const how = this.#texts.has(outcome) ? 'is kept in memory' : 'is kept as text';
    this.#parts.logger.error(
      `The outcome of request ${outcomeId(outcome)} cannot be written as JSON (${reason.message}): it ${how}`,
    );
  }

  /** Writes, as text, what cannot be written as JSON. */
  #writeTexts(): void {
    this.#texts.write(
      (outcome) => this.#places.writeText(outcome),
      (id) => this.#parts.onRecorded([id]),
    );
  }

  #onEnded(segment: SegmentFile): void {
    const { compression } = this.#parts.template;
    if (compression !== undefined && segment.format !== 'text')
      this.#compressions.add(segment, compression);
  }

  #onDamage({ file, line, reason }: Damage): void {
    this.#parts.logger.error(`Line ${line} of ${file} is skipped: ${reason}`);
  }
}

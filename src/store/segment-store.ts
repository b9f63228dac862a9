/**
 * Outcomes in files of so many each, written as they come. Memory holds only what is not written yet:
 * some milliseconds' or 256 KiB of lines. Where the place cannot be written, others are.
 */
import type { Clock, Timer } from '../clock.js';
import type { Logger } from '../logger.js';
import { outcomeId, type Outcome } from '../request/request.js';
import { compressSegment } from './compress-segment.js';
import { LineBatch } from './line-batch.js';
import { mergeOutcomes } from './merge-segments.js';
import { decodeLine } from './outcome-line.js';
import type { OutcomeStore } from './outcome-store.js';
import {
  MemoryCursor,
  SegmentCursor,
  type OutcomeCursor,
  type SegmentRef,
} from './segment-cursor.js';
import type { SegmentFile } from './segment-file.js';
import { linesOf, type Damage } from './segment-lines.js';
import { SegmentPlaces } from './segment-places.js';
import type { SegmentTemplate } from './segment-template.js';

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
  /** Number of the first part. */
  readonly firstPart: number;
  /** Called with the ids of outcomes once they are recorded. */
  readonly onRecorded: (ids: readonly number[]) => void;
  /** Called when a segment was ended. */
  readonly onSegmentEnded: () => void;
  /** Called when it is no longer congested. */
  readonly onDrained: () => void;
}

/** An outcome is written so long after it came, milliseconds. */
const WRITE_AFTER_MS = 40;
/** Or as soon as so much waits. */
const WRITE_AT_BYTES = 256 * 1024;
/** So much waits only if writing cannot keep up. */
const CONGESTED_BYTES = 8 * 1024 * 1024;
/** When nothing could be written anywhere, it is tried again after so long, milliseconds. */
const TRY_AGAIN_MS = 1000;

/** Lines on their way to a segment. */
interface Work {
  readonly batch: LineBatch;
  /** Lines before this one are written. */
  from: number;
  /** False for lines that counted as recorded already, whose file was removed. */
  readonly isNew: boolean;
}

/** Keeps outcomes in segments on disk. */
export class SegmentStore implements OutcomeStore {
  readonly #parts: SegmentStoreParts;
  readonly #places: SegmentPlaces;
  #batch: LineBatch;
  #spare: LineBatch | undefined;
  /** What is to be written next, in this order. */
  #queue: Work[] = [];
  #queuedBytes = 0;
  /** What could be written neither as JSON nor as text. */
  #unwritable: Outcome[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  /** Grows when a write under way no longer counts. */
  #epoch = 0;
  #compressing: Promise<void> = Promise.resolve();
  #size = 0;
  #wasCongested = false;

  constructor(parts: SegmentStoreParts) {
    this.#parts = parts;
    this.#batch = this.#newBatch();
    this.#places = new SegmentPlaces({
      ...parts,
      onEnded: (segment) => this.#onEnded(segment),
      onRemoved: (segment) => this.#rescue(segment),
    });
  }

  get size(): number {
    return this.#size;
  }

  get isCongested(): boolean {
    this.#wasCongested = this.#queuedBytes + this.#batch.byteLength > CONGESTED_BYTES;
    return this.#wasCongested;
  }

  put(outcome: Outcome): void {
    this.#size += 1;
    try {
      this.#batch.append(outcome);
    } catch (error) {
      this.#putAsText(outcome, error as Error);
      return;
    }
    this.#writeSoon();
  }

  async *outcomes(): AsyncGenerator<Outcome, void, undefined> {
    await this.flush();
    const onDamage = (damage: Damage): void => this.#onDamage(damage);
    const written = this.segments().map((segment) => new SegmentCursor(segment, onDamage));
    yield* mergeOutcomes([this.#unwritten(), ...written]);
  }

  /** The segments with outcomes in them, in the order in which they were begun. */
  segments(): readonly SegmentRef[] {
    return this.#places.segments.filter((segment) => segment.count > 0);
  }

  files(): readonly string[] {
    return this.segments().map((segment) => segment.path);
  }

  clear(): void {
    this.#abandonWrite();
    this.#batch.clear();
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#unwritable = [];
    this.#size = 0;
    this.#places.discard();
  }

  async flush(): Promise<void> {
    while (this.#batch.count > 0 || this.#queue.length > 0) {
      const epoch = this.#epoch;
      this.#startWriting();
      await this.#writing;
      // Nowhere to write to: what is left stays in memory.
      if (epoch === this.#epoch && this.#queue.length > 0) return;
    }
  }

  flushSync(): void {
    this.#abandonWrite();
    this.#enqueueBatch();
    while (this.#queue.length > 0) if (!this.#writeSomeSync()) return;
  }

  closeSync(): void {
    this.flushSync();
    this.#places.end();
  }

  async close(): Promise<void> {
    await this.flush();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#places.end();
    await this.#compressing;
  }

  #newBatch(): LineBatch {
    return new LineBatch(this.#parts.template.format);
  }

  #writeSoon(): void {
    if (this.#writing !== undefined || this.#batch.count === 0) return;
    if (this.#batch.byteLength >= WRITE_AT_BYTES) this.#startWriting();
    else this.#timer ??= this.#parts.clock.setTimer(() => this.#startWriting(), WRITE_AFTER_MS);
  }

  #startWriting(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing ??= this.#writeQueue().finally(() => {
      this.#writing = undefined;
      if (this.#queue.length === 0) this.#writeSoon();
      else this.#timer = this.#parts.clock.setTimer(() => this.#startWriting(), TRY_AGAIN_MS);
    });
  }

  async #writeQueue(): Promise<void> {
    this.#enqueueBatch();
    for (let work = this.#queue[0]; work !== undefined; work = this.#queue[0]) {
      const isWritten = (await this.#writeSome(work)) || this.#writeSomeSync();
      if (!isWritten) return;
      if (this.#batch.byteLength >= WRITE_AT_BYTES) this.#enqueueBatch();
    }
  }

  /** The usual way: to the open segment, while the program goes on. False when that is no way now. */
  async #writeSome(work: Work): Promise<boolean> {
    const segment = this.#places.usual();
    // It may have been removed: then what was in it goes first.
    if (segment === undefined || this.#queue[0] !== work) return false;
    const epoch = this.#epoch;
    const to = Math.min(work.batch.count, work.from + this.#places.roomOf(segment));
    const bytes = work.batch.bytes(work.from, to);
    const isDurable = this.#parts.durability === 'fsync';
    const error = await new Promise<Error | undefined>((resolve) => {
      segment.append(bytes, isDurable, resolve);
    });
    if (epoch !== this.#epoch) return true;
    if (error !== undefined) return false;
    this.#onWritten(segment, work, to);
    if (to === work.batch.count) {
      // Its memory is used again; after a write that was given up, it may still be read from.
      work.batch.clear();
      this.#spare = work.batch;
    }
    return true;
  }

  /** Writes the first of the queue at once, wherever that works. False when that is nowhere. */
  #writeSomeSync(): boolean {
    const work = this.#queue[0];
    if (work === undefined) return true;
    const written = this.#places.write(work.batch, work.from);
    if (written !== undefined) this.#onWritten(written.segment, work, written.to);
    return written !== undefined;
  }

  #onWritten(segment: SegmentFile, work: Work, to: number): void {
    const ids = work.batch.ids.slice(work.from, to);
    work.from = to;
    if (to === work.batch.count) {
      this.#queue = this.#queue.filter((one) => one !== work);
      this.#queuedBytes -= work.batch.byteLength;
    }
    this.#places.note(segment, ids);
    if (work.isNew) this.#parts.onRecorded(ids);
    if (this.#wasCongested && !this.isCongested) this.#parts.onDrained();
  }

  #enqueueBatch(): void {
    if (this.#batch.count === 0) return;
    this.#enqueue({ batch: this.#batch, from: 0, isNew: true });
    this.#batch = this.#spare ?? this.#newBatch();
    this.#spare = undefined;
  }

  #enqueue(work: Work): void {
    if (work.isNew) this.#queue.push(work);
    else this.#queue.unshift(work);
    this.#queuedBytes += work.batch.byteLength;
  }

  /** A write under way no longer counts: what it was to write is written again, to the same place. */
  #abandonWrite(): void {
    this.#epoch += 1;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Somebody removed an open segment: what was in it is written once more. */
  #rescue(segment: SegmentFile): void {
    const batch = this.#newBatch();
    for (const [id, line] of linesOf(segment.contents(), segment.format))
      batch.appendLine(id, line);
    if (batch.count > 0) this.#enqueue({ batch, from: 0, isNew: false });
  }

  #putAsText(outcome: Outcome, reason: Error): void {
    // What came before it is recorded before it.
    this.flushSync();
    const isWritten = this.#places.writeText(outcome);
    if (isWritten) this.#parts.onRecorded([outcomeId(outcome)]);
    else this.#unwritable.push(outcome);
    const how = isWritten ? 'is kept as text' : 'is kept in memory';
    this.#parts.logger.error(
      `The outcome of request ${outcomeId(outcome)} cannot be written as JSON (${reason.message}): it ${how}`,
    );
  }

  /** What could not be written, or came since. */
  #unwritten(): OutcomeCursor {
    const works = [...this.#queue, { batch: this.#batch, from: 0 }];
    const lines = works.flatMap(({ batch, from }) =>
      batch.ids.slice(from).map((id, index): [number, () => Outcome] => {
        const line = Buffer.from(batch.line(from + index));
        return [id, () => decodeLine(line)];
      }),
    );
    const others = this.#unwritable.map((outcome): [number, () => Outcome] => [
      outcomeId(outcome),
      () => outcome,
    ]);
    return new MemoryCursor([...lines, ...others]);
  }

  #onEnded(segment: SegmentFile): void {
    const { template, logger } = this.#parts;
    const { compression } = template;
    if (compression !== undefined && segment.format !== 'text') {
      this.#compressing = this.#compressing.then(async () => {
        try {
          segment.path = await compressSegment(segment.path, compression);
        } catch (error) {
          logger.error(
            `${segment.path} stays as it is, since it cannot be compressed: ${(error as Error).message}`,
          );
        }
      });
    }
    this.#parts.onSegmentEnded();
  }

  #onDamage({ file, line, reason }: Damage): void {
    this.#parts.logger.error(`Line ${line} of ${file} is skipped: ${reason}`);
  }
}

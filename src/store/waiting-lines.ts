import type { Outcome } from '../request/request.js';
import { LineBatch } from './line-batch.js';
import { decodeLine } from './outcome-line.js';
import type { SegmentTemplate } from './segment-template.js';

/** Lines on their way to a segment. */
export interface LineWork {
  readonly batch: LineBatch;
  /** Lines before this one are written. */
  from: number;
  /** False for lines that counted as recorded already, whose file was removed. */
  readonly isNew: boolean;
}

/** The lines that are not written yet: a batch that grows, and those that are to be written next. */
export class WaitingLines {
  readonly #format: SegmentTemplate['format'];
  #batch: LineBatch;
  #spare: LineBatch | undefined;
  /** In the order of writing. */
  #works: LineWork[] = [];
  #bytes = 0;

  constructor(format: SegmentTemplate['format']) {
    this.#format = format;
    this.#batch = this.newBatch();
  }

  /** What is to be written next. */
  get first(): LineWork | undefined {
    return this.#works[0];
  }

  /** Lines in the batch that grows. */
  get batchCount(): number {
    return this.#batch.count;
  }

  get batchBytes(): number {
    return this.#batch.byteLength;
  }

  get byteLength(): number {
    return this.#bytes + this.#batch.byteLength;
  }

  newBatch(): LineBatch {
    return new LineBatch(this.#format);
  }

  /**
   * Adds the line of an outcome to the batch.
   *
   * @throws when it cannot be written as JSON.
   */
  append(outcome: Outcome): void {
    this.#batch.append(outcome);
  }

  /** Ends the batch: it is written after all others. */
  endBatch(): void {
    this.#works.push({ batch: this.#batch, from: 0, isNew: true });
    this.#bytes += this.#batch.byteLength;
    this.#batch = this.#spare ?? this.newBatch();
    this.#spare = undefined;
  }

  /** Takes lines in once more whose file was removed. */
  addAgain(batch: LineBatch): void {
    this.#works.push({ batch, from: 0, isNew: false });
    this.#bytes += batch.byteLength;
  }

  /** Notes that lines were written, up to number `to`, and returns the ids of their outcomes. */
  advance(work: LineWork, to: number): readonly number[] {
    const ids = work.batch.ids.slice(work.from, to);
    work.from = to;
    if (to === work.batch.count) {
      this.#works = this.#works.filter((one) => one !== work);
      this.#bytes -= work.batch.byteLength;
    }
    return ids;
  }

  /** Uses the memory of a batch again that nobody reads from any more. */
  recycle(batch: LineBatch): void {
    batch.clear();
    this.#spare = batch;
  }

  clear(): void {
    this.#works = [];
    this.#bytes = 0;
    this.#batch.clear();
  }

  /** The outcomes that wait, with their ids. */
  outcomes(): (readonly [id: number, outcome: () => Outcome])[] {
    const works = [...this.#works, { batch: this.#batch, from: 0 }];
    return works.flatMap(({ batch, from }) =>
      batch.ids.slice(from).map((id, index) => {
        const line = Buffer.from(batch.line(from + index));
        return [id, () => decodeLine(line)] as const;
      }),
    );
  }
}

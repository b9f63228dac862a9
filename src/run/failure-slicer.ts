/**
 * Parts a file of failures, which grows without end, into slices that are read like segments: so that
 * reading it in order takes no more memory than reading them.
 */
import type { SegmentRef } from '../store/segment-cursor.js';
import type { FileSlice } from '../store/segment-index.js';
import type { FoundOutcome } from './scan-segment.js';

/** As many as in a segment. */
const MOST_IN_SLICE = 10_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Slice = Mutable<Omit<SegmentRef, 'slice'>> & { readonly slice: Mutable<FileSlice> };

/** Is told of each failure in the order of the file. */
export class FailureSlicer {
  readonly slices: SegmentRef[] = [];
  readonly #file: string;
  /** A file of texts is read as a whole, for want of anything better. */
  readonly #mostInSlice: number;
  #last: Slice | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#mostInSlice = file.endsWith('.txt') ? Infinity : MOST_IN_SLICE;
  }

  add({ id, line, offset = 0 }: FoundOutcome): void {
    let last = this.#last;
    if (last === undefined) last = this.#begin(id, 0, 1);
    if (last.count === this.#mostInSlice) {
      // What lies between two slices and is no outcome is told with the first.
      last.slice.end = offset;
      last = this.#begin(id, offset, line);
    }
    last.count += 1;
    last.firstId = Math.min(last.firstId, id);
    last.lastId = Math.max(last.lastId, id);
  }

  #begin(id: number, start: number, line: number): Slice {
    const slice = { start, end: Infinity, line };
    this.#last = { path: this.#file, count: 0, firstId: id, lastId: id, slice };
    this.slices.push(this.#last);
    return this.#last;
  }
}

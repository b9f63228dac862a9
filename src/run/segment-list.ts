/** The segments of a run, as `run.json` lists them. */
import * as fs from 'node:fs';
import type { RecordedSegment } from '../store/segment-store.js';
import type { SegmentInfo } from './run-info.js';

/** Keeps the list of a run's segments; an ended one is measured once. */
export class SegmentList {
  readonly #before: readonly SegmentInfo[];
  readonly #nameOf: (file: string) => string;
  readonly #ended = new WeakMap<RecordedSegment, SegmentInfo>();

  /**
   * @param before - those of earlier sessions.
   * @param nameOf - a path as it stands in the list.
   */
  constructor(before: readonly SegmentInfo[], nameOf: (file: string) => string) {
    this.#before = before;
    this.#nameOf = nameOf;
  }

  /** All segments; `now` are those of this session. */
  list(now: readonly RecordedSegment[]): SegmentInfo[] {
    return [...this.#before, ...now.map((segment) => this.#describe(segment))];
  }

  #describe(segment: RecordedSegment): SegmentInfo {
    const file = this.#nameOf(segment.path);
    const known = this.#ended.get(segment);
    if (known?.file === file) return known;
    const { count, firstId, lastId, isOpen } = segment;
    // One that somebody has removed is listed all the same, so that it is missed on resume.
    const bytes = fs.statSync(segment.path, { throwIfNoEntry: false })?.size ?? 0;
    const info = { file, count, firstId, lastId, bytes, isOpen };
    if (!isOpen && bytes > 0) this.#ended.set(segment, info);
    return info;
  }
}

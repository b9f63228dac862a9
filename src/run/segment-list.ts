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
    return [...this.#before, ...now.flatMap((segment) => this.#describe(segment) ?? [])];
  }

  #describe(segment: RecordedSegment): SegmentInfo | undefined {
    const file = this.#nameOf(segment.path);
    const known = this.#ended.get(segment);
    if (known?.file === file) return known;
    const { count, firstId, lastId, isOpen } = segment;
    try {
      const { size: bytes } = fs.statSync(segment.path);
      const info = { file, count, firstId, lastId, bytes, isOpen };
      if (!isOpen) this.#ended.set(segment, info);
      return info;
    } catch {
      // Not listed, it is looked for on resume.
      return undefined;
    }
  }
}

/** The places that outcomes are written to, the proper one first, and which of them is used now. */
import type { Logger } from '../logger.js';
import { outcomeId, type Outcome } from '../request/request.js';
import type { LineBatch } from './line-batch.js';
import type { SegmentFile } from './segment-file.js';
import {
  beginSegment,
  linesAsText,
  placesOf,
  textOf,
  type Place,
  type PlaceParts,
} from './segment-place.js';

/** What the places work with. */
export interface SegmentPlacesParts extends PlaceParts {
  readonly outcomesPerSegment: number;
  readonly logger: Logger;
  readonly firstPart: number;
  /** Called when a segment is full and ended. */
  readonly onEnded: (segment: SegmentFile) => void;
  /** Called when somebody has removed an open segment. What was written to it can still be read. */
  readonly onRemoved: (segment: SegmentFile) => void;
}

/** The proper place is tried again after so long, milliseconds. */
const TRY_PROPER_AFTER_MS = 5000;
const TELL_AGAIN_AFTER_MS = 10_000;

/** Where a batch went, and up to which line. */
export interface Written {
  readonly segment: SegmentFile;
  readonly to: number;
}

/** Opens, fills and ends segments, and goes elsewhere when it must. */
export class SegmentPlaces {
  readonly #parts: SegmentPlacesParts;
  readonly #places: ReturnType<typeof placesOf>;
  #segments: SegmentFile[] = [];
  #current = 0;
  #tryProperAtMs = -Infinity;
  #isNowhere = false;
  #toldNowhereMs = -Infinity;
  #nextPart: number;

  constructor(parts: SegmentPlacesParts) {
    this.#parts = parts;
    this.#nextPart = parts.firstPart;
    this.#places = placesOf(parts);
  }

  /** All segments that were begun, in that order. */
  get segments(): readonly SegmentFile[] {
    return this.#segments;
  }

  /** The open segment of the proper place, where nothing stands against writing to it. */
  usual(): SegmentFile | undefined {
    const [place] = this.#places;
    if (this.#current !== 0 || place.segment === undefined) return undefined;
    return this.#stillThere(place);
  }

  roomOf(segment: SegmentFile): number {
    return this.#parts.outcomesPerSegment - segment.count;
  }

  /** Writes lines of a batch, from number `from` on, at once, wherever that works; `undefined` where nowhere. */
  write(batch: LineBatch, from: number): Written | undefined {
    return this.#tryPlaces([0, 1, 2, 3], (segment) => {
      const to = Math.min(batch.count, from + this.roomOf(segment));
      const bytes =
        segment.format === 'text' ? linesAsText(batch, from, to) : batch.bytes(from, to);
      segment.appendSync(bytes, this.#parts.durability === 'fsync');
      return to;
    });
  }

  /**
   * Writes an outcome that cannot be written as JSON. False where that works nowhere.
   *
   * @throws when it cannot be written as text either.
   */
  writeText(outcome: Outcome): boolean {
    const text = textOf(outcome);
    const written = this.#tryPlaces([1, 3], (segment) => {
      segment.appendSync(text, this.#parts.durability === 'fsync');
      return 1;
    });
    if (written !== undefined) this.note(written.segment, [outcomeId(outcome)]);
    return written !== undefined;
  }

  /** Notes what was written to a segment, and ends it when it is full. */
  note(segment: SegmentFile, ids: readonly number[]): void {
    segment.note(ids);
    if (this.roomOf(segment) > 0) return;
    this.rescueRemoved();
    const place = this.#places.find((one) => one.segment === segment);
    if (place === undefined) return;
    place.segment = undefined;
    segment.end(this.#parts.durability === 'fsync');
    this.#parts.onEnded(segment);
  }

  /** Looks whether somebody has removed an open segment. */
  rescueRemoved(): void {
    for (const place of this.#places) this.#stillThere(place);
  }

  /** Ends all open segments. */
  end(): void {
    for (const place of this.#places) {
      const { segment } = place;
      place.segment = undefined;
      segment?.end(this.#parts.durability === 'fsync');
      if (segment !== undefined && segment.count > 0) this.#parts.onEnded(segment);
    }
    this.#forgetEmpty();
  }

  /** Removes all segments. */
  discard(): void {
    const segments = this.#segments;
    this.#segments = [];
    for (const place of this.#places) place.segment = undefined;
    for (const segment of segments) {
      try {
        segment.discard();
      } catch (error) {
        this.#parts.logger.error(`${segment.path} cannot be removed: ${(error as Error).message}`);
      }
    }
  }

  #tryPlaces(
    indices: readonly number[],
    append: (segment: SegmentFile) => number,
  ): Written | undefined {
    const { clock } = this.#parts;
    const wasNowhere = this.#isNowhere;
    const isProperDue = this.#current > 0 && clock.now() >= this.#tryProperAtMs;
    const reasons: string[] = [];
    const isUsual = indices.includes(0);
    for (const index of indices) {
      if (isUsual && index < this.#current && !isProperDue) continue;
      const place = this.#places[index] as Place;
      try {
        const segment = this.#stillThere(place) ?? this.#begin(place);
        const to = append(segment);
        this.#isNowhere = false;
        if (isUsual) this.#use(index, reasons);
        if (wasNowhere)
          this.#parts.logger.warn(`Outcomes can be written again, to ${segment.path}`);
        return { segment, to };
      } catch (error) {
        reasons.push((error as Error).message);
        this.#leave(place);
      }
    }
    this.#tellNowhere(reasons);
    return undefined;
  }

  #begin(place: Place): SegmentFile {
    const segment = beginSegment(place, this.#nextPart, this.#parts);
    this.#nextPart += 1;
    place.segment = segment;
    this.#segments.push(segment);
    return segment;
  }

  /** The place's open segment; what was in one that somebody has removed is rescued first. */
  #stillThere(place: Place): SegmentFile | undefined {
    const { segment } = place;
    if (segment === undefined || segment.isInPlace()) return segment;
    place.segment = undefined;
    this.#segments = this.#segments.filter((one) => one !== segment);
    this.#parts.logger.error(`${segment.path} was removed while it was written: writing it again`);
    this.#parts.onRemoved(segment);
    segment.release();
    return undefined;
  }

  /** After a failure: what is in the segment stays, an empty one goes. */
  #leave(place: Place): void {
    const segment = this.#stillThere(place);
    place.segment = undefined;
    segment?.end(false);
    this.#forgetEmpty();
  }

  #forgetEmpty(): void {
    this.#segments = this.#segments.filter((segment) => segment.isOpen || segment.count > 0);
  }

  /** Notes which place was written to, and says so when it is another than before. */
  #use(index: number, reasons: readonly string[]): void {
    const { clock, logger } = this.#parts;
    if (reasons.length > 0) this.#tryProperAtMs = clock.now() + TRY_PROPER_AFTER_MS;
    if (index === this.#current) return;
    const { folder, format, segment } = this.#places[index] as Place;
    if (index > this.#current) {
      const how = format === 'text' ? ', as text' : '';
      logger.error(
        `Outcomes cannot be written where they belong (${reasons[0] ?? ''}). They go to ${segment?.path ?? folder}${how}, until that works again.`,
      );
    } else {
      logger.warn(`Outcomes go to ${segment?.path ?? folder} again`);
      for (const other of this.#places.slice(index + 1)) this.#leave(other);
    }
    this.#current = index;
  }

  #tellNowhere(reasons: readonly string[]): void {
    const nowMs = this.#parts.clock.now();
    const isNews = !this.#isNowhere;
    this.#isNowhere = true;
    if (!isNews && nowMs < this.#toldNowhereMs + TELL_AGAIN_AFTER_MS) return;
    this.#toldNowhereMs = nowMs;
    this.#parts.logger.error(
      `Outcomes cannot be written anywhere, and are kept in memory: ${reasons.join('; ')}`,
    );
  }
}

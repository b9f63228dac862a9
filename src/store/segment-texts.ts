/** Finds the outcomes in a segment of texts. */
import { measureText, TEXT_BEGIN } from './outcome-text.js';

/** A text in a segment, or what stands there in its place. */
export interface TextPart {
  /** `undefined` for what is no outcome. */
  readonly id: number | undefined;
  readonly offset: number;
  readonly length: number;
  /** From 1. */
  readonly line: number;
}

const LINE_FEED = 0x0a;
const NEXT_TEXT = `\n${TEXT_BEGIN}`;

/** The parts of a segment of texts. A last text that is cut short is left out. */
export function* textsOf(bytes: Buffer): Generator<TextPart, void, undefined> {
  let line = 1;
  for (let offset = 0; offset < bytes.length;) {
    const text = measureText(bytes, offset);
    const isWhole = text !== undefined && isEnd(bytes, text.end);
    if (text !== undefined && text.end > bytes.length) return;
    const end = isWhole ? text.end : endOfDamage(bytes, offset);
    if (isWhole || !isCutShort(bytes, offset, end)) {
      yield { id: isWhole ? text.id : undefined, offset, length: end - offset, line };
    }
    line += countLineFeeds(bytes, offset, end) + 1;
    offset = end + 1;
  }
}

/** A line feed follows a text, or nothing. */
function isEnd(bytes: Buffer, end: number): boolean {
  return end === bytes.length || bytes[end] === LINE_FEED;
}

function endOfDamage(bytes: Buffer, offset: number): number {
  const next = bytes.indexOf(NEXT_TEXT, offset);
  return next === -1 ? bytes.length : next;
}

/** True for the begin of a text at the end of its segment. */
function isCutShort(bytes: Buffer, offset: number, end: number): boolean {
  const begin = bytes.toString('latin1', offset, Math.min(end, offset + TEXT_BEGIN.length));
  return end === bytes.length && TEXT_BEGIN.startsWith(begin);
}

function countLineFeeds(bytes: Buffer, from: number, to: number): number {
  const part = bytes.subarray(from, to);
  let count = 0;
  for (let at = part.indexOf(LINE_FEED); at !== -1; at = part.indexOf(LINE_FEED, at + 1))
    count += 1;
  return count;
}

/** Finds the outcomes in a segment's bytes. */
import { decodeLine, encodeLine, peekId } from './outcome-line.js';
import { decodeText, MAX_HEAD_BYTES, measureText } from './outcome-text.js';
import type { SegmentFormat } from './segment-template.js';

/** A part of a segment that could not be understood. It is skipped. */
export interface Damage {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** For people. */
  readonly reason: string;
}

const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;

/** True for a line that is part of the array around the outcomes. */
export function isFraming(line: Uint8Array): boolean {
  return (
    line.length === 0 ||
    (line.length === 1 && (line[0] === OPENING_BRACKET || line[0] === CLOSING_BRACKET))
  );
}

/** A line without the comma that parts it from the next. */
export function withoutComma(line: Buffer): Buffer {
  return line[line.length - 1] === COMMA ? line.subarray(0, -1) : line;
}

/** The outcomes that are whole in `bytes`, as lines of JSON without what parts them. */
export function* linesOf(
  bytes: Buffer,
  format: SegmentFormat,
): Generator<readonly [id: number, line: Buffer]> {
  if (format === 'text') {
    for (const text of textsOf(bytes)) {
      const { head, body = new Uint8Array(), tail } = encodeLine(decodeText(text));
      const line = Buffer.concat([Buffer.from(head), body, Buffer.from(tail)]);
      yield [peekId(line) as number, line];
    }
    return;
  }
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    const line = withoutComma(bytes.subarray(start, end));
    const id = peekId(line);
    if (id !== undefined) yield [id, line];
    start = end + 1;
  }
}

/** The outcomes that are whole in a segment of texts. */
export function* textsOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const measured = measureText(bytes.toString('utf8', start, start + MAX_HEAD_BYTES));
    if (measured === undefined) return;
    const end = start + measured.headLength + measured.bodyLength;
    if (end > bytes.length) return;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** True when a line holds an outcome, whole. */
export function isWhole(line: Buffer): boolean {
  try {
    decodeLine(line);
    return true;
  } catch {
    return false;
  }
}

/** Finds the outcomes in a segment's lines. */
import { decodeLine, peekId } from './outcome-line.js';

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
const OUTCOME_BEGIN = '{"id":';

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

/** The outcomes that are whole in `bytes`, without what parts them. */
export function* linesOf(bytes: Buffer): Generator<readonly [id: number, line: Buffer]> {
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
    const line = withoutComma(bytes.subarray(start, end));
    const id = peekId(line);
    if (id !== undefined) yield [id, line];
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

/** True for the begin of an outcome's line, cut anywhere. */
export function isCutShort(line: Buffer): boolean {
  const begin = line.toString('latin1', 0, 32);
  return OUTCOME_BEGIN.startsWith(begin) || /^\{"id":\d+(,|$)/.test(begin);
}

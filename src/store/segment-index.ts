/** Which outcomes a segment holds, and where in it: what is needed to read it in the order of asking. */
import * as fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { peekId } from './outcome-line.js';
import { isCutShort, isFraming, isWhole, withoutComma, type Damage } from './segment-lines.js';
import { textsOf } from './segment-texts.js';

/** Bytes that are read at once. */
const CHUNK_BYTES = 1024 * 1024;

/** What is said of a line that is something else. */
export const NO_OUTCOME = 'it is no outcome of a request';

/** An outcome in a segment. */
export interface IndexEntry {
  readonly id: number;
  readonly offset: number;
  readonly length: number;
  /** From 1. */
  readonly line: number;
}

/** Whole lines of a plain file of lines. */
export interface FileSlice {
  readonly start: number;
  /** Behind its last byte. */
  readonly end: number;
  /** The number of its first line. */
  readonly line: number;
}

/** Where the outcomes of a plain segment stand, or of a slice of it, in the order of the file. */
export async function indexSegment(
  path: string,
  onDamage: (damage: Damage) => void,
  slice?: FileSlice,
): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = [];
  await findOutcomes(path, (entry) => void entries.push(entry), onDamage, slice);
  return entries;
}

/**
 * Finds the outcomes of a plain segment, in the order of the file. A last line that is cut short is
 * passed over: its request has no outcome yet. What else is no outcome is reported as damage, and so is
 * a file without any.
 */
export async function findOutcomes(
  path: string,
  onOutcome: (entry: IndexEntry) => void,
  onDamage: (damage: Damage) => void,
  slice?: FileSlice,
): Promise<void> {
  let isEmpty = true;
  const take = (entry: IndexEntry): void => {
    isEmpty = false;
    onOutcome(entry);
  };
  const tell = (line: number, reason: string): void => {
    isEmpty = false;
    onDamage({ file: path, line, reason });
  };
  if (path.endsWith('.txt')) findTexts(await readFile(path), take, tell);
  else await findLines(path, slice, take, tell);
  if (isEmpty) tell(1, 'there is no outcome in this file');
}

/** The bytes of an outcome. */
export function readEntry(path: string, { offset, length }: IndexEntry): Buffer {
  const fd = fs.openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    fs.readSync(fd, bytes, 0, length, offset);
    return bytes;
  } finally {
    fs.closeSync(fd);
  }
}

/** Of two outcomes of one request, the one that was written later counts. */
export function byIdLatestFirst(a: IndexEntry, b: IndexEntry): number {
  return a.id - b.id || b.offset - a.offset;
}

type Take = (entry: IndexEntry) => void;
type Tell = (line: number, reason: string) => void;

async function findLines(
  path: string,
  slice: FileSlice | undefined,
  take: Take,
  tell: Tell,
): Promise<void> {
  const { start = 0, end = Infinity, line: firstLine = 1 } = slice ?? {};
  const chunks = fs.createReadStream(path, { highWaterMark: CHUNK_BYTES, start, end: end - 1 });
  for await (const { bytes, offset, number, isLast } of linesOfStream(chunks)) {
    const line = withoutComma(bytes);
    if (isFraming(line)) continue;
    const id = peekId(line);
    const place = firstLine + number - 1;
    if (id !== undefined && (!isLast || isWhole(line)))
      take({ id, offset: start + offset, length: line.length, line: place });
    else if (!isLast || !isCutShort(line)) tell(place, NO_OUTCOME);
  }
}

/** A line of a file. */
export interface FileLine {
  readonly bytes: Buffer;
  readonly offset: number;
  /** From 1. */
  readonly number: number;
  /** True for a line without a line feed at its end. */
  readonly isLast: boolean;
}

const LINE_FEED = 0x0a;

/** The lines of a stream of bytes. */
export async function* linesOfStream(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<FileLine, void, undefined> {
  let rest: Buffer[] = [];
  let offset = 0;
  let number = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const piece = chunk.subarray(start, end);
      const bytes = rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      number += 1;
      yield { bytes, offset, number, isLast: false };
      offset += bytes.length + 1;
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0)
    yield { bytes: Buffer.concat(rest), offset, number: number + 1, isLast: true };
}

function findTexts(bytes: Buffer, take: Take, tell: Tell): void {
  for (const { id, ...part } of textsOf(bytes)) {
    if (id === undefined) tell(part.line, NO_OUTCOME);
    else take({ id, ...part });
  }
}

/** Which outcomes a segment holds, and where in it: what is needed to read it in the order of asking. */
import { createReadStream } from 'node:fs';
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

/**
 * Finds the outcomes of a plain segment, in the order of the file. A last line that is cut short is
 * passed over: its request has no outcome yet. What else is no outcome is reported as damage, and so is
 * a file without any.
 */
export async function indexSegment(
  path: string,
  onDamage: (damage: Damage) => void,
): Promise<IndexEntry[]> {
  let isDamaged = false;
  const tell = (line: number, reason: string): void => {
    isDamaged = true;
    onDamage({ file: path, line, reason });
  };
  const entries = path.endsWith('.txt')
    ? indexTexts(await readFile(path), tell)
    : await indexLines(path, tell);
  if (entries.length === 0 && !isDamaged) tell(1, 'there is no outcome in this file');
  return entries;
}

/** Of two outcomes of one request, the one that was written later counts. */
export function byIdLatestFirst(a: IndexEntry, b: IndexEntry): number {
  return a.id - b.id || b.offset - a.offset;
}

type Tell = (line: number, reason: string) => void;

async function indexLines(path: string, tell: Tell): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = [];
  const chunks = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  for await (const { bytes, offset, number, isLast } of linesOfStream(chunks)) {
    const line = withoutComma(bytes);
    if (isFraming(line)) continue;
    const id = peekId(line);
    if (id !== undefined && (!isLast || isWhole(line)))
      entries.push({ id, offset, length: line.length, line: number });
    else if (!isLast || !isCutShort(line)) tell(number, NO_OUTCOME);
  }
  return entries;
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

function indexTexts(bytes: Buffer, tell: Tell): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (const { id, ...part } of textsOf(bytes)) {
    if (id === undefined) tell(part.line, NO_OUTCOME);
    else entries.push({ id, ...part });
  }
  return entries;
}

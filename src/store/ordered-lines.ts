/** The outcomes of one segment by rising id, as they stand there. */
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { decompressor } from './compress-segment.js';
import { peekId } from './outcome-line.js';
import {
  byIdLatestFirst,
  indexSegment,
  linesOfStream,
  NO_OUTCOME,
  type FileSlice,
  type IndexEntry,
} from './segment-index.js';
import { isCutShort, isFraming, isWhole, withoutComma, type Damage } from './segment-lines.js';

/** An outcome, not yet decoded. */
export interface OrderedLine {
  readonly id: number;
  /** In the file, from 1. */
  readonly number: number;
  readonly bytes: Buffer;
}

/** Bytes that are read at once. Outcomes that are near in time are near in the file. */
const WINDOW_BYTES = 256 * 1024;
/** So much of a window lies before what it was read for. */
const WINDOW_MARGIN = 64 * 1024;

/**
 * The outcomes of a segment by rising id, the first `skip` of them left out.
 *
 * @param slice - where only that of a plain segment is wanted.
 */
export function orderedLines(
  path: string,
  skip: number,
  onDamage: (damage: Damage) => void,
  slice?: FileSlice,
): AsyncGenerator<OrderedLine, void, undefined> {
  const isCompressed = /\.(gz|zst)$/.test(path);
  return isCompressed
    ? sortedLines(path, skip, onDamage)
    : indexedLines(path, skip, onDamage, slice);
}

/** Of a plain segment: finds where each stands, then reads them one after the other. */
async function* indexedLines(
  path: string,
  skip: number,
  onDamage: (damage: Damage) => void,
  slice: FileSlice | undefined,
): AsyncGenerator<OrderedLine, void, undefined> {
  const entries = (await indexSegment(path, onDamage, slice)).toSorted(byIdLatestFirst);
  const file = await open(path, 'r');
  try {
    const window = new Window(file);
    for (const entry of entries.slice(skip)) {
      yield { id: entry.id, number: entry.line, bytes: await window.read(entry) };
    }
  } finally {
    await file.close();
  }
}

/** Of a compressed segment, whose outcomes were sorted when it was compressed. */
async function* sortedLines(
  path: string,
  skip: number,
  onDamage: (damage: Damage) => void,
): AsyncGenerator<OrderedLine, void, undefined> {
  const source = createReadStream(path);
  const stream = decompressor(path);
  source.on('error', (error) => stream.destroy(error));
  source.pipe(stream);
  let left = skip;
  try {
    for await (const { bytes, number, isLast } of linesOfStream(stream)) {
      const line = withoutComma(bytes);
      if (isFraming(line) || (isLast && isCutShort(line) && !isWhole(line))) continue;
      const id = peekId(line);
      if (id === undefined) onDamage({ file: path, line: number, reason: NO_OUTCOME });
      else if (left > 0) left -= 1;
      else yield { id, number, bytes: line };
    }
  } finally {
    source.destroy();
    stream.destroy();
  }
}

/** A part of a file that is at hand. */
class Window {
  readonly #file: FileHandle;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async read({ offset, length }: IndexEntry): Promise<Buffer> {
    const end = this.#start + this.#bytes.length;
    if (offset < this.#start || offset + length > end) await this.#moveTo(offset, length);
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }

  async #moveTo(offset: number, length: number): Promise<void> {
    this.#start = Math.max(0, offset - WINDOW_MARGIN);
    const bytes = Buffer.allocUnsafe(Math.max(WINDOW_BYTES, length + WINDOW_MARGIN));
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, this.#start);
    this.#bytes = bytes.subarray(0, bytesRead);
  }
}

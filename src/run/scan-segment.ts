/** Looks through a segment of a run for the ids of its outcomes. */
import * as fs from 'node:fs';
import { isDecompressionError } from '../store/compress-segment.js';
import { orderedLines } from '../store/ordered-lines.js';
import { decodeLine } from '../store/outcome-line.js';
import { indexSegment } from '../store/segment-index.js';
import type { Damage } from '../store/segment-lines.js';
import { outcomeUrl } from '../request/request.js';
import type { SegmentInfo } from './run-info.js';

/** No run is that long; a number above it is damage, and would make the done-set fill the memory. */
const HIGHEST_ID = 2 ** 32;

/** What a scan finds. */
export type ScannedSegment = Omit<SegmentInfo, 'file' | 'isOpen'>;

/**
 * Tells the id of each outcome in a segment, and what is damaged in it.
 *
 * @param origin - of the run's API: a segment of another API's is damage as a whole.
 */
export async function scanSegment(
  file: string,
  origin: string,
  onId: (id: number) => void,
  onDamage: (damage: Damage) => void,
): Promise<ScannedSegment> {
  const { size } = fs.statSync(file);
  let [count, firstId, lastId] = [0, Infinity, 0];
  const ids = size === 0 ? [] : await idsOf(file, origin, onDamage);
  for (const id of ids) {
    count += 1;
    firstId = Math.min(firstId, id);
    lastId = Math.max(lastId, id);
    onId(id);
  }
  return { count, firstId: count === 0 ? 0 : firstId, lastId, bytes: size };
}

async function idsOf(
  file: string,
  origin: string,
  onDamage: (damage: Damage) => void,
): Promise<readonly number[]> {
  const ids: number[] = [];
  const take = (id: number, line: number): void => {
    if (id < HIGHEST_ID) ids.push(id);
    else onDamage({ file, line, reason: `its id, ${id}, is higher than any of a run` });
  };
  if (/\.(gz|zst)$/.test(file)) {
    try {
      for await (const { id, number, bytes } of orderedLines(file, 0, onDamage)) {
        if (ids.length === 0 && isForeign(bytes, origin))
          return tellForeign(file, origin, onDamage);
        take(id, number);
      }
    } catch (error) {
      if (!isDecompressionError(error)) throw error;
      // How much of it can be read is chance: what a reader may not find must not count as done.
      onDamage({ file, line: 1, reason: `it cannot be decompressed: ${error.message}` });
      return [];
    }
    return ids;
  }
  const entries = await indexSegment(file, onDamage);
  const [first] = entries;
  const isText = file.endsWith('.txt');
  if (first !== undefined && !isText && isForeign(readPart(file, first), origin))
    return tellForeign(file, origin, onDamage);
  for (const { id, line } of entries) take(id, line);
  return ids;
}

function tellForeign(file: string, origin: string, onDamage: (damage: Damage) => void): [] {
  onDamage({ file, line: 1, reason: `the file is not of this run: its URLs are not of ${origin}` });
  return [];
}

function isForeign(line: Buffer, origin: string): boolean {
  try {
    const outcome = decodeLine(line);
    // One that was refused, perhaps because of its origin, was of this run all the same.
    if (outcome.kind === 'failure' && outcome.failure.attempts === 0) return false;
    const url = outcomeUrl(outcome);
    return URL.canParse(url) && new URL(url).origin !== origin;
  } catch {
    // Told when it is read.
    return false;
  }
}

function readPart(file: string, part: { offset: number; length: number }): Buffer {
  const fd = fs.openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(part.length);
    fs.readSync(fd, bytes, 0, part.length, part.offset);
    return bytes;
  } finally {
    fs.closeSync(fd);
  }
}

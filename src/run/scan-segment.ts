/** Looks through a segment of a run for the ids of its outcomes. */
import * as fs from 'node:fs';
import { isDecompressionError } from '../store/compress-segment.js';
import { orderedLines } from '../store/ordered-lines.js';
import { decodeLine } from '../store/outcome-line.js';
import { findOutcomes, readEntry, type IndexEntry } from '../store/segment-index.js';
import type { Damage } from '../store/segment-lines.js';
import { outcomeUrl } from '../request/request.js';
import { whereIs } from './run-files.js';
import type { SegmentInfo } from './run-info.js';

/** No run is that long; a number above it is damage, and would make the done-set fill the memory. */
const HIGHEST_ID = 2 ** 32;

/** What a scan finds. `file` is where it is now: a run may compress it meanwhile. */
export type ScannedSegment = Omit<SegmentInfo, 'isOpen'>;

/** Where an outcome was found. */
export type FoundOutcome = Pick<IndexEntry, 'id' | 'line'> & Partial<IndexEntry>;

/**
 * Tells the id of each outcome in a segment, and what is damaged in it.
 *
 * @param origin - of the run's API: a segment of another API's is damage as a whole.
 * @param onOutcome - is also told where it stands, in a plain segment.
 */
export async function scanSegment(
  file: string,
  origin: string,
  onOutcome: (found: FoundOutcome) => void,
  onDamage: (damage: Damage) => void,
): Promise<ScannedSegment> {
  try {
    return await scanHere(file, origin, onOutcome, onDamage);
  } catch (error) {
    const now = whereIs(file);
    if (now === file) throw error;
    return scanSegment(now, origin, onOutcome, onDamage);
  }
}

async function scanHere(
  file: string,
  origin: string,
  onOutcome: (found: FoundOutcome) => void,
  onDamage: (damage: Damage) => void,
): Promise<ScannedSegment> {
  const { size } = fs.statSync(file);
  let [count, firstId, lastId] = [0, Infinity, 0];
  const take = (found: FoundOutcome): void => {
    const { id, line } = found;
    if (id >= HIGHEST_ID) {
      onDamage({ file, line, reason: `its id, ${id}, is higher than any of a run` });
      return;
    }
    count += 1;
    firstId = Math.min(firstId, id);
    lastId = Math.max(lastId, id);
    onOutcome(found);
  };
  if (size > 0) await scan(file, origin, take, onDamage);
  return { file, count, firstId: count === 0 ? 0 : firstId, lastId, bytes: size };
}

async function scan(
  file: string,
  origin: string,
  take: (found: FoundOutcome) => void,
  onDamage: (damage: Damage) => void,
): Promise<void> {
  try {
    if (/\.(gz|zst)$/.test(file)) await scanCompressed(file, origin, take, onDamage);
    else await scanPlain(file, origin, take, onDamage);
  } catch (error) {
    if (!(error instanceof ForeignSegment)) throw error;
    onDamage({ file, line: 1, reason: error.message });
  }
}

async function scanCompressed(
  file: string,
  origin: string,
  take: (found: FoundOutcome) => void,
  onDamage: (damage: Damage) => void,
): Promise<void> {
  const found: FoundOutcome[] = [];
  try {
    for await (const { id, number, bytes } of orderedLines(file, 0, onDamage)) {
      if (found.length === 0) refuseForeign(bytes, origin);
      found.push({ id, line: number });
    }
  } catch (error) {
    if (!isDecompressionError(error)) throw error;
    // How much of it can be read is chance: what a reader may not find must not count as done.
    onDamage({ file, line: 1, reason: `it cannot be decompressed: ${error.message}` });
    return;
  }
  for (const one of found) take(one);
}

/** Holds nothing of what it finds: a file of failures may be of any length. */
async function scanPlain(
  file: string,
  origin: string,
  take: (found: FoundOutcome) => void,
  onDamage: (damage: Damage) => void,
): Promise<void> {
  let isFirst = !file.endsWith('.txt');
  const onOutcome = (entry: IndexEntry): void => {
    if (isFirst) refuseForeign(readEntry(file, entry), origin);
    isFirst = false;
    take(entry);
  };
  await findOutcomes(file, onOutcome, onDamage);
}

/** Ends the search in a segment that is not of this run. */
class ForeignSegment extends Error {}

function refuseForeign(line: Buffer, origin: string): void {
  if (!isForeign(line, origin)) return;
  throw new ForeignSegment(`the file is not of this run: its URLs are not of ${origin}`);
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

/** Which requests of a run have an outcome, as its directory tells: the done-set, or the files themselves. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Logger } from '../logger.js';
import { IdSet } from '../store/id-set.js';
import type { Damage } from '../store/segment-lines.js';
import { decodeDone } from './done-file.js';
import { DONE_FILE, findFailures, findSegments, stemOf, type FoundSegment } from './run-files.js';
import type { RunInfo, SegmentInfo } from './run-info.js';
import { scanSegment, type FoundOutcome } from './scan-segment.js';

/** What must be known to look. */
export interface RecordedParts {
  readonly directory: string;
  readonly temporaryFolder: string;
  readonly info: Pick<RunInfo, 'api' | 'createdAtMs' | 'segments' | 'totals'>;
  readonly logger: Logger;
  readonly onDamage: (damage: Damage) => void;
}

/** What is recorded of a run. */
export interface Recorded {
  readonly done: IdSet;
  /** Requests with a recorded failure and no response. */
  readonly failed: IdSet;
  readonly segments: readonly SegmentInfo[];
  /** No segment has this part number or a higher one. */
  readonly nextPart: number;
}

/** Finds out what is recorded. Looks through only what the done-set does not know for sure. */
export async function findRecorded(parts: RecordedParts): Promise<Recorded> {
  const { directory, temporaryFolder, info } = parts;
  const found = findSegments(directory, temporaryFolder, info.segments);
  const known = new Map(
    info.segments.map((one) => [stemOf(path.resolve(directory, one.file)), one]),
  );
  const done = readDoneSet(parts, known, found) ?? new IdSet();
  const isTrusted = done.size > 0;
  const segments: SegmentInfo[] = [];
  for (const one of found) {
    const listed = known.get(one.stem);
    const segment =
      isTrusted && listed !== undefined && !listed.isOpen
        ? asItIsNow(listed, directory, one.path)
        : await look(one, parts, done);
    if (segment.count > 0) segments.push(segment);
  }
  const failed = await findFailed(parts, done);
  return { done, failed, segments, nextPart: (found.at(-1)?.part ?? 0) + 1 };
}

/** It may have been compressed since it was listed. */
function asItIsNow(listed: SegmentInfo, directory: string, now: string): SegmentInfo {
  const file = nameOf(directory, now);
  return listed.file === file ? listed : { ...listed, file, bytes: fs.statSync(now).size };
}

/** As it stands in `run.json`. */
export function nameOf(directory: string, file: string): string {
  return path.dirname(file) === path.resolve(directory) ? path.basename(file) : file;
}

async function look(one: FoundSegment, parts: RecordedParts, done: IdSet): Promise<SegmentInfo> {
  const { directory, info, onDamage } = parts;
  const { origin } = new URL(info.api.baseUrl);
  const scanned = await scanSegment(one.path, origin, ({ id }) => void done.add(id), onDamage);
  return { ...scanned, file: nameOf(directory, scanned.file), isOpen: false };
}

async function findFailed(parts: RecordedParts, done: IdSet): Promise<IdSet> {
  const { directory, temporaryFolder, info, onDamage } = parts;
  const { origin } = new URL(info.api.baseUrl);
  const failed = new IdSet();
  const add = ({ id }: FoundOutcome): void => {
    if (!done.has(id)) failed.add(id);
  };
  for (const file of findFailures(directory, temporaryFolder)) {
    await scanSegment(file, origin, add, onDamage);
  }
  return failed;
}

/** The done-set; `undefined` where it is not there, or claims what the files do not hold. */
function readDoneSet(
  { directory, info, logger }: RecordedParts,
  known: ReadonlyMap<string, SegmentInfo>,
  found: readonly FoundSegment[],
): IdSet | undefined {
  if (info.totals.done === 0 && known.size === 0) return undefined;
  const lost = findLost(directory, known, found);
  if (lost !== undefined) {
    logger.warn(`${lost}. What was in it is asked again; all segments are looked through.`);
    return undefined;
  }
  const file = path.join(directory, DONE_FILE);
  try {
    const bits = decodeDone(fs.readFileSync(file), info);
    const done = new IdSet(bits);
    if (bits !== undefined && done.size >= info.totals.done) return done;
    logger.warn(`${file} does not fit run.json: all segments are looked through.`);
  } catch (error) {
    logger.warn(
      `${file} cannot be read (${(error as Error).message}): all segments are looked through.`,
    );
  }
  return undefined;
}

/** Says which segment has lost outcomes that the done-set still knows. */
function findLost(
  directory: string,
  known: ReadonlyMap<string, SegmentInfo>,
  found: readonly FoundSegment[],
): string | undefined {
  const byStem = new Map(found.map((one) => [one.stem, one.path]));
  for (const [stem, { file, bytes, isOpen }] of known) {
    const now = byStem.get(stem);
    if (now === undefined) return `The segment ${file} is gone`;
    if (nameOf(directory, now) !== file) continue;
    const size = fs.statSync(now, { throwIfNoEntry: false })?.size;
    // Compressed in this moment.
    if (size === undefined) continue;
    if (isOpen ? size < bytes : size !== bytes) {
      return `The segment ${file} was changed: it has ${size} bytes instead of ${bytes}`;
    }
  }
  return undefined;
}

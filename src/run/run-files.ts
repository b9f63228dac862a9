/** The files of a run's directory: their names, which there are, and what a crash left of them. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { indexSegment } from '../store/segment-index.js';
import type { Damage } from '../store/segment-lines.js';
import type { SegmentInfo } from './run-info.js';

export const RUN_FILE = 'run.json';
export const FAILURES_FILE = 'failures.jsonl';
export const DONE_FILE = 'done.bitmap';
export const REQUESTS_FILE = 'requests.log';

/** The template of a run's segments, without the ending of their compression. */
export const SEGMENT_TEMPLATE = 'responses_%s_%s.jsonl';
const SEGMENT_NAME = /^(.*responses_(\d+)_\d+\.jsonl)(\.txt)?(\.gz|\.zst)?$/;

/** A segment that was found. */
export interface FoundSegment {
  readonly path: string;
  readonly part: number;
  /** Its name without the ending of a compression: the same before and after. */
  readonly stem: string;
}

/** What names begin with that had to be written to the temporary folder; tells runs apart. */
export function temporaryPrefix(directory: string): string {
  const digest = createHash('sha256').update(path.resolve(directory)).digest('hex');
  return `apihydra_${digest.slice(0, 12)}_`;
}

/** All segments of a run, also those that had to be written to the temporary folder, by part. */
export function findSegments(directory: string, temporaryFolder: string): FoundSegment[] {
  const prefix = temporaryPrefix(directory);
  const proper = listFolder(directory).filter((name) => name.startsWith('responses_'));
  const elsewhere = listFolder(temporaryFolder).filter((name) =>
    name.startsWith(`${prefix}responses_`),
  );
  const found = [
    ...proper.map((name) => path.join(directory, name)),
    ...elsewhere.map((name) => path.join(temporaryFolder, name)),
  ].flatMap((file) => toSegment(file) ?? []);
  return found.toSorted((a, b) => a.part - b.part);
}

/** All files with failures of a run. */
export function findFailures(directory: string, temporaryFolder: string): string[] {
  const prefix = temporaryPrefix(directory);
  return [
    ...listFolder(directory)
      .filter(isFailures)
      .map((name) => path.join(directory, name)),
    ...listFolder(temporaryFolder)
      .filter((name) => name.startsWith(prefix) && isFailures(name.slice(prefix.length)))
      .map((name) => path.join(temporaryFolder, name)),
  ];
}

/**
 * Removes what a compression left that was broken off: an unfinished file, or the plain one beside
 * the finished.
 */
export function tidyCompressions(directory: string): void {
  const names = new Set(listFolder(directory));
  for (const name of names) {
    const isUnfinished = /\.(gz|zst)\.tmp$/.test(name);
    const isDouble = names.has(`${name}.gz`) || names.has(`${name}.zst`);
    if (SEGMENT_NAME.test(name.replace(/\.tmp$/, '')) && (isUnfinished || isDouble)) {
      fs.rmSync(path.join(directory, name), { force: true });
    }
  }
}

/** Ends a file of lines that a crash has left in the middle of one: cuts off what is not whole. */
export function mendLines(file: string): void {
  if (!file.endsWith('.jsonl')) return;
  const fd = fs.openSync(file, 'r+');
  try {
    const { size } = fs.fstatSync(fd);
    const end = lastLineEnd(fd, size);
    if (end < size) fs.ftruncateSync(fd, end);
  } finally {
    fs.closeSync(fd);
  }
}

/** Looks through a segment for the ids of its outcomes. */
export async function scanSegment(
  file: string,
  onId: (id: number) => void,
  onDamage: (damage: Damage) => void,
): Promise<Omit<SegmentInfo, 'file'>> {
  let count = 0;
  let firstId = Infinity;
  let lastId = -Infinity;
  for (const { id } of await indexSegment(file, onDamage)) {
    count += 1;
    firstId = Math.min(firstId, id);
    lastId = Math.max(lastId, id);
    onId(id);
  }
  return { count, firstId, lastId };
}

function isFailures(name: string): boolean {
  return /^failures\.jsonl(\.txt)?$/.test(name);
}

function listFolder(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function toSegment(file: string): FoundSegment | undefined {
  const match = SEGMENT_NAME.exec(path.basename(file));
  if (match === null) return undefined;
  const stem = path.join(path.dirname(file), `${match[1]}${match[3] ?? ''}`);
  return { path: file, part: Number(match[2]), stem };
}

const LINE_FEED = 0x0a;
const BLOCK_BYTES = 64 * 1024;

function lastLineEnd(fd: number, size: number): number {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK_BYTES);
    fs.readSync(fd, block, 0, end - start, start);
    const at = block.subarray(0, end - start).lastIndexOf(LINE_FEED);
    if (at !== -1) return start + at + 1;
    end = start;
  }
  return 0;
}

/** The files of a run's directory: their names, which there are, and what a crash left of them. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isOurs } from '../store/file-owner.js';
import { textsOf } from '../store/segment-texts.js';
import type { SegmentTemplate } from '../store/segment-template.js';

const FAILURES_FILE = 'failures.jsonl';
export const DONE_FILE = 'done.bitmap';
export const REQUESTS_FILE = 'requests.log';

const SEGMENT_NAME = /^(.*responses_(\d+)_\d+\.jsonl)(\.txt)?(\.gz|\.zst)?$/;

/** A segment that was found. */
export interface FoundSegment {
  readonly path: string;
  readonly part: number;
  /** Its path without the ending of a compression: the same before and after. */
  readonly stem: string;
}

/** How a run's responses are named, and compressed. */
export function responsesTemplate(
  directory: string,
  compression: SegmentTemplate['compression'],
): SegmentTemplate {
  return { folder: directory, format: 'jsonl', compression, fileName: nameOfPart };
}

function nameOfPart(part: number, unixSeconds: number): string {
  return `responses_${part}_${unixSeconds}.jsonl`;
}

/** All failures are in one file, which is appended to. */
export function failuresTemplate(directory: string): SegmentTemplate {
  return {
    folder: directory,
    format: 'jsonl',
    compression: undefined,
    isSingleFile: true,
    fileName: () => FAILURES_FILE,
  };
}

/** What names begin with that had to be written to the temporary folder; tells runs apart. */
export function temporaryPrefix(directory: string): string {
  const digest = createHash('sha256').update(path.resolve(directory)).digest('hex');
  return `apihydra_${digest.slice(0, 12)}_`;
}

/**
 * All segments of a run, also those that had to be written to the temporary folder, by part.
 *
 * @param listed - names from `run.json`: the temporary folder may be another one now.
 */
export function findSegments(
  directory: string,
  temporaryFolder: string,
  listed: readonly { readonly file: string }[] = [],
): FoundSegment[] {
  const prefix = `${temporaryPrefix(directory)}responses_`;
  const found = [
    ...listFiles(directory, (name) => name.startsWith('responses_')),
    ...listFiles(temporaryFolder, (name) => name.startsWith(prefix)).filter((file) => isOurs(file)),
    ...listed
      .filter(({ file }) => path.isAbsolute(file))
      .map(({ file }) => whereIs(file))
      .filter((file) => isOurs(file)),
  ];
  return [...new Set(found)]
    .flatMap((file) => toSegment(file) ?? [])
    .toSorted((a, b) => a.part - b.part);
}

/** All files with failures of a run, that of the directory first. */
export function findFailures(directory: string, temporaryFolder: string): string[] {
  const prefix = temporaryPrefix(directory);
  return [
    ...listFiles(directory, isFailures),
    ...listFiles(
      temporaryFolder,
      (name) => name.startsWith(prefix) && isFailures(name.slice(prefix.length)),
    ).filter((file) => isOurs(file)),
  ];
}

/** A path without the ending of its compression. */
export function stemOf(file: string): string {
  return file.replace(/\.(gz|zst)$/, '');
}

/** Where a segment is now that was at `file` before: it may have been compressed since. */
export function whereIs(file: string): string {
  const stem = stemOf(file);
  const places = [file, `${stem}.gz`, `${stem}.zst`, stem];
  return places.find((place) => fs.existsSync(place)) ?? file;
}

/**
 * Removes what a crash left: drafts, segments without a byte, and the plain segment beside the
 * compressed one.
 */
export function tidy(directory: string): void {
  const names = new Set(listFolder(directory));
  for (const name of names) {
    const isDraft = name.endsWith('.tmp') && isOfRun(name.replace(/(\.last)?\.tmp$/, ''));
    const isDouble = names.has(`${name}.gz`) || names.has(`${name}.zst`);
    const file = path.join(directory, name);
    const isRest = SEGMENT_NAME.test(name) && (isDouble || fs.statSync(file).size === 0);
    if (isDraft || isRest) fs.rmSync(file, { force: true });
  }
}

/** Ends a file that is appended to where a crash has left it in the middle of an outcome. */
export function mendEnd(file: string): void {
  const fd = fs.openSync(file, 'r+');
  try {
    const { size } = fs.fstatSync(fd);
    const end = file.endsWith('.txt') ? lastTextEnd(fs.readFileSync(file)) : lastLineEnd(fd, size);
    if (end < size) fs.ftruncateSync(fd, end);
    // The last text is whole, what parts it from the next is not there.
    if (end > size) fs.writeSync(fd, '\n', size);
  } finally {
    fs.closeSync(fd);
  }
}

function isOfRun(name: string): boolean {
  return SEGMENT_NAME.test(name) || name === 'run.json' || name === DONE_FILE;
}

function isFailures(name: string): boolean {
  return name === FAILURES_FILE || name === `${FAILURES_FILE}.txt`;
}

function listFiles(folder: string, isWanted: (name: string) => boolean): string[] {
  return listFolder(folder)
    .filter(isWanted)
    .map((name) => path.join(folder, name));
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
  return match === null ? undefined : { path: file, part: Number(match[2]), stem: stemOf(file) };
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

function lastTextEnd(bytes: Buffer): number {
  let end = 0;
  for (const { offset, length } of textsOf(bytes)) end = offset + length + 1;
  return end;
}

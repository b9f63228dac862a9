/** The end of a segment: what closes its array, and how it gets there. */
import * as fs from 'node:fs';
import type { SegmentFormat } from './segment-template.js';

const ARRAY_END = '\n]\n';
/** The comma and line feed after the last line, which the end of the array takes the place of. */
const SEPARATOR_BYTES = 2;

/** What is written when a segment ends. */
export interface SegmentEnd {
  readonly format: SegmentFormat;
  /** Where the bytes that count as written end. */
  readonly position: number;
  /** Whether it is to be safe from power loss. */
  readonly isDurable: boolean;
}

/**
 * Ends the array, and the file behind what counts as written.
 *
 * @throws the file system's error.
 */
export function writeEnd(fd: number, { format, position, isDurable }: SegmentEnd): void {
  if (format === 'json') {
    const start = position - SEPARATOR_BYTES;
    writeAllSync(fd, Buffer.from(ARRAY_END), start);
    fs.ftruncateSync(fd, start + ARRAY_END.length);
  } else {
    fs.ftruncateSync(fd, position);
  }
  if (isDurable) fs.fsyncSync(fd);
}

/**
 * Puts an ended copy in the file's place: what is still written to the old one, even while the
 * process exits, changes nothing any more.
 *
 * @throws the file system's error; the file is then as it was.
 */
export function endInCopy(path: string, end: SegmentEnd): void {
  const copy = `${path}.tmp`;
  try {
    fs.copyFileSync(path, copy);
    const fd = fs.openSync(copy, 'r+');
    try {
      writeEnd(fd, end);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(copy, path);
  } catch (error) {
    fs.rmSync(copy, { force: true });
    throw error;
  }
}

/** Writes all bytes at once, however many turns that takes. */
export function writeAllSync(fd: number, bytes: Uint8Array, position: number): void {
  for (let offset = 0; offset < bytes.byteLength;) {
    offset += fs.writeSync(fd, bytes, offset, bytes.byteLength - offset, position + offset);
  }
}

/** Cuts bytes into blocks of whole lines, and makes sure that they are text. */
import { isUtf8 } from 'node:buffer';
import { inputError } from './input-error.js';

/** Some whole lines. */
export interface LineBlock {
  /** Number of its first line, from 1. */
  readonly firstLine: number;
  /** The lines with their ends, as UTF-8; only the last line of the input may lack it. */
  readonly bytes: Buffer;
}

/** Longer lines are no requests; and a file without line ends must not fill the memory. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * The blocks of a UTF-8 text, each about as large as the chunks, or as its longest line.
 *
 * @throws HydraError `HYDRA_INPUT_FILE`, naming the line, for bytes that are not UTF-8, for NUL, and
 * for a line of more than 16 MiB.
 */
export async function* lineBlocks(
  name: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<LineBlock> {
  let firstLine = 1;
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    const firstEnd = end === 0 ? chunk.length : chunk.indexOf(LINE_FEED);
    if (restBytes + firstEnd > MAX_LINE_BYTES) throw tooLong(name, firstLine);
    if (end > 0) {
      const bytes = Buffer.concat([...rest, chunk.subarray(0, end)]);
      yield checkedBlock(name, firstLine, bytes);
      firstLine += countLineEnds(bytes);
      [rest, restBytes] = [[], 0];
    }
    if (end < chunk.length) {
      rest.push(chunk.subarray(end));
      restBytes += chunk.length - end;
    }
  }
  if (restBytes > 0) yield checkedBlock(name, firstLine, Buffer.concat(rest));
}

function checkedBlock(name: string, firstLine: number, bytes: Buffer): LineBlock {
  if (bytes.includes(0) || !isUtf8(bytes)) throw notText(name, firstLine, bytes);
  return { firstLine, bytes };
}

function notText(name: string, firstLine: number, bytes: Buffer): Error {
  let line = firstLine;
  for (let start = 0; start < bytes.length; line++) {
    const at = bytes.indexOf(LINE_FEED, start);
    const end = at === -1 ? bytes.length : at;
    const text = bytes.subarray(start, end);
    if (text.includes(0)) {
      return inputError(
        name,
        line,
        'Expected text, got a NUL byte: it is a binary file, or UTF-16 without a byte order mark ' +
          '(iconv -f UTF-16LE -t UTF-8 makes UTF-8 of that).',
      );
    }
    if (!isUtf8(text)) break;
    start = end + 1;
  }
  return inputError(
    name,
    line,
    'Expected UTF-8, got other bytes: it may be Latin-1 (iconv -f ISO-8859-1 -t UTF-8 makes UTF-8 of that).',
  );
}

function tooLong(name: string, line: number): Error {
  return inputError(name, line, 'Expected lines of at most 16 MiB, got a longer one.');
}

/** How many line feeds there are. */
export function countLineEnds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
    count += 1;
  }
  return count;
}

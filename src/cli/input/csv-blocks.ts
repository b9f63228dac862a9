/** Cuts CSV into blocks of whole records: a quoted cell may go over several lines. */
import { inputError } from './input-error.js';
import { countLineEnds, type LineBlock } from './line-blocks.js';

/** A longer row is no row: a quote that is not closed would take the rest of the file for one. */
const MAX_ROW_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/**
 * The same text in blocks that end where a record ends, but for the last one, which may be cut short.
 *
 * @throws HydraError `HYDRA_INPUT_FILE` for a record of more than 1 MiB.
 */
export async function* csvBlocks(
  name: string,
  blocks: AsyncIterable<LineBlock>,
): AsyncGenerator<LineBlock> {
  let rest: LineBlock = { firstLine: 1, bytes: Buffer.alloc(0) };
  for await (const block of blocks) {
    const firstLine = rest.bytes.length === 0 ? block.firstLine : rest.firstLine;
    const bytes = rest.bytes.length === 0 ? block.bytes : Buffer.concat([rest.bytes, block.bytes]);
    const end = endOfRecords(bytes);
    const whole = bytes.subarray(0, end);
    if (end > 0) yield { firstLine, bytes: whole };
    rest = { firstLine: firstLine + countLineEnds(whole), bytes: bytes.subarray(end) };
    if (rest.bytes.length > MAX_ROW_BYTES) {
      const what = 'Expected rows of at most 1 MiB, got a longer one: is a quote not closed?';
      throw inputError(name, rest.firstLine, what);
    }
  }
  if (rest.bytes.length > 0) yield rest;
}

/** Where the last record ends. A quote in a cell is written as two, so that pairs cancel out. */
function endOfRecords(bytes: Buffer): number {
  let end = 0;
  let from = 0;
  for (let isQuoted = false; ; isQuoted = !isQuoted) {
    const quote = bytes.indexOf(QUOTE, from);
    if (!isQuoted) {
      const until = quote === -1 ? bytes.length : quote;
      const lineEnd = bytes.subarray(from, until).lastIndexOf(LINE_FEED);
      if (lineEnd !== -1) end = from + lineEnd + 1;
    }
    if (quote === -1) return end;
    from = quote + 1;
  }
}

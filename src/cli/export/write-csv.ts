/** CSV as in RFC 4180. A missing value is an empty cell, an empty text is `""`. */
import { pipeline } from 'node:stream/promises';
import { cellToText } from './cell.js';
import type { Output } from './output.js';
import type { Row } from './rows.js';
import type { Column } from './select.js';
import { TextBatch } from './text-batch.js';

/** Writes rows below the names of their columns. */
export async function writeCsv(
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
  output: Output,
): Promise<void> {
  if (columns.length === 0) return;
  const { stringify } = await import('csv-stringify');
  const batch = new TextBatch(output);
  await pipeline(
    recordsOf(columns, rows),
    stringify({ record_delimiter: '\r\n', quoted_match: /^$/ }),
    async (chunks: AsyncIterable<Buffer | string>) => {
      for await (const chunk of chunks) await batch.add(chunk.toString());
    },
  );
  await batch.flush();
}

async function* recordsOf(
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
): AsyncGenerator<(string | null)[], void, undefined> {
  yield columns.map(({ name }) => name);
  // An empty line is no row to many readers.
  const missing = columns.length === 1 ? '' : null;
  for await (const row of rows) yield row.map((cell) => cellToText(cell) ?? missing);
}

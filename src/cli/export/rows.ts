/** Rows of a table, made of what they tell of. */
import { cellToJson, toCell, type Cell } from './cell.js';
import type { Column } from './select.js';
import { readValue, type Subject } from './subject.js';
import type { Tally } from './tally.js';

/** The cells of one row, in the order of the columns. */
export type Row = readonly Cell[];

/** A row for each subject. `filled` is told which columns have a value anywhere. */
export async function* rowsOf(
  subjects: AsyncIterable<Subject>,
  columns: readonly Column[],
  tally: Tally,
  filled: Set<Column>,
): AsyncGenerator<Row, void, undefined> {
  for await (const subject of subjects) {
    const row = columns.map((column) => {
      const cell = toCell(readValue(column.source, subject));
      if (cell !== null) filled.add(column);
      return cell;
    });
    tally.rows += 1;
    yield row;
  }
}

/** Rows as JSON objects. */
export async function* objectsOf(
  rows: AsyncIterable<Row>,
  columns: readonly Column[],
): AsyncGenerator<string, void, undefined> {
  const names = columns.map(({ name }) => JSON.stringify(name));
  for await (const row of rows) {
    yield `{${row.map((cell, at) => `${names[at]}:${cellToJson(cell)}`).join(',')}}`;
  }
}

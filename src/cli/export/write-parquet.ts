/** Parquet: columns with types, compressed, one group of rows in memory at a time. */
import { HydraError, describeValue } from '../../errors.js';
import { version } from '../../version.js';
import { cellToJson, JsonText, type Cell } from './cell.js';
import { takesValue } from './column-type.js';
import type { Output } from './output.js';
import type { Row } from './rows.js';
import type { TypedColumn } from './scan-columns.js';

/** Where a group of rows ends. */
export interface GroupLimits {
  readonly rows: number;
  readonly bytes: number;
}

const USUAL_LIMITS: GroupLimits = { rows: 100_000, bytes: 16 * 1024 * 1024 };
/** What a cell takes besides its text. */
const CELL_BYTES = 16;

/**
 * Writes rows to a Parquet file.
 *
 * @throws HydraError `HYDRA_EXPORT` when a value does not fit its column's type.
 */
export async function writeParquet(
  columns: readonly TypedColumn[],
  rows: AsyncIterable<Row>,
  output: Output,
  limits: GroupLimits = USUAL_LIMITS,
): Promise<void> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnData(columns, []) }),
    createdBy: `apihydra ${version}`,
  });
  const flush = async (): Promise<void> => {
    await output.write(bytes.getBytes());
    bytes.index = 0;
  };
  for await (const group of groupsOf(rows, limits)) {
    await file.write({ columnData: columnData(columns, group), rowGroupSize: group.length });
    await flush();
  }
  await file.finish();
  await flush();
}

/** Rows in groups that fit in memory. */
async function* groupsOf(
  rows: AsyncIterable<Row>,
  limits: GroupLimits,
): AsyncGenerator<readonly Row[], void, undefined> {
  let group: Row[] = [];
  let size = 0;
  for await (const row of rows) {
    group.push(row);
    for (const cell of row) size += sizeOf(cell);
    if (group.length < limits.rows && size < limits.bytes) continue;
    yield group;
    group = [];
    size = 0;
  }
  if (group.length > 0) yield group;
}

function sizeOf(cell: Cell): number {
  if (cell instanceof JsonText) return CELL_BYTES + cell.text.length;
  return typeof cell === 'string' ? CELL_BYTES + cell.length : CELL_BYTES;
}

interface ColumnData {
  name: string;
  type: 'BOOLEAN' | 'INT64' | 'DOUBLE' | 'TIMESTAMP' | 'STRING';
  data: unknown[];
}

function columnData(columns: readonly TypedColumn[], group: readonly Row[]): ColumnData[] {
  return columns.map((column, at) => ({
    name: column.name,
    type: column.type === 'JSON' ? 'STRING' : column.type,
    data: group.map((row) => toStored(row[at] ?? null, column)),
  }));
}

function toStored(cell: Cell, { name, type }: TypedColumn): unknown {
  if (cell === null) return null;
  if (!takesValue(type, cell)) {
    throw new HydraError(
      'HYDRA_EXPORT',
      `Expected column ${JSON.stringify(name)} to hold ${type}, as when it was first read, got ${describeValue(cell)}: the run has changed meanwhile. Export it again.`,
      { name },
    );
  }
  if (type === 'JSON') return cellToJson(cell);
  return type === 'INT64' ? BigInt(cell as number | bigint) : cell;
}

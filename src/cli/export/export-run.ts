/** An export from beginning to end: reads a run once, or twice where columns or types must be known first. */
import type { Writable } from 'node:stream';
import { HydraError } from '../../errors.js';
import type { RunReader } from '../../run/read-run.js';
import { bodiesOf } from './bodies.js';
import type { ExportPlan } from './export-plan.js';
import { describeExport } from './export-words.js';
import { FileOutput } from './file-output.js';
import type { Output } from './output.js';
import { objectsOf, rowsOf } from './rows.js';
import { scanColumns, type TypedColumn } from './scan-columns.js';
import type { Column, SelectItem } from './select.js';
import { ReaderGone, StreamOutput } from './stream-output.js';
import { needsValue, subjectsOfFailures, subjectsOfResponses, type Subject } from './subject.js';
import { newTally, type Exported, type Tally } from './tally.js';
import { writeCsv } from './write-csv.js';
import { writeJson, writeJsonLines } from './write-json.js';
import { writeParquet } from './write-parquet.js';

/** Where data and words go. */
export interface ExportStreams {
  readonly data: Writable;
  /** Takes a line for people. */
  readonly say: (line: string) => void;
}

/**
 * Exports a run.
 *
 * @throws HydraError `HYDRA_EXPORT` when it cannot be written; then nothing is left of the file.
 */
export async function exportRun(
  reader: RunReader,
  plan: ExportPlan,
  streams: ExportStreams,
): Promise<void> {
  const output =
    plan.file === undefined
      ? new StreamOutput(streams.data)
      : await FileOutput.create(plan.file, plan.mayReplace);
  try {
    const exported = await writeAll(reader, plan, output);
    await (exported.isWritten ? output.finish() : output.discard());
    for (const line of describeExport(plan, exported)) streams.say(line);
  } catch (error) {
    await output.discard();
    if (!(error instanceof ReaderGone)) throw error;
  }
}

async function writeAll(reader: RunReader, plan: ExportPlan, output: Output): Promise<Exported> {
  const tally = newTally();
  if (plan.items === undefined) {
    const bodies = bodiesOf(reader.responses(), plan.each, tally);
    await (plan.format === 'json' ? writeJson(bodies, output) : writeJsonLines(bodies, output));
    return { tally, emptyColumns: [], outcomesBefore: undefined, isWritten: true };
  }
  return writeTable(reader, plan, plan.items, output);
}

async function writeTable(
  reader: RunReader,
  plan: ExportPlan,
  items: readonly SelectItem[],
  output: Output,
): Promise<Exported> {
  const columns = items.filter((item) => item !== 'fields');
  const isKnown = plan.format !== 'parquet' && columns.length === items.length;
  const scanned = isKnown ? undefined : await scan(reader, plan, items);
  const tally = newTally();
  const filled = new Set<Column>();
  const final: readonly Column[] = scanned?.columns ?? columns;
  const rows = rowsOf(subjectsOf(reader, plan, items, tally), final, tally, filled);
  switch (plan.format) {
    case 'json':
      await writeJson(objectsOf(rows, final), output);
      break;
    case 'jsonl':
      await writeJsonLines(objectsOf(rows, final), output);
      break;
    case 'csv':
      await writeCsv(final, rows, output);
      break;
    case 'parquet':
      await writeParquet(scanned?.columns ?? [], rows, output);
  }
  const emptyColumns = final.filter((column) => !filled.has(column));
  // Readers refuse a Parquet file without columns.
  const isWritten = plan.format !== 'parquet' || final.length > 0;
  return { tally, emptyColumns, outcomesBefore: scanned?.outcomes, isWritten };
}

async function scan(
  reader: RunReader,
  plan: ExportPlan,
  items: readonly SelectItem[],
): Promise<{ readonly columns: readonly TypedColumn[]; readonly outcomes: number }> {
  const tally = newTally();
  const columns = await scanColumns(subjectsOf(reader, plan, items, tally), items);
  if (columns.length > 0 || tally.outcomes === 0) return { columns, outcomes: tally.outcomes };
  throw new HydraError(
    'HYDRA_EXPORT',
    `Expected at least one body to be an object with fields, got none in ${tally.outcomes}: choose columns with --select, or make a row of each element of a list with --each.`,
  );
}

function subjectsOf(
  reader: RunReader,
  plan: ExportPlan,
  items: readonly SelectItem[],
  tally: Tally,
): AsyncGenerator<Subject, void, undefined> {
  if (plan.isOfFailures) return subjectsOfFailures(reader.failures(), tally);
  const options = {
    each: plan.each,
    wantsFields: items.includes('fields'),
    needsValue: needsValue(items),
  };
  return subjectsOfResponses(reader.responses(), options, tally);
}

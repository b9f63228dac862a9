/** What is said at the end of an export. */
import type { ExportPlan } from './export-plan.js';
import type { Exported } from './tally.js';

/** The lines to be said: what was written, then what the reader should know of it. */
export function describeExport(plan: ExportPlan, exported: Exported): string[] {
  const { tally } = exported;
  const what = plan.isOfFailures ? 'failure' : 'answer';
  if (tally.outcomes === 0) {
    const nothing = `There is nothing to export: the run has no ${what}s.`;
    if (exported.isWritten) return [nothing];
    return [nothing, 'No file was written: Parquet has none without columns.'];
  }
  const where = plan.file === undefined ? '' : ` to ${plan.file}`;
  const skipped = tally.withoutList === 0 ? '' : `, ${tally.withoutList} skipped`;
  const summary = `Wrote ${count(tally.rows, 'row')} of ${count(tally.outcomes, what)}${where}${skipped}.`;
  return [summary, ...bodyNotes(exported), ...columnNotes(exported)];
}

function bodyNotes({ tally }: Exported): string[] {
  const notes: readonly (readonly [number, string])[] = [
    [tally.withoutList, 'without a list where --each says, and skipped'],
    [tally.notJson, 'no JSON: paths find nothing there'],
    [tally.lists, 'a list, which has no fields: --each . makes a row of each element'],
    [tally.binary, 'neither JSON nor text: written as base64'],
  ];
  return notes
    .filter(([bodies]) => bodies > 0)
    .map(
      ([bodies, note]) => `Note: ${bodies === 1 ? '1 body is' : `${bodies} bodies are`} ${note}.`,
    );
}

function columnNotes({ tally, emptyColumns, outcomesBefore }: Exported): string[] {
  const notes: string[] = [];
  if (tally.rows > 0 && emptyColumns.length > 0) {
    const names = emptyColumns.map(({ name }) => JSON.stringify(name)).join(', ');
    notes.push(`Note: no row has a value for ${names}.`);
  }
  if (outcomesBefore !== undefined && outcomesBefore !== tally.outcomes) {
    notes.push(
      `Note: the run went on meanwhile, from ${outcomesBefore} to ${tally.outcomes}: fields that came new are left out.`,
    );
  }
  return notes;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

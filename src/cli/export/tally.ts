/** What an export has come across, for the words at its end. */
import type { Column } from './select.js';

/** Counts of an export. */
export interface Tally {
  /** Responses or failures that were read. */
  outcomes: number;
  rows: number;
  /** Bodies that paths were to lead into, and that are no JSON. */
  notJson: number;
  /** Bodies that are neither JSON nor text. */
  binary: number;
  /** Bodies without a list where `--each` says: they make no row. */
  withoutList: number;
  /** Bodies that are lists, where fields were looked for. */
  lists: number;
}

/** Nothing yet. */
export function newTally(): Tally {
  return { outcomes: 0, rows: 0, notJson: 0, binary: 0, withoutList: 0, lists: 0 };
}

/** What came of an export. */
export interface Exported {
  readonly tally: Tally;
  /** Columns that have a value in no row. */
  readonly emptyColumns: readonly Column[];
  /** Outcomes at the first of two readings. */
  readonly outcomesBefore: number | undefined;
  /** False where there is nothing that the format has a form for. */
  readonly isWritten: boolean;
}

/** Reads the rows of CSV, and knows their lines when it is asked. */
import { CsvError, parse, type Info } from 'csv-parse/sync';
import { inputError } from './input-error.js';
import type { LineBlock } from './line-blocks.js';

/** Some rows; the first ones begin with the header. */
export interface CsvRows {
  readonly rows: readonly (readonly string[])[];
  /** The line where a row ends, from 1. It is found by reading them again: for errors only. */
  readonly lineOf: (index: number) => number;
}

const OPTIONS = {
  record_delimiter: ['\n'],
  trim: true,
  skip_empty_lines: true,
  relax_column_count: true,
};

/**
 * The rows of CSV as RFC 4180 has it, with white space around cells taken off. Blank lines are skipped.
 *
 * @param blocks - of whole records.
 * @throws HydraError `HYDRA_INPUT_FILE`, naming the line, after the rows before it.
 */
export async function* readCsvRows(
  name: string,
  blocks: AsyncIterable<LineBlock>,
): AsyncGenerator<CsvRows> {
  for await (const block of blocks) {
    const rows = parseBlock(block);
    if (rows !== undefined) {
      yield { rows, lineOf: (index) => locateRows(block).lines[index] ?? block.firstLine };
      continue;
    }
    const located = locateRows(block);
    yield { rows: located.rows, lineOf: (index) => located.lines[index] ?? block.firstLine };
    throw toInputError(name, block.firstLine, located.fault);
  }
}

/** The rows of a block; `undefined` when one of them is broken. */
function parseBlock(block: LineBlock): string[][] | undefined {
  try {
    return parse(toText(block), OPTIONS);
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** The same with their lines, as far as they are not broken: in twice the time. */
function locateRows(block: LineBlock): { rows: string[][]; lines: number[]; fault: unknown } {
  const rows: string[][] = [];
  const lines: number[] = [];
  const onRecord = (cells: string[], info: Info): null => {
    rows.push(cells);
    lines.push(block.firstLine + info.lines - 1);
    return null;
  };
  try {
    parse(toText(block), { ...OPTIONS, on_record: onRecord });
    return { rows, lines, fault: undefined };
  } catch (fault) {
    return { rows, lines, fault };
  }
}

/** With LF alone: of CRLF the parser would count two lines each. */
function toText({ bytes }: LineBlock): Buffer | string {
  return bytes.includes('\r\n') ? bytes.toString('utf8').replaceAll('\r\n', '\n') : bytes;
}

const FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'Expected each quote to be closed, got the end of the file before.',
  CSV_INVALID_CLOSING_QUOTE:
    'Expected a comma after the closing quote. A quote within a quoted cell is written as two.',
  INVALID_OPENING_QUOTE:
    'Expected a quote only at the beginning of a cell. A cell with quotes in it is quoted as a whole.',
};

function toInputError(name: string, firstLine: number, fault: unknown): unknown {
  if (!(fault instanceof CsvError)) return fault;
  const line = firstLine + Number(fault['lines']) - 1;
  return inputError(name, line, FAULTS[fault.code] ?? `Expected CSV, got: ${fault.message}.`);
}

/** `apihydra export`: the answers of a run as a file for other programs. */
import { Command, Option } from 'commander';
import type { RunReader } from '../../run/read-run.js';
import { exportFormats, planExport, type ExportOptions } from '../export/export-plan.js';
import { exportRun } from '../export/export-run.js';

const HELP = `
Formats:
  json      the bodies as they came, as one array
  jsonl     the bodies as they came, one a line
  csv       a column for each field of the bodies, RFC 4180
  parquet   the same, with types: INT64, DOUBLE, BOOLEAN, TIMESTAMP, STRING; where
            values of one column differ in type, or are nested, the text of their JSON
  The run is read twice for parquet, and for the fields of csv: columns and types are
  those of all answers, not of the first few.

Columns (--select), separated by commas, each with "name=" before it if it is to be
called otherwise:
  login, campus[0].name, ["a.b"]   a path into the body; nothing where it leads nowhere
  @id, @url, @method, @status, @key, @attempts, @app, @at, @ms
                                   what is known of the answer; with --failures also
                                   @code and @message, and neither @ms nor a path
  *                                all fields of the bodies, in the order they first come
  .                                the whole body: JSON as it came, text, else base64
  json and jsonl then hold objects. Nested values are JSON, in a cell of csv its text.
  Whole numbers keep all their digits.

Lists (--each): with "." for a body that is a list, or a path to the list in it, each of
its elements makes a row, and paths begin there.

Examples:
  $ apihydra export users-run --format jsonl | head -n 3
  $ apihydra export users-run --out users.csv --select 'login,campus=campus[0].name,asked=@url'
  $ apihydra export pages-run --out users.parquet --each .
  $ apihydra export users-run --format csv --failures`;

/** The command. `readRun` opens a run's directory. */
export function exportCommand(readRun: (directory: string) => Promise<RunReader>): Command {
  return new Command('export')
    .description(
      'Writes the answers of a run as JSON, CSV or Parquet, in the order of the requests.',
    )
    .argument('<dir>', 'directory of the run')
    .addOption(
      new Option('--format <format>', 'format; default: the ending of --out').choices(
        exportFormats,
      ),
    )
    .option('--out <file>', 'where to write, readable by you alone; default: standard output')
    .option('--force', 'replace the file if it exists')
    .option('--select <columns>', 'columns, see below')
    .option('--each <path>', 'a row for each element of the list there, see below')
    .option('--failures', 'the failed requests in place of the answers')
    .addHelpText('after', HELP)
    .action(async (directory: string, options: ExportOptions) => {
      const plan = planExport(options);
      await exportRun(await readRun(directory), plan, { data: process.stdout, say });
    });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

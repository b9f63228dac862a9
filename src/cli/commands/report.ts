/** `apihydra report`: one page that shows how a run went. */
import * as path from 'node:path';
import { Command, Option } from 'commander';
import type { RunReader } from '../../run/read-run.js';
import { collectReport } from '../report/collect-report.js';
import { renderReport } from '../report/render-report.js';
import { writeReport } from '../report/write-report.js';

interface ReportFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * The command.
 *
 * @param readRun - opens the run in a directory.
 */
export function reportCommand(readRun: (directory: string) => Promise<RunReader>): Command {
  return new Command('report')
    .description('Writes a page that shows how a run went: rate, latency, statuses, apps, retries.')
    .argument('<directory>', "the run's directory")
    .option('--out <file>', 'where to write it (default: report.html in the directory)')
    .addOption(
      new Option('--json', 'print the figures as JSON, and write no page').conflicts('out'),
    )
    .addHelpText('after', '\nExample:\n  $ apihydra report ./users')
    .action(async (directory: string, flags: ReportFlags) =>
      run(await readRun(directory), directory, flags),
    );
}

async function run(reader: RunReader, directory: string, flags: ReportFlags): Promise<void> {
  const data = await collectReport(reader);
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(data)}\n`);
    return;
  }
  const file = path.resolve(flags.out ?? path.join(directory, 'report.html'));
  await writeReport(file, renderReport(data));
  process.stdout.write(`${file}\n`);
}

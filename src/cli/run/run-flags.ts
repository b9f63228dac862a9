/** The options of the commands that carry a run out. */
import { Option, type Command } from 'commander';
import { wholeNumber } from '../whole-number.js';

/** What {@link runOptions} make of the command line. */
export interface RunFlags {
  readonly compress?: 'gzip' | 'zstd';
  readonly durability?: 'os' | 'fsync';
  readonly responsesPerFile?: number;
  readonly json?: boolean;
}

/** Adds the options to `command`. */
export function runOptions(command: Command): Command {
  return recordingOptions(command).option('--json', 'print how it ended as JSON');
}

/** Adds those of how outcomes are recorded. */
export function recordingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--compress <how>', 'compress segments once they are full').choices([
        'gzip',
        'zstd',
      ]),
    )
    .addOption(
      new Option(
        '--durability <what>',
        'fsync: what is recorded survives a power failure, too (default: os)',
      ).choices(['os', 'fsync']),
    )
    .option(
      '--responses-per-file <n>',
      'responses in one segment (default: 10000)',
      wholeNumber(1, 10_000_000),
    );
}

/** `apihydra retry`: asks again for what has failed for good, and goes on with what is left. */
import { Command } from 'commander';
import { HydraError } from '../../errors.js';
import { noRun, readRunInfo } from '../../run/run-info.js';
import { connectionOptions, type ConnectionFlags } from '../connection/connection-options.js';
import { carryOut, type RunTask } from '../run/carry-out.js';
import { inputOf } from '../run/input-origin.js';
import { runOptions, type RunFlags } from '../run/run-flags.js';

/** The command. */
export function retryCommand(): Command {
  const command = new Command('retry')
    .description('Asks again for what has failed for good in a run, and goes on with what is left.')
    .argument('<directory>', "the run's directory")
    .argument(
      '[file]',
      'the requests, where the file that the run was begun with has moved; - is stdin',
    );
  runOptions(command);
  connectionOptions(command);
  return command.addHelpText('after', '\nExample:\n  $ apihydra retry ./users').action(retry);
}

async function retry(
  directory: string,
  file: string | undefined,
  flags: ConnectionFlags & RunFlags,
): Promise<void> {
  await carryOut({ directory, ...inputFor(directory, file), retryFailures: true }, flags);
}

function inputFor(directory: string, file: string | undefined): Pick<RunTask, 'file' | 'input'> {
  const info = readRunInfo(directory);
  if (info === undefined) throw noRun(directory);
  const { origin } = info.source;
  const template = origin?.['template'];
  if (file !== undefined) {
    // What fills a template is the file's part that may have moved.
    return template === undefined
      ? { file, input: {} }
      : { file: undefined, input: { template, values: file } };
  }
  const pages = origin?.['pages'];
  if (pages !== undefined) {
    throw new HydraError(
      'HYDRA_INPUT_FILE',
      `The run in ${directory} is of the pages of ${pages}: start it again as it was begun (\`apihydra get ${pages} --all --out ${directory}\` and its options), and what has failed is asked again.`,
      { file: directory },
    );
  }
  const known = inputOf(origin);
  if (known !== undefined) return known;
  throw new HydraError(
    'HYDRA_INPUT_FILE',
    `Expected the requests that the run in ${directory} was begun with, since they came from stdin or are not known: \`apihydra retry ${directory} <file>\`.`,
    { file: directory },
  );
}

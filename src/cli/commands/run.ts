/** `apihydra run`: works off a file of requests, and goes on where it was broken off. */
import { Command } from 'commander';
import { connectionOptions, type ConnectionFlags } from '../connection/connection-options.js';
import { INPUT_HELP, inputOptions, type InputFlags } from '../input/input-options.js';
import { carryOut } from '../run/carry-out.js';
import { runOptions, type RunFlags } from '../run/run-flags.js';

type Flags = ConnectionFlags & InputFlags & RunFlags & { readonly out: string };

const EXAMPLES = `
Where there is a run in the directory already, it goes on with it: start the same command again after
Ctrl+C, a crash or a restart.

Examples:
  $ apihydra run paths.txt --out ./users
  $ apihydra run --template '/users/{login}' --values logins.csv --out ./users
  $ grep berlin paths.txt | apihydra run - --out ./berlin`;

/** The command. */
export function runCommand(): Command {
  const command = new Command('run').description(
    'Asks for everything in a file, and records each answer in a directory.',
  );
  inputOptions(command);
  command.requiredOption('--out <directory>', 'where the run is kept; made when it is not there');
  runOptions(command);
  connectionOptions(command);
  return command.addHelpText('after', `${INPUT_HELP}\n${EXAMPLES}`).action(run);
}

async function run(file: string | undefined, flags: Flags): Promise<void> {
  const { template, values } = flags;
  const input = {
    ...(template === undefined ? {} : { template }),
    ...(values === undefined ? {} : { values }),
  };
  await carryOut({ directory: flags.out, file, input, retryFailures: false }, flags);
}

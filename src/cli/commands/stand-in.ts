import { Command } from 'commander';
import { wholeNumber } from '../whole-number.js';

interface StandInFlags {
  readonly users: number;
  readonly port: number;
  readonly seed: number;
  readonly login: string;
  readonly password: string;
}

/** `apihydra stand-in`: a 42 Intra of one's own, until Ctrl+C. */
export function standInCommand(): Command {
  return new Command('stand-in')
    .description('Runs a stand-in for the 42 Intra on 127.0.0.1, to try programs on.')
    .option('--users <n>', 'users that it knows', wholeNumber(1, 10_000_000), 1000)
    .option(
      '--port <n>',
      'port of the API; profile and sign-in take the next two',
      wholeNumber(0, 65_533),
      0,
    )
    .option(
      '--seed <n>',
      'makes its data and its faults repeatable',
      wholeNumber(0, 2 ** 32 - 1),
      42,
    )
    .option('--login <name>', 'login of its only account', 'student')
    .option('--password <text>', 'password of that account; it protects nothing', 'correct horse')
    .addHelpText('after', '\nExample:\n  $ apihydra stand-in --users 5000 --port 4242')
    .action(run);
}

async function run(flags: StandInFlags): Promise<void> {
  const { startIntra42 } = await import('../../testing/index.js');
  const intra = await startIntra42(flags);
  const facts = {
    apiBase: intra.apiBase,
    profileBase: intra.profileBase,
    intraLogin: intra.login,
    intraPassword: intra.password,
  };
  process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  process.stderr.write('Running until Ctrl+C. Hand the four values above to new FtApiHydra().\n');
  const stop = (): void => void intra.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

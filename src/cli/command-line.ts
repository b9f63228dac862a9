/** The command line, as it is called. Data goes to stdout or files, words to stderr. */
import { Command } from 'commander';
import type { RunReader } from '../run/read-run.js';
import { version } from '../version.js';
import { exitCodesHelp } from './exit-codes.js';
import { strictUsage } from './strict-usage.js';

/** In the order of the help. Only what is asked for is loaded: all of it takes longer than most commands. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  init: async () => (await import('./commands/init.js')).initCommand(),
  check: async () => (await import('./commands/check.js')).checkCommand(),
  plan: async () => (await import('./commands/plan.js')).planCommand(),
  get: async () => (await import('./commands/get.js')).getCommand(),
  run: async () => (await import('./commands/run.js')).runCommand(),
  status: async () => (await import('./commands/status.js')).statusCommand(),
  retry: async () => (await import('./commands/retry.js')).retryCommand(),
  export: async () => (await import('./commands/export.js')).exportCommand(openRun),
  report: async () => (await import('./commands/report.js')).reportCommand(openRun),
  apps: async () => (await import('./commands/apps.js')).appsCommand(),
  usage: async () => (await import('./commands/usage.js')).usageCommand(),
  demo: async () => (await import('./commands/demo.js')).demoCommand(),
  'stand-in': async () => (await import('./commands/stand-in.js')).standInCommand(),
};

/** Carries out what is asked for. How it ended is in `process.exitCode`. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const program = new Command('apihydra')
    .description('Spreads a large job over many apps of a rate-limited API.')
    .version(version)
    .addHelpText('after', exitCodesHelp);
  try {
    for (const load of loadersFor(args[0])) program.addCommand(await load());
    await strictUsage(program).parseAsync(args, { from: 'user' });
  } catch (error) {
    const { reportError } = await import('./report-error.js');
    process.exitCode = reportError(error);
  }
}

/** That of the command that is named; all, for the help and for what is no command. */
function loadersFor(name: string | undefined): readonly (() => Promise<Command>)[] {
  if (name === '--version' || name === '-V') return [];
  const known = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  return known === undefined ? Object.values(commands) : [known];
}

async function openRun(directory: string): Promise<RunReader> {
  const { readRun } = await import('../run/read-run.js');
  return await readRun(directory);
}

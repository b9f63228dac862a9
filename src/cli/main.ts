#!/usr/bin/env node
/** The command line. Data goes to stdout or files, words to stderr. */
import { Command } from 'commander';
import { HydraError } from '../errors.js';
import { version } from '../version.js';
import { demoCommand } from './commands/demo.js';
import { planCommand } from './commands/plan.js';
import { standInCommand } from './commands/stand-in.js';

const program = new Command('apihydra')
  .description('Spreads a large job over many apps of a rate-limited API.')
  .version(version)
  .showHelpAfterError('(add --help for the options)')
  .addCommand(demoCommand())
  .addCommand(planCommand())
  .addCommand(standInCommand());

try {
  await program.parseAsync();
} catch (error) {
  // What went wrong outside (a file, a port) is for the user; anything else is a defect of ours.
  const isForUser =
    error instanceof HydraError || (error as NodeJS.ErrnoException).syscall !== undefined;
  if (!isForUser) throw error;
  process.stderr.write(`apihydra: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

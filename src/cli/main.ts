#!/usr/bin/env node
/** The command line. Data goes to stdout or files, words to stderr. */
import { Command } from 'commander';
import { readRun } from '../run/read-run.js';
import { version } from '../version.js';
import { appsCommand } from './commands/apps.js';
import { demoCommand } from './commands/demo.js';
import { exportCommand } from './commands/export.js';
import { planCommand } from './commands/plan.js';
import { reportCommand } from './commands/report.js';
import { retryCommand } from './commands/retry.js';
import { runCommand } from './commands/run.js';
import { standInCommand } from './commands/stand-in.js';
import { statusCommand } from './commands/status.js';
import { usageCommand } from './commands/usage.js';
import { exitCodesHelp } from './exit-codes.js';
import { reportError } from './report-error.js';
import { strictUsage } from './strict-usage.js';

const program = new Command('apihydra')
  .description('Spreads a large job over many apps of a rate-limited API.')
  .version(version)
  .addCommand(planCommand())
  .addCommand(runCommand())
  .addCommand(statusCommand())
  .addCommand(retryCommand())
  .addCommand(exportCommand(readRun))
  .addCommand(reportCommand())
  .addCommand(appsCommand())
  .addCommand(usageCommand())
  .addCommand(demoCommand())
  .addCommand(standInCommand())
  .addHelpText('after', exitCodesHelp);

try {
  await strictUsage(program).parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}

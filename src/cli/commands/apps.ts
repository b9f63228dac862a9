import { Command } from 'commander';
import { appsDeleteCommand } from './apps-delete.js';
import { appsListCommand } from './apps-list.js';
import { appsSetCommand } from './apps-set.js';

/** `apihydra apps`: the apps that a job is spread over. */
export function appsCommand(): Command {
  return new Command('apps')
    .description('Lists, makes and deletes the apps that a job is spread over.')
    .addCommand(appsListCommand())
    .addCommand(appsSetCommand())
    .addCommand(appsDeleteCommand())
    .addHelpText('after', '\nExample:\n  $ apihydra apps set 20');
}

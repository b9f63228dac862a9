import { Command } from 'commander';
import { connectionOptions, type ConnectionFlags } from '../connection/connection-options.js';
import { openFtHydra } from '../connection/open-hydra.js';

/** `apihydra apps delete ID`: who names an app by its id is not asked again. */
export function appsDeleteCommand(): Command {
  const command = new Command('delete')
    .description('Deletes an app of ours. Touches no app of another name.')
    .argument('<ID>', 'its id, as `apihydra apps list` shows it');
  return connectionOptions(command)
    .addHelpText('after', '\nExample:\n  $ apihydra apps delete 40001')
    .action(run);
}

async function run(id: string, flags: ConnectionFlags): Promise<void> {
  await using hydra = await openFtHydra(flags, { store: false });
  await hydra.deleteApp(id);
  process.stderr.write(`Deleted app ${id}: ${hydra.getNumberOfApps()} left.\n`);
}

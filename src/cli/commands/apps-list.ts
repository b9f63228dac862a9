import { Command } from 'commander';
import { systemClock } from '../../clock.js';
import { AppsFile } from '../../engine/apps-file.js';
import { connectionOptions, type ConnectionFlags } from '../connection/connection-options.js';
import { ftAppsFile, openFtHydra } from '../connection/open-hydra.js';
import { knownApps, type KnownApp } from '../known-apps.js';
import { textTable } from '../text-table.js';

interface ListFlags extends ConnectionFlags {
  readonly update?: true;
  readonly json?: true;
}

/** `apihydra apps list`: from the apps file, so it signs in only to update that. */
export function appsListCommand(): Command {
  const command = new Command('list')
    .description(
      'Lists the apps in the apps file, with the requests that they have left this hour.',
    )
    .option('--update', 'read them anew from the website first: new secrets, apps made elsewhere')
    .option('--json', 'as JSON: [{ id, name, left, max }]');
  return connectionOptions(command)
    .addHelpText('after', '\nExample:\n  $ apihydra apps list --json')
    .action(run);
}

async function run(flags: ListFlags): Promise<void> {
  if (flags.update) await update(flags);
  const file = new AppsFile(await ftAppsFile(flags));
  const apps = knownApps(file.load(), systemClock.wallNow());
  const lines = flags.json ? [JSON.stringify(apps)] : table(apps);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (apps.length > 0) return;
  process.stderr.write(
    `No apps in ${file.path}. \`apihydra apps set N\` makes some; --update takes in those that the account has.\n`,
  );
}

async function update(flags: ListFlags): Promise<void> {
  await using hydra = await openFtHydra(flags, { store: false });
  await hydra.update();
}

function table(apps: readonly KnownApp[]): string[] {
  const rows = apps.map(({ id, name, left, max }) => [id, name ?? '-', left ?? '?', max ?? '?']);
  return textTable([['id', 'name', 'left', 'of'], ...rows], [2, 3]);
}

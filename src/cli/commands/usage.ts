import { Command } from 'commander';
import type { ApiUsage } from '../../intra42/index.js';
import { connectionOptions, type ConnectionFlags } from '../connection/connection-options.js';
import { ftAppsFile, openFtHydra } from '../connection/open-hydra.js';

interface UsageFlags extends ConnectionFlags {
  readonly json?: true;
}

/** `apihydra usage`: what the website counted, whoever asked with the apps. */
export function usageCommand(): Command {
  const command = new Command('usage')
    .description('Shows how much of the apps is used, as the website counts it, whoever used them.')
    .option('--json', 'as JSON: { left, max, total, apps: [...] }');
  return connectionOptions(command)
    .addHelpText('after', '\nExample:\n  $ apihydra usage --json')
    .action(run);
}

async function run(flags: UsageFlags): Promise<void> {
  await using hydra = await openFtHydra(flags, { store: false });
  if (hydra.getNumberOfApps() === 0) {
    process.stderr.write(
      `No apps in ${await ftAppsFile(flags)}: \`apihydra apps list --update\` looks for them.\n`,
    );
  }
  if (!flags.json) await hydra.printApiUsage();
  else process.stdout.write(`${JSON.stringify(summary(await hydra.getApiUsage()))}\n`);
}

function summary(apps: readonly ApiUsage[]): object {
  const sum = (of: (app: ApiUsage) => number): number =>
    apps.reduce((all, app) => all + of(app), 0);
  const max = sum((app) => app.maxPerHour);
  const left = max - sum((app) => app.requestsLastHour);
  return { left, max, total: sum((app) => app.totalRequests), apps };
}

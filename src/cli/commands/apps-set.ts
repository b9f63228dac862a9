import { Command } from 'commander';
import { HydraError } from '../../errors.js';
import type { FtApiHydra } from '../../intra42/index.js';
import { confirm, isTerminal } from '../connection/ask.js';
import { connectionOptions, type ConnectionFlags } from '../connection/connection-options.js';
import { openFtHydra } from '../connection/open-hydra.js';
import { wholeNumber } from '../whole-number.js';

interface SetFlags extends ConnectionFlags {
  readonly yes?: true;
  readonly json?: true;
}

/** What was done. */
interface Change {
  readonly apps: number;
  readonly made: number;
  readonly deleted: number;
}

/** `apihydra apps set N`: makes or deletes what it takes. */
export function appsSetCommand(): Command {
  const command = new Command('set')
    .description('Makes or deletes apps until there are N of ours. Touches no app of another name.')
    .argument('<N>', 'how many apps there shall be, 0 to 200', wholeNumber(0, 200))
    .option('--yes', 'delete without asking; needed where there is no terminal to ask at')
    .option('--json', 'say what was done as JSON: { apps, made, deleted }');
  return connectionOptions(command)
    .addHelpText('after', '\nExample:\n  $ apihydra apps set 20')
    .action(run);
}

async function run(howMany: number, flags: SetFlags, command: Command): Promise<void> {
  await using hydra = await openFtHydra(flags, { store: false });
  const change = await setApps(hydra, howMany, async (deleted, before) => {
    if (flags.yes) return;
    const what = `${deleted} of ${before} apps`;
    if (!isTerminal()) {
      command.error(`error: Expected --yes: ${what} would be deleted, with nobody to ask.`);
    }
    if (await confirm(`Delete ${what}, those with the highest numbers?`)) return;
    throw new HydraError('HYDRA_ABORTED', `Nothing was deleted: there are still ${before} apps.`);
  });
  if (flags.json) process.stdout.write(`${JSON.stringify(change)}\n`);
  else process.stderr.write(`${describe(change)}\n`);
}

/** Calls `mayDelete` before it deletes apps; when that throws, nothing is deleted. */
async function setApps(
  hydra: FtApiHydra,
  howMany: number,
  mayDelete: (deleted: number, before: number) => Promise<void>,
): Promise<Change> {
  if (hydra.getNumberOfApps() === howMany) return { apps: howMany, made: 0, deleted: 0 };
  // The account may have others of ours than the file knows.
  await hydra.update();
  const before = hydra.getNumberOfApps();
  const deleted = Math.max(0, before - howMany);
  if (deleted > 0) await mayDelete(deleted, before);
  await hydra.setNumberOfApps(howMany);
  return { apps: howMany, made: Math.max(0, howMany - before), deleted };
}

function describe({ apps, made, deleted }: Change): string {
  const done = made > 0 ? `Made ${made}` : deleted > 0 ? `Deleted ${deleted}` : 'Nothing to do';
  return `${done}: there ${apps === 1 ? 'is 1 app' : `are ${apps} apps`}.`;
}

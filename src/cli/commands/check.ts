/** `apihydra check`: proves each app with one cheap request. */
import { Command, InvalidArgumentError } from 'commander';
import { HydraError } from '../../errors.js';
import { showCheckBar } from '../check/check-bar.js';
import { checkText, type ApiProofs } from '../check/check-text.js';
import { apiTask, proveApps, sharedAppsFiles, type ApiTask } from '../check/prove-apps.js';
import { readConfig, type ConfigFlags } from '../connection/configured-api.js';
import { configOptions } from '../connection/connection-options.js';
import { exitCodes } from '../exit-codes.js';
import { wholeNumber } from '../whole-number.js';

interface CheckFlags extends ConfigFlags {
  readonly path?: string;
  readonly timeout: number;
  readonly json?: true;
}

const HELP = `
Without --api, all APIs of the configuration are checked, each with several apps at a time. Each app sends
one request; one whose kept token is refused sends another with a new token. They count as any others.
Nothing is looked for on the website of 42.

--json prints [{api, path, apps: [{app, ok, status, error, limits: [{name, requests, perMs, remaining,
resetMs}]}]}]; what is not known is left out or null. The exit code is 3 when an app failed.

Example:
  $ apihydra check --api books --path /me`;

/** The command. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('Proves each app with one request, and shows which limits the server tells.')
    .option(
      '--path <path>',
      'what is asked for (default: checkPath of the configuration, else that of its API, else /)',
      aPath,
    )
    .option('--timeout <ms>', 'for each app', wholeNumber(1, 3_600_000), 15_000)
    .option('--json', 'as JSON');
  return configOptions(command).addHelpText('after', HELP).action(run);
}

async function run(flags: CheckFlags): Promise<void> {
  const config = await readConfig(flags);
  if (config === undefined) {
    throw new HydraError(
      'HYDRA_CONFIG',
      'Expected a configuration, got none here and no --config. `apihydra init` writes one.',
    );
  }
  const { apiOf } = await import('../../config/index.js');
  const apis = flags.api === undefined ? config.apis : [apiOf(config, flags.api)];
  // What lacks apps is told before anything is sent.
  const fileAt = sharedAppsFiles();
  const tasks = apis.map((api) =>
    apiTask(config, api, flags.path ?? api.checkPath, flags.timeout, fileAt),
  );
  const all: ApiProofs[] = [];
  for (const task of tasks) {
    const proofs = await proofsOf(task);
    if (!flags.json) process.stdout.write(`${all.length === 0 ? '' : '\n'}${checkText(proofs)}`);
    all.push(proofs);
  }
  if (all.some(({ apps }) => apps.some(({ ok }) => !ok))) process.exitCode = exitCodes.someFailed;
  if (flags.json) process.stdout.write(`${JSON.stringify(all)}\n`);
}

async function proofsOf(task: ApiTask): Promise<ApiProofs> {
  const { path, apps } = task;
  const api = task.api.name;
  const bar = showCheckBar(process.stderr, { api, apps: apps.length });
  try {
    return { api, path, apps: await proveApps(task, () => bar.step()) };
  } finally {
    bar.stop();
  }
}

function aPath(text: string): string {
  if (text.startsWith('/')) return text;
  throw new InvalidArgumentError('Expected a path that begins with /.');
}

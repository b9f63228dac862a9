/** `apihydra check`: proves each app with one cheap request. */
import { Command, InvalidArgumentError } from 'commander';
import type { App } from '../../app.js';
import type { ConfiguredApi, LoadedConfig } from '../../config/index.js';
import { AppsFile } from '../../engine/apps-file.js';
import { HydraError } from '../../errors.js';
import { checkText, type ApiProofs } from '../check/check-text.js';
import { proveApp, type Proof } from '../check/prove-app.js';
import { readConfig, type ConfigFlags } from '../connection/configured-api.js';
import { configOptions } from '../connection/connection-options.js';
import { openConfigured } from '../connection/open-hydra.js';
import { exitCodes } from '../exit-codes.js';
import { wholeNumber } from '../whole-number.js';

interface CheckFlags extends ConfigFlags {
  readonly path?: string;
  readonly timeout: number;
  readonly json?: true;
}

const HELP = `
Without --api, all APIs of the configuration are checked. Each app sends one request, one after the other;
one whose kept token is refused sends another with a new token. They count as any others.

--json prints [{api, path, apps: [{app, ok, status, error, limits: [{name, requests, perMs, remaining,
resetMs}]}]}]; what is not known is left out or null. The exit code is 3 when an app failed.

Example:
  $ apihydra check --api github --path /rate_limit`;

/** The command. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('Proves each app with one request, and shows which limits the server tells.')
    .option(
      '--path <path>',
      'what is asked for (default: checkPath of the configuration, else /)',
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
  const proofs: ApiProofs[] = [];
  for (const api of apis) proofs.push(await prove(config, api, flags));
  if (proofs.some(({ apps }) => apps.some(({ ok }) => !ok)))
    process.exitCode = exitCodes.someFailed;
  process.stdout.write(flags.json ? `${JSON.stringify(proofs)}\n` : checkText(proofs));
}

async function prove(
  config: LoadedConfig,
  api: ConfiguredApi,
  flags: CheckFlags,
): Promise<ApiProofs> {
  const path = flags.path ?? api.checkPath;
  const apps: Proof[] = [];
  // One after the other: they share the apps file.
  for (const app of appsOf(config, api)) {
    const proof = await proveApp({
      app,
      path,
      timeoutMs: flags.timeout,
      readLimits: api.api === '42' ? undefined : api.api.readLimits,
      open: (overrides, runtime) => openConfigured({ config, api }, {}, overrides, runtime),
    });
    apps.push(proof);
  }
  return { api: api.name, path, apps };
}

function appsOf(config: LoadedConfig, { name, options }: ConfiguredApi): readonly App[] {
  const { apps, appsFile } = options;
  const known = appsFile === false ? [] : (new AppsFile(appsFile).load()?.apps ?? []);
  const all = apps ?? known.map(({ app }) => app);
  if (all.length > 0) return all;
  throw new HydraError(
    'HYDRA_CONFIG',
    `Expected apps to check for \`apis.${name}\`, in ${config.file} or in ${String(appsFile)}; there are none.`,
    { file: config.file, name: `apis.${name}` },
  );
}

function aPath(text: string): string {
  if (text.startsWith('/')) return text;
  throw new InvalidArgumentError('Expected a path that begins with /.');
}

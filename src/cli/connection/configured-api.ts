/** Which API of which configuration a command is about. */
import * as path from 'node:path';
import type { ConfiguredApi, Environment, LoadedConfig } from '../../config/index.js';
import { findConfigFile } from '../../config/find-config.js';
import { HydraError } from '../../errors.js';
import { readEnvFile } from './env-file.js';
import { ENV_FILE } from './settings.js';

/** The flags that say it. */
export interface ConfigFlags {
  readonly config?: string;
  readonly api?: string;
}

/** A configuration, and the API in it that is meant. */
export interface Configured {
  readonly config: LoadedConfig;
  readonly api: ConfiguredApi;
}

/**
 * The configuration that is named, else the one in the working folder; `undefined` when there is none:
 * then the 42 Intra is meant.
 *
 * @throws HydraError `HYDRA_CONFIG`, also for `--api` without a configuration.
 */
export async function readConfig(flags: ConfigFlags): Promise<LoadedConfig | undefined> {
  const file = flags.config ?? findConfigFile('.');
  if (file !== undefined) {
    // Loaded when there is one: most of what it needs is needed for nothing else.
    const { loadConfig } = await import('../../config/index.js');
    return await loadConfig({ file: path.resolve(file), env: environment() });
  }
  if (flags.api === undefined) return undefined;
  throw new HydraError(
    'HYDRA_CONFIG',
    'Expected a configuration with --api, got none here and no --config. `apihydra init` writes one.',
  );
}

/** The API that is meant. A configuration that was found, not named, is told of. */
export async function configuredApi(flags: ConfigFlags): Promise<Configured | undefined> {
  const config = await readConfig(flags);
  if (config === undefined) return undefined;
  const { apiOf } = await import('../../config/index.js');
  const api = apiOf(config, flags.api);
  if (flags.config === undefined) {
    process.stderr.write(`Using ${api.name} of ${path.basename(config.file)}.\n`);
  }
  return { config, api };
}

/** The environment, and what `.env` says beside it: any of that may be a secret. */
function environment(): Environment {
  const { values } = readEnvFile(ENV_FILE, []);
  const { warnings } = readEnvFile(ENV_FILE, Object.keys(values));
  for (const warning of warnings) process.stderr.write(`apihydra: ${warning}\n`);
  const given = Object.entries(process.env).filter(([, value]) => value);
  return { ...values, ...Object.fromEntries(given) };
}

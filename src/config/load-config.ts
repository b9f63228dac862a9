/** From a configuration file to APIs that can be asked. */
import * as path from 'node:path';
import { HydraError } from '../index.js';
import { apiEntries, configuredApi, type ConfiguredApi } from './api-entry.js';
import { checkConfig, hint } from './check-config.js';
import { configError } from './config-error.js';
import type { Config } from './config.js';
import { CONFIG_NAME, findConfigFile } from './find-config.js';
import { fillPlaceholders, type Environment } from './placeholders.js';
import { readConfigFile } from './read-config-file.js';

/** Where {@link loadConfig} looks. */
export interface LoadConfigOptions {
  /** The folder with the file. @defaultValue the working folder */
  readonly cwd?: string;
  /** The file itself, seen from `cwd`. @defaultValue the only `apihydra.config.*` in `cwd` */
  readonly file?: string;
  /** What placeholders are filled in from. @defaultValue `process.env` */
  readonly env?: Environment;
}

/** A configuration, checked and filled in. It holds secrets. */
export interface LoadedConfig {
  /** The file, absolute. */
  readonly file: string;
  readonly apis: readonly ConfiguredApi[];
  readonly defaultApi?: string;
}

/**
 * Finds a configuration file, reads it, fills its placeholders in and checks it.
 *
 * Files of code (`.ts`, `.js`, `.mjs`) are carried out: take only your own.
 *
 * @throws HydraError `HYDRA_CONFIG`, with the file in `facts.file` and the place in it in `facts.name`:
 * there is none or more than one, it cannot be read, a variable is missing, a name is not known, a value
 * is not what it must be, an API has two apps of the same id.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const { env = process.env } = options;
  const file = configFile(options);
  const shown = path.relative(path.resolve(options.cwd ?? '.'), file) || file;
  const said = fillPlaceholders(await readConfigFile(file, shown), env, shown);
  const config = checkConfig(said, shown);
  const defaultApi = defaultOf(config, shown);
  const apis = await Promise.all(
    apiEntries(config).map((entry) => configuredApi(entry, file, shown)),
  );
  return { file, apis, ...(defaultApi === undefined ? {} : { defaultApi }) };
}

function configFile({ cwd = '.', file }: LoadConfigOptions): string {
  const folder = path.resolve(cwd);
  const found = file === undefined ? findConfigFile(folder) : path.resolve(folder, file);
  if (found !== undefined) return found;
  throw new HydraError(
    'HYDRA_CONFIG',
    `Expected a file ${CONFIG_NAME}.ts (or .js, .mjs, .json, .yaml, .yml) in ${folder}, got none. \`apihydra init\` writes one.`,
    { file: folder },
  );
}

function defaultOf({ apis, defaultApi }: Config, file: string): string | undefined {
  if (apis === undefined) return undefined;
  const names = Object.keys(apis);
  if (names.length === 0) throw configError(file, ['apis'], 'expected at least one API, got none.');
  if (defaultApi === undefined || names.includes(defaultApi)) return defaultApi;
  throw configError(file, ['defaultApi'], `there is no such API. ${hint(defaultApi, names)}`);
}

/** Opens hydras for the APIs of a configuration. */
import * as fs from 'node:fs';
import { ApiHydra, HydraError, type ApiHydraOptions, type Runtime } from '../index.js';
import type { ConfiguredApi } from './api-entry.js';
import { hint } from './check-config.js';
import { configError } from './config-error.js';
import type { LoadedConfig } from './load-config.js';
import { FT_API } from './ready-apis.js';

/**
 * The API of this name; without one the default, else the only one.
 *
 * @throws HydraError `HYDRA_CONFIG` when there is none of this name, or no name and no default.
 */
export function apiOf(config: LoadedConfig, name?: string): ConfiguredApi {
  const names = config.apis.map((api) => api.name);
  const wanted = name ?? config.defaultApi ?? (names.length === 1 ? names[0] : undefined);
  const found = config.apis.find((api) => api.name === wanted);
  if (found !== undefined) return found;
  const { file } = config;
  throw new HydraError(
    'HYDRA_CONFIG',
    wanted === undefined
      ? `${file} has several APIs, and no \`defaultApi\`: expected one of ${names.join(', ')} to be named.`
      : `${file} has no API ${JSON.stringify(wanted)}. ${hint(wanted, names)}`,
    { file, name: 'defaultApi' },
  );
}

/**
 * A hydra for an API of a configuration; for `'42'` an `FtApiHydra`.
 *
 * @param apiName - one of the configuration; left out: its default, else the only one.
 * @param overrides - options that go before those of the configuration; `undefined` is left out.
 * @param runtime - as for `new ApiHydra()`.
 * @throws HydraError `HYDRA_CONFIG`, also where an API has no apps and its apps file is not there;
 * `HYDRA_INVALID_OPTION` and `HYDRA_APPS_FILE` as `new ApiHydra()` does.
 *
 * @example
 * ```ts
 * const hydra = await hydraFrom(await loadConfig(), 'github');
 * ```
 */
export async function hydraFrom(
  config: LoadedConfig,
  apiName?: string,
  overrides: Partial<Omit<ApiHydraOptions, 'api'>> = {},
  runtime: Partial<Runtime> = {},
): Promise<ApiHydra> {
  const { api, place, options: configured } = apiOf(config, apiName);
  const options = { ...configured, ...withoutUndefined(overrides) };
  if (api === FT_API) {
    const { FtApiHydra } = await import('../intra42/index.js');
    return new FtApiHydra(options, runtime);
  }
  const { apps, appsFile } = options;
  if (apps === undefined && (appsFile === false || !fs.existsSync(appsFile))) {
    const file = appsFile === false ? 'no apps file' : `no file ${appsFile}`;
    const problem = `expected \`apps\`, or an apps file; there are none, and ${file}.`;
    throw configError(config.file, place, problem);
  }
  return new ApiHydra({ ...options, api }, runtime);
}

/** What was given and not only named. */
export function withoutUndefined<T extends object>(
  options: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}

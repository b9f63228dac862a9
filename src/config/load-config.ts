/** From a configuration file to APIs that can be asked. */
import * as path from 'node:path';
import { defineApi, describeValue, HydraError, type Api, type ApiHydraOptions } from '../index.js';
import { checkConfig, checkPart, hint } from './check-config.js';
import { configError, type ConfigPath } from './config-error.js';
import type { ApiConfig, Config } from './config.js';
import { CONFIG_NAME, findConfigFile } from './find-config.js';
import { fillPlaceholders, type Environment } from './placeholders.js';
import { readConfigFile } from './read-config-file.js';
import { FT_API, readyApis, readyNames } from './ready-apis.js';
import { wayToSign } from './way-to-sign.js';

/** Where {@link loadConfig} looks. */
export interface LoadConfigOptions {
  /** The folder with the file. @defaultValue the working folder */
  readonly cwd?: string;
  /** The file itself, seen from `cwd`. @defaultValue the only `apihydra.config.*` in `cwd` */
  readonly file?: string;
  /** What placeholders are filled in from. @defaultValue `process.env` */
  readonly env?: Environment;
}

/** One API of a configuration, ready to be asked. */
export interface ConfiguredApi {
  /** Its name in the configuration. */
  readonly name: string;
  /** The API; of the 42 Intra its name: `FtApiHydra` knows it. */
  readonly api: Api | typeof FT_API;
  /** What `apihydra check` asks for. */
  readonly checkPath: string;
  /** Options of its hydra; `appsFile` is absolute. They hold secrets. */
  readonly options: Omit<ApiHydraOptions, 'api'> & { readonly appsFile: string | false };
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
  const config = checkConfig(
    fillPlaceholders(await readConfigFile(file, shown), env, shown),
    shown,
  );
  const names = Object.keys(config.apis);
  if (names.length === 0)
    throw configError(shown, ['apis'], 'expected at least one API, got none.');
  const { defaultApi } = config;
  if (defaultApi !== undefined && !names.includes(defaultApi)) {
    throw configError(shown, ['defaultApi'], `there is no such API. ${hint(defaultApi, names)}`);
  }
  const apis = await Promise.all(names.map((name) => configuredApi(name, config, file, shown)));
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

async function configuredApi(
  name: string,
  config: Config,
  file: string,
  shown: string,
): Promise<ConfiguredApi> {
  const given = config.apis[name] ?? {};
  const at = ['apis', name];
  checkIds(given, at, shown);
  const { apps, appsFile = `apps.${name}.json`, limits } = given;
  // Of the 42 Intra something that is small; `/` is nothing there.
  const { checkPath = given.api === FT_API ? '/campus' : '/' } = given;
  if (appsFile === false && apps === undefined) {
    throw configError(shown, at, 'expected `apps`, or an apps file, got no apps.');
  }
  const api = await theApi(name, given, at, shown);
  return {
    name,
    api,
    checkPath,
    options: {
      ...config.options,
      ...given.options,
      appsFile: appsFile === false ? false : path.resolve(path.dirname(file), appsFile),
      ...(apps === undefined ? {} : { apps }),
      // Where the API has limits of its own, these go before them.
      ...(given.api === undefined || limits === undefined || limits === 'discover'
        ? {}
        : { limits }),
    },
  };
}

function checkIds({ apps = [] }: ApiConfig, at: ConfigPath, file: string): void {
  const places = new Map<string, number>();
  for (const [index, { id }] of apps.entries()) {
    const first = places.get(id);
    if (first !== undefined) {
      const place = [...at, 'apps', index, 'id'];
      throw configError(
        file,
        place,
        `expected another id than that of apps[${first}], got ${describeValue(id)} again.`,
      );
    }
    places.set(id, index);
  }
}

/** What a ready definition says already. */
const OF_DEFINITIONS = ['baseUrl', 'auth', 'headers', 'responseType'] as const;

async function theApi(
  name: string,
  given: ApiConfig,
  at: ConfigPath,
  file: string,
): Promise<ConfiguredApi['api']> {
  if (given.api === undefined) return describedApi(name, given, at, file);
  const twice = OF_DEFINITIONS.find((key) => given[key] !== undefined);
  if (twice !== undefined) {
    throw configError(file, [...at, twice], 'expected to be left out beside `api`, which says it.');
  }
  if (typeof given.api !== 'string') return given.api;
  const isKnown = given.api === FT_API || Object.hasOwn(readyApis, given.api);
  if (!isKnown) {
    const known = hint(given.api, readyNames());
    throw configError(file, [...at, 'api'], `there is no ready definition of this name. ${known}`);
  }
  const ready = readyApis[given.api];
  if (ready !== undefined) {
    const told = checkPart(ready.options, given.apiOptions ?? {}, file, [...at, 'apiOptions']);
    return await inPlace(file, at, () => ready.make(told));
  }
  if (given.apiOptions === undefined) return FT_API;
  // A file must not lead the password of an account to another server.
  throw configError(file, [...at, 'apiOptions'], 'expected to be left out for 42.');
}

async function describedApi(
  name: string,
  given: ApiConfig,
  at: ConfigPath,
  file: string,
): Promise<Api> {
  const { baseUrl, limits, auth, headers, responseType, apiOptions } = given;
  if (apiOptions !== undefined) {
    throw configError(file, [...at, 'apiOptions'], 'expected to be left out without `api`.');
  }
  const need = { baseUrl, limits, auth };
  for (const [key, value] of Object.entries(need)) {
    if (value === undefined) {
      throw configError(
        file,
        at,
        `expected either \`api\`, or \`baseUrl\`, \`limits\` and \`auth\`; \`${key}\` is missing.`,
      );
    }
  }
  const signed = need as Required<typeof need> &
    Required<Pick<ApiConfig, 'baseUrl' | 'limits' | 'auth'>>;
  return await inPlace(file, at, () =>
    defineApi({
      name,
      baseUrl: signed.baseUrl,
      limits: signed.limits,
      auth: wayToSign(signed.auth),
      ...(headers === undefined ? {} : { headers }),
      ...(responseType === undefined ? {} : { responseType }),
    }),
  );
}

/** Says in which file and API it was that something was refused. */
async function inPlace(file: string, at: ConfigPath, make: () => Api | Promise<Api>): Promise<Api> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof HydraError)) throw error;
    const { name } = error.facts;
    const isKey = name !== undefined && ['baseUrl', 'limits', 'headers'].includes(name);
    const place = isKey ? [...at, name] : at;
    // A base URL may have a password in it, or a key in its query.
    const message = error.message.replace(/, got ".*$/s, '.');
    throw configError(file, place, message);
  }
}

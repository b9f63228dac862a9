/** What a configuration says of one API, and the API, ready to be asked, that comes of it. */
import * as path from 'node:path';
import { describeValue, type Api, type ApiHydraOptions, type App } from '../index.js';
import { configError, placeName, type ConfigPath } from './config-error.js';
import type { ApiConfig, Config } from './config.js';
import { makeApi } from './make-api.js';
import { defaultCheckPath, FT_API } from './ready-apis.js';

/** One API of a configuration, ready to be asked. */
export interface ConfiguredApi {
  /** Its name in the configuration; of the only one, that stands at the top, the name of its definition or its host. */
  readonly name: string;
  /** Where it stands in the file, such as `apis.books`; empty for the only one, that stands at the top. */
  readonly place: string;
  /** The API; of the 42 Intra its name: `FtApiHydra` knows it. */
  readonly api: Api | typeof FT_API;
  /** What `apihydra check` asks for. */
  readonly checkPath: string;
  /** Options of its hydra; `appsFile` is absolute. They hold secrets. */
  readonly options: Omit<ApiHydraOptions, 'api'> & { readonly appsFile: string | false };
}

/** One API as a file describes it. */
export interface ApiEntry {
  /** The only one, that stands at the top, has none. */
  readonly name: string | undefined;
  readonly at: ConfigPath;
  readonly given: ApiConfig;
}

/** The APIs of a configuration in their order, each with the options that are for all. */
export function apiEntries(config: Config): readonly ApiEntry[] {
  if (config.apis === undefined) return [{ name: undefined, at: [], given: config }];
  return Object.entries(config.apis).map(([name, given]) => ({
    name,
    at: ['apis', name],
    given: { ...given, options: { ...config.options, ...given.options } },
  }));
}

/**
 * Makes the API, and the options of its hydra.
 *
 * @param file - the configuration, absolute.
 * @param shown - what errors call it.
 * @throws HydraError `HYDRA_CONFIG`.
 */
export async function configuredApi(
  { name, at, given }: ApiEntry,
  file: string,
  shown: string,
): Promise<ConfiguredApi> {
  const { apps } = given;
  const { appsFile = name === undefined ? 'apps.json' : `apps.${name}.json` } = given;
  const { checkPath = defaultCheckPath(given.api) } = given;
  if (apps !== undefined) checkIds(apps, at, shown);
  else if (appsFile === false) {
    throw configError(shown, at, 'expected `apps`, or an apps file, got no apps.');
  }
  const api = await makeApi(name, given, at, shown);
  return {
    name: name ?? (api === FT_API ? FT_API : api.name),
    place: placeName(at),
    api,
    checkPath,
    options: {
      ...given.options,
      ...limitedApps(given),
      appsFile: appsFile === false ? false : path.resolve(path.dirname(file), appsFile),
    },
  };
}

/** Beside a definition with limits of its own, those that are given go before them, and an app's own before both. */
function limitedApps({ api, apps, limits }: ApiConfig): Pick<ApiHydraOptions, 'apps' | 'limits'> {
  const isInApi = api === undefined || limits === undefined || limits === 'discover';
  if (isInApi) return apps === undefined ? {} : { apps };
  return apps === undefined ? { limits } : { apps: apps.map((app) => ({ limits, ...app })) };
}

function checkIds(apps: readonly App[], at: ConfigPath, file: string): void {
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

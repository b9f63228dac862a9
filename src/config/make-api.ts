/** Makes the API that a configuration names or describes. */
import { defineApi, HydraError, type Api } from '../index.js';
import { checkPart, hint } from './check-config.js';
import { configError, type ConfigPath } from './config-error.js';
import type { ApiConfig } from './config.js';
import { FT_API, readyApis, readyNames } from './ready-apis.js';
import { wayToSign } from './way-to-sign.js';

/** What a definition says already. */
const OF_DEFINITIONS = ['baseUrl', 'auth', 'headers', 'responseType'] as const;

/** What a described API may be refused for, by the names that it has in a file, too. */
const DESCRIBED = ['baseUrl', 'limits', 'headers'] as const;

/**
 * Makes it; of the 42 Intra it is the name.
 *
 * @param name - what it is called where it is described; left out, it is called by its host.
 * @throws HydraError `HYDRA_CONFIG`.
 */
export async function makeApi(
  name: string | undefined,
  given: ApiConfig,
  at: ConfigPath,
  file: string,
): Promise<Api | typeof FT_API> {
  if (given.api === undefined) return describedApi(name, given, at, file);
  const twice = OF_DEFINITIONS.find((key) => given[key] !== undefined);
  if (twice !== undefined) {
    throw configError(file, [...at, twice], 'expected to be left out beside `api`, which says it.');
  }
  const api =
    typeof given.api === 'string' ? await readyApi(given.api, given, at, file) : given.api;
  if (given.limits !== 'discover') return api;
  if (api !== FT_API) return defineApi({ ...api, limits: 'discover' });
  throw configError(file, [...at, 'limits'], "expected a list for 42, got 'discover'.");
}

async function readyApi(
  name: string,
  given: ApiConfig,
  at: ConfigPath,
  file: string,
): Promise<Api | typeof FT_API> {
  const ready = Object.hasOwn(readyApis, name) ? readyApis[name] : undefined;
  if (ready !== undefined) {
    const told = checkPart(ready.options, given.apiOptions ?? {}, file, [...at, 'apiOptions']);
    const place = (option?: string): ConfigPath =>
      placeOf(option, [...at, 'apiOptions'], Object.keys(ready.options.shape));
    return await inPlace(file, place, () => ready.make(told));
  }
  if (name !== FT_API) {
    const known = hint(name, readyNames());
    throw configError(file, [...at, 'api'], `there is no ready definition of this name. ${known}`);
  }
  if (given.apiOptions === undefined) return FT_API;
  // A file must not lead the password of an account to another server.
  throw configError(file, [...at, 'apiOptions'], 'expected to be left out for 42.');
}

async function describedApi(
  name: string | undefined,
  given: ApiConfig,
  at: ConfigPath,
  file: string,
): Promise<Api> {
  const { baseUrl, limits, auth, headers, responseType, apiOptions } = given;
  if (apiOptions !== undefined) {
    throw configError(file, [...at, 'apiOptions'], 'expected to be left out without `api`.');
  }
  if (baseUrl === undefined || limits === undefined || auth === undefined) {
    throw missing({ baseUrl, limits, auth }, at, file);
  }
  const place = (option?: string): ConfigPath => placeOf(option, at, DESCRIBED);
  return await inPlace(file, place, () =>
    defineApi({
      ...(name === undefined ? {} : { name }),
      baseUrl,
      limits,
      auth: wayToSign(auth),
      ...(headers === undefined ? {} : { headers }),
      ...(responseType === undefined ? {} : { responseType }),
    }),
  );
}

function missing(
  need: Readonly<Record<string, unknown>>,
  at: ConfigPath,
  file: string,
): HydraError {
  const absent = Object.keys(need).filter((key) => need[key] === undefined);
  const isNone = absent.length === Object.keys(need).length;
  const forms = at.length === 0 && isNone ? '`apis`, or one API with ' : '';
  const names = absent.map((key) => `\`${key}\``).join(' and ');
  const said = isNone
    ? 'there is none of them'
    : `${names} ${absent.length > 1 ? 'are' : 'is'} missing`;
  return configError(
    file,
    at,
    `expected ${forms}either \`api\`, or \`baseUrl\`, \`limits\` and \`auth\`; ${said}.`,
  );
}

/** Says in which file, and where there, something was refused. */
async function inPlace(
  file: string,
  place: (option?: string) => ConfigPath,
  make: () => Api | Promise<Api>,
): Promise<Api> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof HydraError)) throw error;
    // A base URL may have a password in it, or a key in its query.
    const message = error.message.replace(/, got ".*$/s, '.');
    throw configError(file, place(error.facts.name), message);
  }
}

/** Where an option stands, or a part of it such as `headers.x-key`; what is none of `keys` is of the whole. */
function placeOf(option = '', whole: ConfigPath, keys: readonly string[]): ConfigPath {
  const key = keys.find((known) => option === known || option.startsWith(`${known}.`));
  if (key === undefined) return whole;
  const part = option.slice(key.length + 1);
  return part === '' ? [...whole, key] : [...whole, key, part];
}

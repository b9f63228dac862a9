import type { ConfiguredApi } from '../../config/index.js';
import { describeValue, HydraError } from '../../errors.js';
import type { ApiHydra, ApiHydraOptions, Runtime } from '../../index.js';
import type { FtApiHydra, FtApiHydraOptions } from '../../intra42/index.js';
import { configuredApi, readConfig } from './configured-api.js';
import { DEFAULT_APPS_FILE, type ConnectionFlags } from './connection-options.js';
import { credentialsFrom } from './credentials.js';
import { isAddress } from './is-address.js';
import { readSettings, type AddressVariable, type Settings } from './settings.js';

/** Options that a command itself decides on. */
export type Overrides = Partial<Omit<ApiHydraOptions, 'api'>>;

/**
 * The hydra that the command line's flags and the configuration describe; without a configuration, one for
 * the 42 Intra, by the environment and `.env`. Flags go before the configuration.
 *
 * @param overrides - go before the flags; `undefined` is left out.
 * @throws HydraError `HYDRA_CONFIG`, and as `new ApiHydra()` does.
 */
export async function openHydra(
  flags: ConnectionFlags,
  overrides: Overrides = {},
): Promise<ApiHydra> {
  const configured = await configuredApi(flags);
  if (configured === undefined) return await openFt(flags, {}, overrides);
  return await openConfigured(configured, flags, overrides);
}

/** The hydra of an API of a configuration. */
export async function openConfigured(
  { config, api }: NonNullable<Awaited<ReturnType<typeof configuredApi>>>,
  flags: ConnectionFlags,
  overrides: Overrides = {},
  runtime: Partial<Runtime> = {},
): Promise<ApiHydra> {
  if (isFt(api)) return await openFt(flags, api.options, overrides, runtime);
  if (flags.apiBase !== undefined || flags.profileBase !== undefined) {
    throw new HydraError(
      'HYDRA_INVALID_OPTION',
      `Expected --api-base and --profile-base only for the 42 Intra; \`${api.name}\` has its base URL in ${config.file}.`,
      { name: 'apiBase' },
    );
  }
  const { hydraFrom, withoutUndefined } = await import('../../config/hydra-from.js');
  const options = { ...flagOptions(flags), ...withoutUndefined(overrides) };
  return await hydraFrom(config, api.name, options, runtime);
}

/**
 * The hydra for what only the 42 Intra has. Where there is a configuration, its options for `'42'` count.
 *
 * @throws HydraError `HYDRA_CONFIG` when another API is named.
 */
export async function openFtHydra(
  flags: ConnectionFlags,
  overrides: FtApiHydraOptions = {},
): Promise<FtApiHydra> {
  return await openFt(flags, (await ftConfigured(flags))?.options ?? {}, overrides);
}

/** The apps file of the 42 Intra. */
export async function ftAppsFile(flags: ConnectionFlags): Promise<string> {
  const configured = (await ftConfigured(flags))?.options.appsFile;
  return flags.appsFile ?? (configured || DEFAULT_APPS_FILE);
}

async function ftConfigured(flags: ConnectionFlags): Promise<ConfiguredApi | undefined> {
  const config = await readConfig(flags);
  const named = config?.apis.find((api) => api.name === flags.api);
  const api = named ?? config?.apis.find(isFt);
  if (flags.api === undefined || (named !== undefined && isFt(named))) return api;
  throw new HydraError(
    'HYDRA_CONFIG',
    `Expected --api to name the 42 Intra, since only that has this; ${JSON.stringify(flags.api)} is another API, or none.`,
    { file: config?.file ?? '' },
  );
}

function isFt(api: ConfiguredApi): boolean {
  return api.api === '42';
}

async function openFt(
  flags: ConnectionFlags,
  configured: FtApiHydraOptions,
  overrides: FtApiHydraOptions,
  runtime: Partial<Runtime> = {},
): Promise<FtApiHydra> {
  const settings = readSettings(process.env, (warning) =>
    process.stderr.write(`apihydra: ${warning}\n`),
  );
  // Loaded when it is used: help, wrong usage and what asks no server are there much sooner.
  const { FtApiHydra } = await import('../../intra42/index.js');
  const { withoutUndefined } = await import('../../config/hydra-from.js');
  return new FtApiHydra(
    {
      ...credentialsFrom(settings),
      appsFile: DEFAULT_APPS_FILE,
      ...configured,
      ...flagOptions(flags),
      apiBase: flags.apiBase ?? address(settings, 'INTRA_API_BASE'),
      profileBase: flags.profileBase ?? address(settings, 'INTRA_PROFILE_BASE'),
      ...withoutUndefined(overrides),
    },
    runtime,
  );
}

/** Only the flags that were given. */
function flagOptions(flags: ConnectionFlags): Overrides {
  const options = {
    appsFile: flags.appsFile,
    requestsPerSecond: flags.requestsPerSecond,
    minRequestDelayMs: flags.minRequestDelay,
    maxRetries: flags.maxRetries,
    timeoutMs: flags.timeout,
    threads: flags.threads,
    http2: flags.http2,
    logLevel: flags.logLevel,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function address(settings: Settings, name: AddressVariable): string | undefined {
  const value = settings(name);
  if (value === undefined || isAddress(value)) return value;
  throw new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected ${name} to be an absolute http or https URL, got ${describeValue(value)}.`,
    { name },
  );
}

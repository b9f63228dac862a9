import { describeValue, HydraError } from '../../errors.js';
import type { FtApiHydra, FtApiHydraOptions } from '../../intra42/index.js';
import type { ConnectionFlags } from './connection-options.js';
import { credentialsFrom } from './credentials.js';
import { isAddress } from './is-address.js';
import { readSettings, type AddressVariable, type Settings } from './settings.js';

/**
 * The hydra that the command line's flags, the environment and `.env` describe. It asks for what is
 * missing only when it has to sign in.
 *
 * @param overrides - options that the command itself decides on.
 * @throws HydraError as `new FtApiHydra()` does.
 */
export async function openHydra(
  flags: ConnectionFlags,
  overrides: FtApiHydraOptions = {},
): Promise<FtApiHydra> {
  const settings = readSettings(process.env, (warning) =>
    process.stderr.write(`apihydra: ${warning}\n`),
  );
  // Loaded when it is used: help, wrong usage and what asks no server are there much sooner.
  const { FtApiHydra } = await import('../../intra42/index.js');
  return new FtApiHydra({
    ...credentialsFrom(settings),
    appsFile: flags.appsFile,
    requestsPerSecond: flags.requestsPerSecond,
    minRequestDelayMs: flags.minRequestDelay,
    maxRetries: flags.maxRetries,
    timeoutMs: flags.timeout,
    logLevel: flags.logLevel,
    apiBase: flags.apiBase ?? address(settings, 'INTRA_API_BASE'),
    profileBase: flags.profileBase ?? address(settings, 'INTRA_PROFILE_BASE'),
    ...overrides,
  });
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

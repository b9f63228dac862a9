/** What the surroundings say: the environment, and the file `.env` in the working folder. */
import { readEnvFile } from './env-file.js';

/** Who signs in. */
export type AccountVariable = 'INTRA_LOGIN' | 'INTRA_PASSWORD' | 'INTRA_OTP';

/**
 * Where to. These are not looked for in `.env`: a folder that came from somebody else must not lead
 * a password to another server.
 */
export type AddressVariable = 'INTRA_API_BASE' | 'INTRA_PROFILE_BASE';

/** The value of a variable; `undefined` when it is not set, or empty. */
export type Settings = (name: AccountVariable | AddressVariable) => string | undefined;

/** In the working folder. */
export const ENV_FILE = '.env';

/** Reads the settings. The environment wins over the file. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  warn: (warning: string) => void,
): Settings {
  const { values, warnings } = readEnvFile(ENV_FILE, ['INTRA_PASSWORD', 'INTRA_OTP']);
  for (const warning of warnings) warn(warning);
  return (name) =>
    environment[name] || (name.endsWith('_BASE') ? undefined : values[name]) || undefined;
}

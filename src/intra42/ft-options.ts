import { z } from 'zod';
import {
  apiHydraOptionsSchema,
  checkOptions,
  describeValue,
  HydraError,
  type ApiHydraOptions,
} from '../index.js';
import type { CredentialSource } from './web/credential.js';
import type { OneTimeCodeSource } from './web/one-time-code.js';

/** Options of `new FtApiHydra()`: those of `ApiHydra` except `api`, and these. */
export interface FtApiHydraOptions extends Omit<ApiHydraOptions, 'api'> {
  /**
   * Login of the 42 account, or a function that returns it. Needed only when it has to sign in on the
   * website; the function is called each time that it does, also when it tries again.
   */
  readonly intraLogin?: CredentialSource | undefined;
  /** Password of the 42 account, or a function that returns it: as for `intraLogin`. */
  readonly intraPassword?: CredentialSource | undefined;
  /** The second factor: its TOTP secret (base32), or a function that returns the code. */
  readonly intraOtp?: OneTimeCodeSource | undefined;
  /** Where the API is. @defaultValue `'https://api.intra.42.fr/v2'` */
  readonly apiBase?: string | undefined;
  /** Where the website is. @defaultValue `'https://profile.intra.42.fr'` */
  readonly profileBase?: string | undefined;
  /** Apps whose name begins so are ours; no other is ever touched. @defaultValue `'ApiHydra_'` */
  readonly appPrefix?: string | undefined;
}

/** {@link FtApiHydraOptions}, checked: our own with the defaults filled in, and the rest. */
export interface ResolvedFtOptions {
  readonly intraLogin: CredentialSource | undefined;
  readonly intraPassword: CredentialSource | undefined;
  readonly intraOtp: OneTimeCodeSource | undefined;
  readonly apiBase: string;
  readonly profileBase: string;
  readonly appPrefix: string;
  readonly rest: Omit<ApiHydraOptions, 'api'>;
}

const isFunctionOrText = (value: unknown): boolean =>
  typeof value === 'function' || (typeof value === 'string' && value !== '');

const credential = z
  .custom<CredentialSource>(isFunctionOrText)
  .optional()
  .meta({ expected: 'a string that is not empty, or a function that returns one' });
const address = z
  .string()
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
  .optional()
  .meta({ expected: 'an absolute http or https URL' });

const schema = apiHydraOptionsSchema.omit({ api: true }).extend({
  intraLogin: credential,
  intraPassword: credential,
  intraOtp: z
    .custom<OneTimeCodeSource>(isFunctionOrText)
    .optional()
    .meta({ expected: 'a TOTP secret (base32), or a function that returns a code' }),
  apiBase: address,
  profileBase: address,
  appPrefix: z
    .string()
    .regex(/^\P{Cc}+$/u)
    .optional()
    .meta({ expected: 'a string that is not empty, without control characters' }),
});

/** Paths are appended to it, and it stands in logs: so its value is not shown here. */
function checkBare(name: string, url: string): void {
  const { username, password, search, hash } = new URL(url);
  if (username + password + search + hash === '') return;
  const message = `Expected \`${name}\` to be without credentials, query and fragment.`;
  throw new HydraError('HYDRA_INVALID_OPTION', message, { name });
}

/** The original's own cap. */
const MAX_APPS = 200;

/**
 * Checks a number of apps.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function checkNumberOfApps(howMany: unknown): void {
  const isNumber = typeof howMany === 'number' && Number.isInteger(howMany);
  if (isNumber && howMany >= 0 && howMany <= MAX_APPS) return;
  throw new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected the number of apps to be a whole number from 0 to ${MAX_APPS}, got ${describeValue(howMany)}.`,
    { name: 'howMany' },
  );
}

/**
 * Checks options and fills in the defaults.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function resolveFtOptions(options: FtApiHydraOptions): ResolvedFtOptions {
  checkOptions(schema, options);
  const { intraLogin, intraPassword, intraOtp, apiBase, profileBase, appPrefix, ...rest } = options;
  if (profileBase !== undefined) checkBare('profileBase', profileBase);
  return {
    intraLogin,
    intraPassword,
    intraOtp,
    apiBase: apiBase ?? 'https://api.intra.42.fr/v2',
    profileBase: (profileBase ?? 'https://profile.intra.42.fr').replace(/\/+$/, ''),
    appPrefix: appPrefix ?? 'ApiHydra_',
    rest,
  };
}

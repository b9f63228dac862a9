import { Secret, TOTP } from 'otpauth';
import { HydraError } from '../../index.js';

/** Where codes of the second factor come from: a TOTP secret (base32), or a function that returns one. */
export type OneTimeCodeSource = string | (() => string | Promise<string>);

/** Codes of RFC 6238 with its defaults: SHA-1, 6 digits, 30 seconds. */
const PERIOD_MS = 30_000;
/** From a secret: this period's code, and the next one's, since the server's clock may be ahead. */
const CODES_FROM_SECRET = 2;

/**
 * The code to give at the `attempt`-th try (0 is the first). From a secret, the second try gives the
 * next period's.
 *
 * @returns `undefined` when there is no other code to try.
 * @throws HydraError `HYDRA_INVALID_OPTION` for a secret that is not base32, and for a function that
 * returns no string; `HYDRA_OTP_REQUIRED` for a function that fails, unless it fails with a
 * `HydraError` of its own, which is passed on.
 */
export async function oneTimeCode(
  source: OneTimeCodeSource,
  attempt: number,
  wallNowMs: number,
): Promise<string | undefined> {
  if (typeof source === 'function') return attempt === 0 ? await askFunction(source) : undefined;
  if (attempt >= CODES_FROM_SECRET) return undefined;
  const totp = new TOTP({ secret: parseSecret(source) });
  return totp.generate({ timestamp: wallNowMs + attempt * PERIOD_MS });
}

async function askFunction(source: () => unknown): Promise<string> {
  let code: unknown;
  try {
    code = await source();
  } catch (cause) {
    if (cause instanceof HydraError) throw cause;
    const message = 'The sign-in wants a second factor, and the function `intraOtp` failed.';
    throw new HydraError('HYDRA_OTP_REQUIRED', message, { name: 'intraOtp', cause });
  }
  // A number would have lost the zeros at its beginning.
  if (typeof code === 'string' && code.trim() !== '') return code.trim();
  const got = typeof code === 'string' ? 'an empty one' : `a value of type ${typeof code}`;
  const message = `Expected the function \`intraOtp\` to return the code as a string, got ${got}.`;
  throw new HydraError('HYDRA_INVALID_OPTION', message, { name: 'intraOtp' });
}

function parseSecret(source: string): Secret {
  try {
    return Secret.fromBase32(source.replaceAll(' ', ''));
  } catch {
    const message =
      'Expected `intraOtp` to be a TOTP secret in base32 (A to Z, 2 to 7), or a function that returns a code.';
    throw new HydraError('HYDRA_INVALID_OPTION', message, { name: 'intraOtp' });
  }
}

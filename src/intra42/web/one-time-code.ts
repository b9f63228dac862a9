import { Secret, TOTP } from 'otpauth';
import { HydraError } from '../../index.js';

/** Where codes of the second factor come from: a TOTP secret (base32), or a function that returns one. */
export type OneTimeCodeSource = string | (() => string | Promise<string>);

/** Codes of RFC 6238 with its defaults: SHA-1, 6 digits, 30 seconds. */
const PERIOD_MS = 30_000;

/**
 * The code to give at the `attempt`-th try (0 is the first). From a secret, the second try gives the
 * next period's: the server's clock may be ahead.
 *
 * @returns `undefined` when there is no other code to try.
 * @throws HydraError `HYDRA_INVALID_OPTION` for a secret that is not base32.
 */
export async function oneTimeCode(
  source: OneTimeCodeSource,
  attempt: number,
  wallNowMs: number,
): Promise<string | undefined> {
  if (typeof source === 'function') return attempt === 0 ? await source() : undefined;
  if (attempt > 1) return undefined;
  const totp = new TOTP({ secret: parseSecret(source) });
  return totp.generate({ timestamp: wallNowMs + attempt * PERIOD_MS });
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

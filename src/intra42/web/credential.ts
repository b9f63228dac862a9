import { HydraError } from '../../index.js';

/** A login or a password, or a function that returns it. */
export type CredentialSource = string | (() => string | Promise<string>);

/**
 * The credential that is known under the option `name`.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` when there is none, when the function for it returns none,
 * and when it fails, unless it fails with a `HydraError` of its own, which is passed on.
 */
export async function credential(
  name: string,
  source: CredentialSource | undefined,
): Promise<string> {
  if (source === undefined) {
    throw invalid(name, `Expected \`${name}\` to be given: it has to sign in on the website.`);
  }
  const given: unknown = typeof source === 'function' ? await ask(name, source) : source;
  if (typeof given === 'string' && given !== '') return given;
  const got = typeof given === 'string' ? 'an empty one' : `a value of type ${typeof given}`;
  throw invalid(name, `Expected the function \`${name}\` to return a string, got ${got}.`);
}

async function ask(name: string, source: () => unknown): Promise<unknown> {
  try {
    return await source();
  } catch (cause) {
    if (cause instanceof HydraError) throw cause;
    throw invalid(name, `It has to sign in on the website, and the function \`${name}\` failed.`, {
      cause,
    });
  }
}

function invalid(
  name: string,
  message: string,
  more: { readonly cause?: unknown } = {},
): HydraError {
  return new HydraError('HYDRA_INVALID_OPTION', message, { name, ...more });
}

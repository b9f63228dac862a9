import type { Auth } from '../api.js';
import type { App } from '../app.js';
import { credential, unfitCredential } from './credential.js';
import { sameSignature } from './same-signature.js';

/** What {@link basicAuth} may be told. */
export interface BasicAuthOptions {
  /**
   * The password of every app, where an API takes a key as the user name and a fixed word, or nothing,
   * as the password.
   *
   * @defaultValue the credential `password` of each app
   */
  readonly password?: string;
}

/**
 * Signs with `Authorization: Basic ...` (RFC 7617, in UTF-8), from the credentials `username` and
 * `password` of each app.
 *
 * An app that lacks one is refused with `HYDRA_INVALID_OPTION`, and so is a user name with a colon,
 * where the password would begin.
 */
export function basicAuth(options: BasicAuthOptions = {}): Auth {
  const sign = sameSignature((app: App) => {
    const username = credential(app, 'username');
    if (username.includes(':')) throw unfitCredential(app, 'username', 'without a colon in it');
    const password = options.password ?? credential(app, 'password');
    const pair = Buffer.from(`${username}:${password}`).toString('base64');
    return { headers: { authorization: `Basic ${pair}` } };
  });
  return { authorize: (app) => sign(app), checkApp: (app) => void sign(app) };
}

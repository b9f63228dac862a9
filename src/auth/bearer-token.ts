import type { Auth } from '../api.js';
import type { App } from '../app.js';
import { headerCredential } from './credential.js';
import { sameSignature } from './same-signature.js';

/**
 * Signs with `Authorization: Bearer ...`, from the credential `token` of each app.
 *
 * An app that has none is refused with `HYDRA_INVALID_OPTION`.
 */
export function bearerToken(): Auth {
  const sign = sameSignature((app: App) => ({
    headers: { authorization: `Bearer ${headerCredential(app, 'token')}` },
  }));
  return { authorize: (app) => sign(app), checkApp: (app) => void sign(app) };
}

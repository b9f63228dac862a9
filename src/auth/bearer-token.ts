import type { Auth } from '../api.js';
import type { App } from '../app.js';
import { HydraError } from '../errors.js';
import { sameSignature } from './same-signature.js';

/**
 * Signs with `Authorization: Bearer ...`, from the credential `token` of each app.
 *
 * Throws `HYDRA_INVALID_OPTION` for an app that has none, when it is first used.
 */
export function bearerToken(): Auth {
  const sign = sameSignature((app: App) => ({
    authorization: `Bearer ${credential(app, 'token')}`,
  }));
  return { authorize: (app) => sign(app) };
}

/**
 * A credential of an app.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` when the app has none of this name.
 */
export function credential(app: App, name: string): string {
  const value = app.credentials[name];
  if (value) return value;
  throw new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected app ${app.id} to have the credential \`${name}\`; it has ${Object.keys(app.credentials).join(', ') || 'none'}.`,
    { name: `credentials.${name}`, appId: app.id },
  );
}

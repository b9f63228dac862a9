import type { App } from '../app.js';
import { HydraError } from '../errors.js';

/** What no header and no form takes; mostly a line break that came along from a file. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * A credential of an app.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` when the app has none of this name, an empty one, or one
 * with a line break or the like in it.
 */
export function credential(app: App, name: string): string {
  const value = app.credentials[name];
  if (!value) {
    const others = Object.keys(app.credentials).join(', ') || 'none';
    throw invalid(app, name, `to have the credential \`${name}\`; it has ${others}`);
  }
  if (CONTROL.test(value)) {
    throw unfitCredential(app, name, 'without line breaks and other control characters');
  }
  return value;
}

/**
 * Makes sure that an app has credentials of these names.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function checkCredentials(app: App, names: readonly string[]): void {
  for (const name of names) credential(app, name);
}

/**
 * A value that goes into a header as it is.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for one with characters that no header takes.
 */
export function headerCredential(app: App, name: string): string {
  const value = credential(app, name);
  // Beyond Latin-1, a header has no bytes for it.
  if (/^[\u0020-\u00ff]*$/.test(value)) return value;
  throw unfitCredential(app, name, 'of characters that a header takes');
}

/** The error for a credential of which `expected` does not hold. It does not show it. */
export function unfitCredential(app: App, name: string, expected: string): HydraError {
  return invalid(app, name, `to have a credential \`${name}\` ${expected}`);
}

function invalid(app: App, name: string, expected: string): HydraError {
  return new HydraError('HYDRA_INVALID_OPTION', `Expected app ${app.id} ${expected}.`, {
    name: `credentials.${name}`,
    appId: app.id,
  });
}

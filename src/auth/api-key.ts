import type { Auth } from '../api.js';
import type { App } from '../app.js';
import { describeValue, HydraError } from '../errors.js';
import { credential, headerCredential } from './credential.js';
import { sameSignature } from './same-signature.js';

/** Where {@link apiKey} puts the key. */
export interface ApiKeyOptions {
  /**
   * `'header'`, or `'query'`: on the wire only, never in the URLs of answers, errors, logs and files.
   * Servers and proxies on the way may still log it, so prefer a header where the API takes one.
   */
  readonly in: 'header' | 'query';
  /** The name of the header or of the query parameter. */
  readonly name: string;
  /**
   * What stands before the key, blanks included, such as `'Token '`.
   *
   * @defaultValue nothing
   */
  readonly prefix?: string;
}

/** The characters of a token in RFC 9110, of which names of headers are made. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Signs with a key in a header or in the query, from the credential `key` of each app.
 *
 * An app that has none is refused with `HYDRA_INVALID_OPTION`.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for another place, or a name that cannot be one.
 */
export function apiKey(options: ApiKeyOptions): Auth {
  const { name, prefix = '' } = options;
  if (options.in !== 'header' && options.in !== 'query') {
    throw invalid('in', "'header' or 'query'", options.in);
  }
  const isQuery = options.in === 'query';
  if (typeof name !== 'string' || !(isQuery ? name !== '' : HEADER_NAME.test(name))) {
    throw invalid('name', `the name of a ${isQuery ? 'query parameter' : 'header'}`, name);
  }
  const sign = sameSignature((app: App) =>
    isQuery
      ? { headers: {}, query: { [name]: prefix + credential(app, 'key') } }
      : { headers: { [name.toLowerCase()]: prefix + headerCredential(app, 'key') } },
  );
  return {
    authorize: (app) => sign(app),
    checkApp: (app) => void sign(app),
    ...(isQuery ? { queryNames: [name] } : {}),
  };
}

function invalid(name: string, expected: string, value: unknown): HydraError {
  const message = `Expected \`${name}\` of apiKey() to be ${expected}, got ${describeValue(value)}.`;
  return new HydraError('HYDRA_INVALID_OPTION', message, { name });
}

/** Every error that the library throws or records is a {@link HydraError}; its code says which. */

/** What each code means. The table in the documentation is checked against it. */
export const hydraErrorCodes = {
  HYDRA_INVALID_OPTION: 'An option is unknown, or its value has the wrong type or range.',
  HYDRA_INVALID_REQUEST: 'A request cannot be sent as it is: its path, query, header or body.',
  HYDRA_FOREIGN_ORIGIN: "A URL or redirect leads to another origin than the API's.",
  HYDRA_TOO_MANY_REDIRECTS:
    'A request was redirected more than 5 times, or a web page more than 10.',
  HYDRA_NO_APPS: 'There is no app to send the request with.',
  HYDRA_HTTP_STATUS: 'The server answered with a status that is no success.',
  HYDRA_NETWORK: 'The server, or the proxy before it, could not be reached, or broke off.',
  HYDRA_TIMEOUT: 'An attempt took longer than `timeoutMs`.',
  HYDRA_UNEXPECTED_BODY: 'The answer has not the promised type, or is cut short.',
  HYDRA_BODY_NOT_JSON: 'JSON was asked of a body that is none.',
  HYDRA_BODY_NOT_REPEATABLE:
    'A request must be sent again, but its body was a stream, of which a part was sent.',
  HYDRA_UNAUTHORIZED: 'The server refused a token that was just renewed.',
  HYDRA_CREDENTIALS_REJECTED: "The token endpoint rejected an app's credentials.",
  HYDRA_APPS_FILE: 'The apps file cannot be read, written or understood.',
  HYDRA_ABORTED: 'The caller aborted the request.',
  HYDRA_FINISHED: 'The hydra was asked for something after `finish()`.',
  HYDRA_WRONG_PASSWORD: 'The sign-in page rejected the login or the password.',
  HYDRA_OTP_REQUIRED:
    'The sign-in wants a second factor and none was given, or the function for it failed.',
  HYDRA_OTP_REJECTED: 'The sign-in page rejected the second factor.',
  HYDRA_PAGE_NOT_UNDERSTOOD: 'A web page misses an element that was expected in it.',
  HYDRA_STORE: 'Recorded outcomes cannot be read back: a segment is gone or cannot be read.',
  HYDRA_RUN_DIRECTORY: "A run's directory cannot be made, read or understood, or is another run's.",
  HYDRA_RUN_LOCKED: "Another process works in the run's directory.",
  HYDRA_SOURCE_CHANGED: 'A run was resumed with other requests than it was begun with.',
  HYDRA_INPUT_FILE: 'A file with requests or values cannot be read or understood.',
  HYDRA_EXPORT: 'An export cannot be written as asked.',
  HYDRA_CONFIG: 'A configuration file is not there, or cannot be read or understood.',
  HYDRA_PAGINATION: 'A page holds no list, or pages do not tell or come to their end.',
  HYDRA_APP_NOT_MADE: 'The website did not accept a new app.',
} as const;

/** A literal code of {@link HydraError}. */
export type HydraErrorCode = keyof typeof hydraErrorCodes;

/** The facts of a {@link HydraError}; which ones are there depends on its code. */
export interface HydraErrorFacts {
  /** The option, field or element that is at fault. */
  readonly name?: string;
  /** The URL that was asked. */
  readonly url?: string;
  /** The HTTP status that was answered. */
  readonly status?: number;
  /** The id of the app that was used. */
  readonly appId?: string;
  /** How many attempts were made. */
  readonly attempts?: number;
  /** The file that is at fault. */
  readonly file?: string;
  /** The line in it, from 1. */
  readonly line?: number;
  /** The error behind this one. */
  readonly cause?: unknown;
}

/** An error of the library. Its message, facts and cause never hold a secret, token or password. */
export class HydraError extends Error {
  override readonly name = 'HydraError';
  readonly code: HydraErrorCode;
  /** The option, field, element, file, URL and so on that the message speaks of. */
  readonly facts: Omit<HydraErrorFacts, 'cause'>;

  constructor(code: HydraErrorCode, message: string, facts: HydraErrorFacts = {}) {
    const { cause, ...others } = facts;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.facts = others;
  }
}

/** Names a value and its type for an error message: `"2" (string)`. Long values are cut. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'Object'})`;
  if (typeof value === 'function') return 'a function';
  // A symbol is the one thing that a template does not take.
  const text = typeof value === 'symbol' ? value.toString() : `${value as number}`;
  const shown = typeof value === 'string' ? JSON.stringify(value) : text;
  return `${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown} (${typeof value})`;
}

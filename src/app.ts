import type { Limit } from './limits/limit.js';

/** One registered application of an API: a credential with limits of its own. */
export interface App {
  /** Names the app in files, logs and answers. Unique in a hydra. */
  readonly id: string;
  /** The name that people see. */
  readonly name?: string;
  /** What the API's {@link Auth} signs with, under the names that it expects. Secret. */
  readonly credentials: Readonly<Record<string, string>>;
  /** All windows of this app, where they differ from the API's. */
  readonly limits?: readonly Limit[];
}

/** What an app signs with for a time. */
export interface Token {
  /** The token itself. Secret. */
  readonly value: string;
  /** When it expires, milliseconds since the Unix epoch; absent: never. */
  readonly expiresAtMs?: number;
  /** What gets the next token, where this one came with such. Secret. */
  readonly refreshToken?: string;
}

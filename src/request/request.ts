/** What a caller asks for, and the record that carries it through the engine. */
import type { HydraError } from '../errors.js';
import type { HydraResponse } from './response.js';

/** The methods that a hydra sends. */
export type RequestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A value of a query parameter; a list repeats the parameter, `undefined` leaves it out. */
export type QueryValue =
  | string
  | number
  | boolean
  | undefined
  | readonly (string | number | boolean)[];

/** Options of one request. */
export interface RequestOptions {
  /** Appended to the path, percent-encoded. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent with this request; they replace the API's of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. Not together with `body`. */
  readonly json?: unknown;
  /** Sent as it is. Not together with `json`. */
  readonly body?: string | Uint8Array;
  /** A name of your own, handed back with the answer. */
  readonly key?: string;
  /**
   * Whole number; requests with a higher one are sent first. Of each ten that are sent while lower ones
   * wait, one is a lower one, each priority in its turn: none waits for ever.
   *
   * @defaultValue 0
   */
  readonly priority?: number;
  /** Time for one attempt, to the last byte of its body, milliseconds; replaces the hydra's. */
  readonly timeoutMs?: number;
  /** Ends the request with `HYDRA_ABORTED` when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * Says that sending the request twice does no harm, so that it is sent again where the server may
   * have acted on it already.
   *
   * @defaultValue `true` for GET, PUT and DELETE (RFC 9110, section 9.2.2), `false` for POST and PATCH
   */
  readonly idempotent?: boolean;
}

/** A request that has no response: what was asked, and why it failed. */
export interface HydraFailure {
  /** Number of the request, from 0, in the order of asking. */
  readonly id: number;
  readonly method: RequestMethod;
  readonly url: string;
  readonly key?: string;
  /** Attempts that were made; refused ones (429) do not count. */
  readonly attempts: number;
  /** When it failed for good, milliseconds since the Unix epoch. */
  readonly endedAtMs: number;
  readonly error: HydraError;
}

/** What became of a request: each gets exactly one. */
export type Outcome =
  | { readonly kind: 'response'; readonly response: HydraResponse }
  | { readonly kind: 'failure'; readonly failure: HydraFailure };

/** The id of the request that an outcome belongs to. */
export function outcomeId(outcome: Outcome): number {
  return outcome.kind === 'response' ? outcome.response.id : outcome.failure.id;
}

/** The URL that an outcome's request asked. */
export function outcomeUrl(outcome: Outcome): string {
  return outcome.kind === 'response' ? outcome.response.url : outcome.failure.url;
}

import { HydraError } from '../errors.js';
import { isJson, saysJson } from '../json-body.js';
import type { RequestMethod } from './request.js';

/** The parts of a {@link HydraResponse}. */
export interface ResponseParts {
  readonly id: number;
  readonly method: RequestMethod;
  readonly url: string;
  readonly key?: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly attempts: number;
  readonly appId: string;
  readonly durationMs: number;
  readonly endedAtMs: number;
  readonly body: Uint8Array;
  /** Whether the body is JSON, where that is known already; else the content type is asked. */
  readonly isJson?: boolean | undefined;
}

const decoder = new TextDecoder();

/** A successful answer. Its body is at hand: reading it does not wait, and may be done many times. */
export class HydraResponse {
  /** Number of the request, from 0, in the order of asking. */
  readonly id: number;
  readonly method: RequestMethod;
  /** The URL that was asked; where the server redirected, still that one. */
  readonly url: string;
  /** The request's `key`, if it had one. */
  readonly key: string | undefined;
  readonly status: number;
  /** Lower-case names; several `set-cookie` come as a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Attempts that it took; refused ones (429) do not count. */
  readonly attempts: number;
  /** The app that the successful attempt was made with. */
  readonly appId: string;
  /** Time from sending the successful attempt to its last byte, milliseconds. */
  readonly durationMs: number;
  /** When its last byte came, milliseconds since the Unix epoch. */
  readonly endedAtMs: number;
  /** True when the body was promised to be JSON, by the API or by its type, and is. */
  readonly isJson: boolean;
  readonly #body: Uint8Array;

  constructor(parts: ResponseParts) {
    this.id = parts.id;
    this.method = parts.method;
    this.url = parts.url;
    this.key = parts.key;
    this.status = parts.status;
    this.headers = parts.headers;
    this.attempts = parts.attempts;
    this.appId = parts.appId;
    this.durationMs = parts.durationMs;
    this.endedAtMs = parts.endedAtMs;
    this.#body = parts.body;
    this.isJson = parts.isJson ?? (saysJson(parts.headers) && isJson(parts.body));
  }

  /**
   * The body, parsed.
   *
   * @throws HydraError `HYDRA_BODY_NOT_JSON` when it is no JSON.
   */
  json<T = unknown>(): T {
    try {
      return JSON.parse(this.text()) as T;
    } catch (cause) {
      const type = String(this.headers['content-type'] ?? 'no content type');
      throw new HydraError(
        'HYDRA_BODY_NOT_JSON',
        `Expected the body of ${this.method} ${this.url} to be JSON, got ${this.#body.byteLength} bytes of ${type}.`,
        { url: this.url, status: this.status, cause },
      );
    }
  }

  /** The body as UTF-8 text. */
  text(): string {
    return decoder.decode(this.#body);
  }

  /** The body's bytes, decompressed. Not a copy. */
  bytes(): Uint8Array {
    return this.#body;
  }
}

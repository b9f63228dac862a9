/** Carries one attempt to the server and back. Knows nothing of apps, limits or retries. */

/** One attempt, ready to send. */
export interface TransportRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | undefined;
  /** Time until the last byte of the answer, milliseconds. */
  readonly timeoutMs: number;
  /** True where the API promises JSON, whatever the type of the answer says. */
  readonly expectsJson?: boolean | undefined;
  /**
   * Settles with the head of the answer; its body is in `coming`, as it is on the wire. The time-out
   * then bounds the time until the head, or in which nothing moves: it is late by up to as much again.
   * A transport that cannot do so settles with the whole answer.
   */
  readonly asStream?: boolean | undefined;
  /** Sent instead of `body`, as it comes. Only with `asStream`. */
  readonly bodyStream?: AsyncIterable<Uint8Array> | undefined;
}

/** Takes an answer's body piece by piece; `onEnd` or `onError` is called once, then nothing more. */
export interface BodyReceiver {
  onData(chunk: Uint8Array): void;
  onEnd(trailers: Readonly<Record<string, string | string[] | undefined>>): void;
  onError(error: Error): void;
}

/** The body of an answer of which the head is here. Nothing of it is read until somebody takes it. */
export interface ComingBody {
  /** True while whoever took it wants no more for now. */
  readonly isPaused: boolean;
  /** Bytes that have come so far, on the wire. */
  readonly wireBytes: number;
  /** Has it called once nothing more comes, whatever the reason. */
  onOver(callback: () => void): void;
  /** Has `reader` see what comes as well, before whoever takes it. Called while nobody has. */
  watch(reader: Pick<BodyReceiver, 'onData' | 'onEnd'>): void;
  /** Takes it: pieces come from now on, while it is not paused. */
  take(receiver: BodyReceiver): void;
  /** Lets go of it, unless it was taken. */
  letGo(): void;
  pause(): void;
  resume(): void;
  /** Breaks it off; the receiver's `onError` gets the reason. */
  abort(reason: Error): void;
}

/** How an attempt ended. */
export type TransportResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** Lower-case names; several `set-cookie` come as a list. */
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      /** The body, decoded. */
      readonly body: Uint8Array;
      /** Bytes of the body on the wire. */
      readonly wireBytes: number;
      /**
       * When the request was handed to a connection, on the runtime's clock; when it was sent, where
       * that is not known. What it waited for before (making the connection) is over then.
       */
      readonly writtenAtMs?: number | undefined;
      /** When the head of the answer came, on the runtime's clock: the server has counted it by then. */
      readonly headAtMs?: number | undefined;
      /**
       * Whether the body is JSON, where the transport has looked, in another thread: else whoever
       * wants to know looks. It looks where the request expects JSON, or the answer's type says so.
       */
      readonly isJson?: boolean | undefined;
      /** The reason phrase, where the request asked for a stream. */
      readonly statusText?: string | undefined;
      /** The body, where the request asked for a stream: then `body` is empty. */
      readonly coming?: ComingBody | undefined;
    }
  /** The server has not acted on it: there was no connection, or it said so (HTTP/2). */
  | { readonly kind: 'unreachable'; readonly error: Error }
  /** The connection broke, or the body is cut short: the server may have acted. */
  | { readonly kind: 'broken'; readonly error: Error }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

/** An attempt that was sent. */
export interface AttemptUnderWay {
  /** Breaks it off; its result is then `aborted`. Does nothing once it has ended. */
  abort(): void;
}

/** A way to carry attempts: undici in this thread, worker threads, or a simulated network. */
export interface Transport {
  /** Starts an attempt; calls `settle` exactly once, never before it returns. Does not throw. */
  send(request: TransportRequest, settle: (result: TransportResult) => void): AttemptUnderWay;
  /** HTTP outside the apps' limits: tokens, sign-in, pages. */
  readonly fetch: typeof globalThis.fetch;
  /** Closes all connections. What is under way ends as `broken` or `aborted`. */
  close(): Promise<void>;
}

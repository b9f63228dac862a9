import * as http2 from 'node:http2';
import { pipeline, Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { NOT_SEEN } from './failure-kind.js';

const { HTTP2_HEADER_STATUS, NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } =
  http2.constants;

/** Errors of Node that say that a connection takes no more streams. */
const NO_MORE_STREAMS = new Set(['ERR_HTTP2_INVALID_SESSION', 'ERR_HTTP2_GOAWAY_SESSION']);

/** What is sent after the head. */
export type OutgoingBody = Uint8Array | string | AsyncIterable<Uint8Array>;

/** One request on an HTTP/2 connection, told to a handler as undici tells its own. */
export class Http2Stream implements Dispatcher.DispatchController {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #onEnd: (isDoubtful: boolean) => void;
  #stream: http2.ClientHttp2Stream | undefined;
  #reason: Error | undefined;
  #error: Error | undefined;
  #hasHead = false;
  #hasEnd = false;
  #isOver = false;

  /** @param onEnd - told whether it was broken off before anything had come. */
  constructor(handler: Dispatcher.DispatchHandler, onEnd: (isDoubtful: boolean) => void) {
    this.#handler = handler;
    this.#onEnd = onEnd;
  }

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  get paused(): boolean {
    return this.#stream?.isPaused() ?? false;
  }

  get reason(): Error | null {
    return this.#reason ?? null;
  }

  /** Sends it, unless the handler breaks it off before. */
  start(send: () => http2.ClientHttp2Stream): void {
    this.#handler.onRequestStart?.(this, {});
    if (this.#isOver) return;
    try {
      this.#stream = send();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const reason = NO_MORE_STREAMS.has(code) ? notSeen(error as Error) : (error as Error);
      queueMicrotask(() => this.#fail(reason));
      return;
    }
    const stream = this.#stream;
    stream.on('response', (head) => this.#onHead(head));
    stream.on('data', (chunk: Buffer) => {
      if (!this.#isOver) this.#handler.onResponseData?.(this, chunk);
    });
    stream.on('end', () => (this.#hasEnd = true));
    stream.on('error', (error: Error) => (this.#error = error));
    stream.on('close', () => this.#onClose(stream));
  }

  /** Sends the body. */
  write(body: OutgoingBody): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    if (typeof body === 'string' || body instanceof Uint8Array) {
      stream.end(body);
      return;
    }
    // How it ends, the stream tells itself, unless the body fails.
    pipeline(Readable.from(body, { objectMode: false }), stream, (error) => {
      if (error && !stream.closed) this.abort(error);
    });
  }

  abort(reason: Error): void {
    if (this.#isOver) return;
    this.#reason = reason;
    this.#stream?.close(NGHTTP2_CANCEL);
    this.#finish(this.#stream !== undefined && !this.#hasHead);
    this.#handler.onResponseError?.(this, reason);
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  #onHead(head: http2.IncomingHttpHeaders): void {
    if (this.#isOver) return;
    this.#hasHead = true;
    const headers: Record<string, string | string[] | undefined> = {};
    for (const [name, value] of Object.entries(head)) {
      // Node makes a list of `set-cookie` also where there is one only.
      if (!name.startsWith(':')) headers[name] = unwrap(value);
    }
    this.#handler.onResponseStart?.(this, Number(head[HTTP2_HEADER_STATUS]), headers);
  }

  /** Only now is it sure that the answer is whole: a stream that is broken off may "end", too. */
  #onClose(stream: http2.ClientHttp2Stream): void {
    if (this.#isOver) return;
    const isWhole =
      this.#hasHead && this.#hasEnd && !stream.aborted && stream.rstCode === NGHTTP2_NO_ERROR;
    if (isWhole && this.#error === undefined) {
      this.#finish(false);
      this.#handler.onResponseEnd?.(this, {});
      return;
    }
    const error = this.#error ?? new Error(`The stream was closed with code ${stream.rstCode}`);
    const isRefused = stream.rstCode === NGHTTP2_REFUSED_STREAM && !this.#hasHead;
    this.#fail(isRefused ? notSeen(error) : error);
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#finish(false);
    this.#handler.onResponseError?.(this, error);
  }

  #finish(isDoubtful: boolean): void {
    this.#isOver = true;
    this.#onEnd(isDoubtful);
  }
}

function unwrap(value: string | string[] | undefined): string | string[] | undefined {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function notSeen(cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { code: NOT_SEEN });
}

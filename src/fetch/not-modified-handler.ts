import type { Dispatcher, cacheStores } from 'undici';

type Controller = Dispatcher.DispatchController;
type Handler = Dispatcher.DispatchHandler;
type Headers = Record<string, string | string[] | undefined>;

/** An answer that is kept in memory. */
export type KeptAnswer = Extract<
  ReturnType<InstanceType<typeof cacheStores.MemoryCacheStore>['get']>,
  { statusCode: number }
>;

/** Headers of a 304 that say nothing of the answer that is kept (RFC 9111, section 3.2). */
const NOT_TAKEN = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'transfer-encoding',
]);

/**
 * Makes of the answer "not modified" the answer that is kept, with what is new in its head: so it is
 * kept anew, for as long as it is fresh from now on (RFC 9111, section 4.3.4).
 */
export class NotModifiedHandler implements Handler {
  readonly #handler: Handler;
  readonly #kept: KeptAnswer;
  #isKept = false;

  constructor(handler: Handler, kept: KeptAnswer) {
    this.#handler = handler;
    this.#kept = kept;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#handler.onRequestStart?.(controller, context);
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, text?: string): void {
    this.#isKept = status === 304 && isSameVersion(headers['etag'], this.#kept.etag);
    if (!this.#isKept) {
      this.#handler.onResponseStart?.(controller, status, headers, text);
      return;
    }
    const { statusCode, statusMessage } = this.#kept;
    this.#handler.onResponseStart?.(
      controller,
      statusCode,
      this.#freshened(headers),
      statusMessage,
    );
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (!this.#isKept) this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    // In memory, a body is a list of what came.
    const pieces = this.#isKept ? (this.#kept.body as Iterable<Buffer>) : [];
    for (const piece of pieces) this.#handler.onResponseData?.(controller, piece);
    this.#handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#handler.onResponseError?.(controller, error);
  }

  #freshened(headers: Headers): Headers {
    const news = Object.entries(headers).filter(([name]) => !NOT_TAKEN.has(name));
    const { age: _age, ...kept } = this.#kept.headers as Headers;
    return { ...kept, ...Object.fromEntries(news) };
  }
}

/** Weak comparison (RFC 9110, section 8.8.3.2); who names no version means the one that was asked for. */
function isSameVersion(told: string | string[] | undefined, kept: string | undefined): boolean {
  return told === undefined || String(told).replace(/^W\//, '') === kept?.replace(/^W\//, '');
}

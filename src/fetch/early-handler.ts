import { errors, type Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;
type Handler = Dispatcher.DispatchHandler;
type Headers = Record<string, string | string[] | undefined>;

/** What is under way for a handler, as far as it can be broken off. */
export interface UnderWay {
  abort(reason: Error): void;
}

/** The key under which a request carries the {@link EarlyHandler} that may break it off. */
export const earlyKey: unique symbol = Symbol('apihydra.early');

/**
 * Gives a handler its controller at once. Undici's cache gives it none while it asks whether an answer
 * still holds, so that nobody could break that off.
 */
export class EarlyHandler implements Handler, Controller {
  aborted = false;
  reason: Error | null = null;
  /** What is under way. */
  underWay: UnderWay | undefined;
  readonly #handler: Handler;
  #controller: Controller | undefined;

  constructor(handler: Handler) {
    this.#handler = handler;
    handler.onRequestStart?.(this, {});
  }

  get paused(): boolean {
    return this.#controller?.paused ?? false;
  }

  get rawHeaders(): NonNullable<Controller['rawHeaders']> | null {
    return this.#controller?.rawHeaders ?? null;
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(reason?: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason ?? new errors.RequestAbortedError();
    (this.#controller ?? this.underWay)?.abort(this.reason);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, text?: string): void {
    this.#controller = controller;
    this.#handler.onResponseStart?.(this, status, headers, text);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#handler.onResponseData?.(this, chunk);
  }

  onResponseEnd(_controller: Controller, trailers: Headers): void {
    this.#handler.onResponseEnd?.(this, trailers);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#handler.onResponseError?.(this, error);
  }
}

import type { Dispatcher } from 'undici';
import type { Clock, Timer } from '../clock.js';
import type { Deadlines, Expiring } from './deadlines.js';
import { decodeBody } from './decode-body.js';
import { failureKind } from './failure-kind.js';
import type { AttemptUnderWay, TransportResult } from './transport.js';

const noHeaders = {};

/** Receives one attempt from undici and settles it, once, whatever happens. */
export class AttemptHandler implements Dispatcher.DispatchHandler, AttemptUnderWay, Expiring {
  readonly #settle: (result: TransportResult) => void;
  readonly #clock: Clock;
  readonly #deadline: Timer;
  #controller: Dispatcher.DispatchController | undefined;
  #ended: 'timeout' | 'aborted' | undefined;
  #settled = false;
  #status = 0;
  #headers: Record<string, string | string[] | undefined> = noHeaders;
  #chunks: Buffer[] | undefined;
  #wireBytes = 0;
  #writtenAtMs: number | undefined;
  #headAtMs: number | undefined;

  constructor(
    clock: Clock,
    deadlines: Deadlines,
    timeoutMs: number,
    settle: (result: TransportResult) => void,
  ) {
    this.#settle = settle;
    this.#clock = clock;
    this.#deadline = deadlines.set(this, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#writtenAtMs = this.#clock.now();
    // It may have ended while it waited for a connection: then it is not sent at all.
    if (this.#ended !== undefined) controller.abort(new Error(this.#ended));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#headAtMs = this.#clock.now();
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // Nearly always all comes at once: a list that is made for one is smaller than one that grows.
    if (this.#chunks === undefined) this.#chunks = [chunk];
    else this.#chunks.push(chunk);
    this.#wireBytes += chunk.byteLength;
  }

  onResponseEnd(): void {
    const encoding = this.#headers['content-encoding']?.toString();
    const chunks = this.#chunks ?? [];
    const raw = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    if (encoding === undefined || raw.byteLength === 0) {
      this.#respond(raw);
      return;
    }
    decodeBody(raw, encoding).then(
      (body) => this.#respond(body),
      (error: unknown) => this.#finish({ kind: 'broken', error: error as Error }),
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** Settles as failed, but not before the running code has ended. */
  failLater(error: Error): void {
    queueMicrotask(() => this.#fail(error));
  }

  onDeadline(): void {
    this.#end('timeout');
  }

  abort(): void {
    this.#end('aborted');
  }

  #respond(body: Uint8Array): void {
    this.#finish({
      kind: 'response',
      status: this.#status,
      headers: this.#headers,
      body,
      wireBytes: this.#wireBytes,
      writtenAtMs: this.#writtenAtMs,
      headAtMs: this.#headAtMs,
    });
  }

  #fail(error: Error): void {
    this.#finish({ kind: this.#status === 0 ? failureKind(error) : 'broken', error });
  }

  #end(kind: 'timeout' | 'aborted'): void {
    if (this.#settled) return;
    this.#ended = kind;
    // First the result: aborting calls `onResponseError` at once, which would settle it as broken.
    this.#finish({ kind });
    this.#controller?.abort(new Error(kind));
  }

  #finish(result: TransportResult): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#deadline.cancel();
    this.#chunks = undefined;
    this.#settle(result);
  }
}

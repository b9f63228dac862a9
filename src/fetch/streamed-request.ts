import { errors, type Dispatcher } from 'undici';
import type { AnswerReceiver, StreamedAnswer } from '../engine/answer-receiver.js';
import type { Job } from '../engine/job.js';
import { HydraError } from '../errors.js';
import type { Outcome } from '../request/request.js';
import type { BodyReceiver, ComingBody } from '../transport/transport.js';
import type { HeaderRecord } from '../api.js';
import type { Revalidation } from './app-cache.js';
import type { FetchHost } from './fetch-host.js';
import { rawPairs } from './older-handler.js';
import type { OneTimeStream } from './request-body.js';

type Headers = StreamedAnswer['headers'];

/**
 * A request on its way from an undici handler to the engine and back. To the handler it is the
 * controller: it pauses the body, and breaks off whatever is under way.
 */
export class StreamedRequest
  implements AnswerReceiver, BodyReceiver, Dispatcher.DispatchController
{
  aborted = false;
  paused = false;
  reason: Error | null = null;
  bodyStream: OneTimeStream | undefined;
  headers: HeaderRecord = {};
  /** Set where it asks whether an answer still holds. */
  revalidation: Revalidation | undefined;
  /** Set once the engine has it. */
  job: Job | undefined;
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #host: Pick<FetchHost, 'withdraw' | 'during'>;
  readonly #onEnd: (request: StreamedRequest) => void;
  #coming: ComingBody | undefined;
  #answerHeaders: Headers = {};
  #facts: { status?: number; appId?: string } = {};
  #isOver = false;

  constructor(
    handler: Dispatcher.DispatchHandler,
    host: Pick<FetchHost, 'withdraw' | 'during'>,
    onEnd: (request: StreamedRequest) => void,
  ) {
    this.#handler = handler;
    this.#host = host;
    this.#onEnd = onEnd;
  }

  /** Names and values in turn, as some handlers want them. */
  get rawHeaders(): Buffer[] {
    return rawPairs(this.#answerHeaders);
  }

  get preferredAppId(): string | undefined {
    return this.revalidation?.appId;
  }

  prepareFor(appId: string): void {
    const { headers = {} } = this.job?.options ?? {};
    this.headers = headers;
    if (this.preferredAppId === undefined || this.preferredAppId === appId) return;
    // What another app was told does not concern this one.
    const { 'if-none-match': _etag, 'if-modified-since': _date, ...others } = headers;
    this.headers = others;
  }

  get canSend(): boolean {
    return this.bodyStream?.wasRead !== true;
  }

  /** Tells the handler that it has begun. */
  begin(): void {
    this.#tell(() => this.#handler.onRequestStart?.(this, {}));
  }

  put(outcome: Outcome): void {
    if (outcome.kind === 'failure') this.fail(outcome.failure.error);
  }

  onAnswer({ status, headers, statusText, coming, body }: StreamedAnswer, appId: string): void {
    this.#coming = coming;
    this.#answerHeaders = headers;
    this.#facts = { status, appId };
    this.#tell(() =>
      this.#host.during(appId, () =>
        this.#handler.onResponseStart?.(this, status, { ...headers }, statusText),
      ),
    );
    if (this.#isOver) return;
    if (coming !== undefined) {
      coming.take(this);
      return;
    }
    // Of a transport that knows no streams.
    if (body.byteLength > 0) this.onData(body);
    this.onEnd({});
  }

  onData(chunk: Uint8Array): void {
    this.#tell(() => this.#handler.onResponseData?.(this, chunk as Buffer));
  }

  onEnd(trailers: Headers): void {
    if (this.#isOver) return;
    this.#finish();
    try {
      this.#handler.onResponseEnd?.(this, { ...trailers });
    } catch (error) {
      // Undici's handlers for retries throw what they want to be told.
      this.#tellError(error as Error);
    }
  }

  onError(error: Error): void {
    if (this.aborted || error instanceof HydraError) return this.fail(error);
    const facts = { ...this.#facts, ...(this.job && { url: this.job.url }), cause: error };
    const message = `The connection broke off within the body of the answer (${error.message}).`;
    this.fail(new HydraError('HYDRA_NETWORK', message, facts));
  }

  /** Ends it with an error. */
  fail(error: Error): void {
    if (this.#isOver) return;
    this.#finish();
    this.#tellError(error);
  }

  pause(): void {
    this.paused = true;
    this.#coming?.pause();
  }

  resume(): void {
    this.paused = false;
    this.#coming?.resume();
  }

  abort(reason?: Error): void {
    if (this.#isOver) return;
    this.aborted = true;
    this.reason = reason ?? new errors.RequestAbortedError();
    if (this.#coming !== undefined) this.#coming.abort(this.reason);
    else if (this.job !== undefined) this.#host.withdraw(this.job);
    this.fail(this.reason);
  }

  /** What a handler throws ends its request, and nothing else. */
  #tell(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.abort(error as Error);
    }
  }

  /** Where that throws as well there is nobody left to tell; what is under way elsewhere must go on. */
  #tellError(error: Error): void {
    try {
      this.#handler.onResponseError?.(this, error);
    } catch {
      // See above.
    }
  }

  #finish(): void {
    this.#isOver = true;
    this.#onEnd(this);
  }
}

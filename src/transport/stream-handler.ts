import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock, Timer } from '../clock.js';
import type { Deadlines, Expiring } from './deadlines.js';
import { HydraError } from '../errors.js';
import { failureKind } from './failure-kind.js';
import type {
  AttemptUnderWay,
  BodyReceiver,
  ComingBody,
  TransportRequest,
  TransportResult,
} from './transport.js';

/** Of a body that nobody wants, so much is read to keep the connection; more costs more than a new one. */
const READ_AWAY_BYTES = 65_536;

type Trailers = Readonly<Record<string, string | string[] | undefined>>;

/** `held`: the head is here, nobody has taken the body. `dropped`: nobody wants it. */
type State = 'asked' | 'held' | 'flowing' | 'dropped' | 'over';

/** Receives one attempt from undici, settles it with the head of its answer, and hands the body on. */
export class StreamHandler
  implements Dispatcher.DispatchHandler, AttemptUnderWay, Expiring, ComingBody
{
  /** What undici sends. */
  readonly body: NonNullable<Dispatcher.DispatchOptions['body']> | null;
  wireBytes = 0;
  isPaused = false;
  readonly #settle: (result: TransportResult) => void;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #timeoutMs: number;
  #deadline: Timer;
  /** Whether something has come or gone since the deadline was set. */
  #hasMoved = false;
  #state: State = 'asked';
  #controller: Dispatcher.DispatchController | undefined;
  #receiver: BodyReceiver | undefined;
  #watching: Pick<BodyReceiver, 'onData' | 'onEnd'> | undefined;
  #onOver: (() => void) | undefined;
  /** What came before the body was taken, though it was paused. */
  #early: Uint8Array[] = [];
  #earlyEnd: Trailers | undefined;
  #writtenAtMs: number | undefined;

  constructor(
    clock: Clock,
    deadlines: Deadlines,
    request: TransportRequest,
    settle: (result: TransportResult) => void,
  ) {
    this.#settle = settle;
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#timeoutMs = request.timeoutMs;
    const { bodyStream, body = null } = request;
    // It takes any iterable, which its types do not say.
    this.body = bodyStream === undefined ? body : (this.#watch(bodyStream) as unknown as Readable);
    this.#deadline = deadlines.set(this, request.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#writtenAtMs = this.#clock.now();
    // It may have ended while it waited for a connection: then it is not sent at all.
    if (this.#state === 'over') controller.abort(new Error('ended'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    statusText?: string,
  ): void {
    // Those before the last (100, 103) announce it.
    if (this.#state !== 'asked' || status < 200) return;
    this.#state = 'held';
    this.#hasMoved = true;
    this.#settle({
      kind: 'response',
      status,
      headers,
      body: new Uint8Array(),
      wireBytes: 0,
      writtenAtMs: this.#writtenAtMs,
      headAtMs: this.#clock.now(),
      statusText,
      coming: this,
    });
    if (this.#isHeld()) controller.pause();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#hasMoved = true;
    this.wireBytes += chunk.byteLength;
    this.#watching?.onData(chunk);
    if (this.#state === 'flowing') this.#receiver?.onData(chunk);
    else if (this.#state === 'held') this.#early.push(chunk);
    else if (this.#state === 'dropped' && this.wireBytes > READ_AWAY_BYTES)
      this.#breakOff(controller);
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: Trailers): void {
    if (this.#state === 'over') return;
    this.#watching?.onEnd(trailers);
    if (this.#state === 'held') {
      this.#earlyEnd = trailers;
      return;
    }
    this.#finish();
    this.#receiver?.onEnd(trailers);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** Settles as failed, but not before the running code has ended. */
  failLater(error: Error): void {
    queueMicrotask(() => this.#fail(error));
  }

  onDeadline(): void {
    if (this.#hasMoved || this.isPaused) {
      this.#hasMoved = false;
      this.#deadline = this.#deadlines.set(this, this.#timeoutMs);
      return;
    }
    if (this.#state === 'asked') return this.#end('timeout');
    const message = `No further byte of the body within ${this.#timeoutMs} ms.`;
    this.abort(new HydraError('HYDRA_TIMEOUT', message));
  }

  /** Breaks off the attempt or, once the head is here, the body. */
  abort(reason: Error = new Error('aborted')): void {
    if (this.#state === 'over') return;
    if (this.#state === 'asked') return this.#end('aborted');
    this.#finish();
    this.#controller?.abort(reason);
    this.#receiver?.onError(reason);
  }

  onOver(callback: () => void): void {
    if (this.#state === 'over') callback();
    else this.#onOver = callback;
  }

  watch(reader: Pick<BodyReceiver, 'onData' | 'onEnd'>): void {
    this.#watching = reader;
  }

  take(receiver: BodyReceiver): void {
    if (this.#state !== 'held') return;
    this.#state = 'flowing';
    this.#receiver = receiver;
    for (const chunk of this.#early.splice(0)) receiver.onData(chunk);
    this.#goOn();
  }

  letGo(): void {
    if (this.#state !== 'held') return;
    this.#state = 'dropped';
    this.isPaused = false;
    this.#goOn();
  }

  pause(): void {
    if (this.#state !== 'flowing' && this.#state !== 'held') return;
    this.isPaused = true;
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#hasMoved = true;
    this.#controller?.resume();
  }

  #goOn(): void {
    if (this.#earlyEnd !== undefined) {
      this.#finish();
      this.#receiver?.onEnd(this.#earlyEnd);
    } else if (!this.isPaused && this.#controller?.paused) {
      this.#controller.resume();
    }
  }

  #breakOff(controller: Dispatcher.DispatchController): void {
    this.#finish();
    controller.abort(new Error('Nobody wants the rest of the body'));
  }

  #fail(error: Error): void {
    if (this.#state === 'over') return;
    const isAsked = this.#state === 'asked';
    this.#finish();
    if (isAsked) this.#settle({ kind: failureKind(error), error });
    else this.#receiver?.onError(error);
  }

  #end(kind: 'timeout' | 'aborted'): void {
    this.#finish();
    this.#settle({ kind });
    this.#controller?.abort(new Error(kind));
  }

  #finish(): void {
    this.#state = 'over';
    this.isPaused = false;
    this.#deadline.cancel();
    this.#onOver?.();
  }

  /** Settling may have changed the state, which the compiler does not see. */
  #isHeld(): boolean {
    return this.#state === 'held';
  }

  /** A large body may take longer than the answer may: as long as it goes out, there is no time-out. */
  async *#watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of body) {
      this.#hasMoved = true;
      yield chunk;
    }
  }
}

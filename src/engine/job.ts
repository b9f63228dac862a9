import type { AnswerReceiver } from './answer-receiver.js';
import type { HydraFailure, Outcome, RequestMethod, RequestOptions } from '../request/request.js';
import type { HydraError } from '../errors.js';
import type { Amounts } from '../scheduling/app-costs.js';
import type { Queued } from '../scheduling/request-queue.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import type { AbortAttempt } from '../transport/transport.js';

/** A request on its way through the engine. One object each, and no promise until somebody waits. */
export class Job implements Queued {
  readonly id: number;
  readonly method: RequestMethod;
  /** The URL that was asked. */
  readonly url: string;
  readonly options: RequestOptions;
  /** What it carries: JSON as it was when it was asked for. */
  readonly body: string | Uint8Array | undefined;
  /** Where it is asked now, and how: a redirect changes both. */
  currentUrl: string;
  currentMethod: RequestMethod;
  /** Attempts that count. */
  attempts = 0;
  /** Attempts that were answered with 404. */
  notFounds = 0;
  redirects = 0;
  /** What it is expected to cost, where limits count something else than requests. */
  cost: Amounts | undefined;
  /** True once a token of its app was not taken. */
  wasUnauthorized = false;
  /** Breaks off the attempt under way. */
  abortAttempt: AbortAttempt | undefined;
  /** Called once it has its outcome. */
  onEnd: (() => void) | undefined;
  /** There once it has ended, if it {@link keepsOutcome}; a failure always. */
  outcome: Outcome | undefined;
  /**
   * True where its outcome may be asked for after its end. Where nobody can, it does not hold its response:
   * the garbage collector would carry the response of each request that is old along with it, in vain.
   */
  keepsOutcome = false;
  /** True once nobody wants its outcome any more, so that it gets none. */
  isWithdrawn = false;
  /** True once its receiver has the answer. */
  isHandedOver = false;
  /** Where its outcome is kept. */
  readonly recorder: OutcomeRecorder;
  /** Takes the answer as a stream, where that is wanted; then it is the recorder, too. */
  readonly receiver: AnswerReceiver | undefined;
  #hasEnded = false;
  #waiting: ((outcome: Outcome) => void)[] | undefined;

  constructor(
    id: number,
    method: RequestMethod,
    url: string,
    options: RequestOptions,
    recorder: OutcomeRecorder,
    receiver?: AnswerReceiver,
  ) {
    this.id = id;
    this.recorder = recorder;
    this.receiver = receiver;
    this.method = method;
    this.url = url;
    this.options = options;
    this.body = options.json === undefined ? options.body : JSON.stringify(options.json);
    this.currentUrl = url;
    this.currentMethod = method;
  }

  /** True when there is nothing left to do for it. */
  get isOver(): boolean {
    return this.#hasEnded || this.isWithdrawn || this.isHandedOver;
  }

  get priority(): number {
    return this.options.priority ?? 0;
  }

  /** The app to send it with, if that one is free when its turn comes. */
  get preferredAppId(): string | undefined {
    return this.receiver?.preferredAppId;
  }

  /** True when sending it twice does no harm: RFC 9110, section 9.2.2, unless the caller says otherwise. */
  get idempotent(): boolean {
    return this.options.idempotent ?? (this.method !== 'POST' && this.method !== 'PATCH');
  }

  /** Gives it its outcome. */
  end(outcome: Outcome): void {
    this.#hasEnded = true;
    if (this.keepsOutcome || outcome.kind === 'failure') this.outcome = outcome;
    this.onEnd?.();
    if (this.#waiting === undefined) return;
    for (const tell of this.#waiting) tell(outcome);
    this.#waiting = undefined;
  }

  /** Calls `tell` with the outcome: at once, when it is there. After the end it needs {@link keepsOutcome}. */
  whenEnded(tell: (outcome: Outcome) => void): void {
    if (this.outcome !== undefined) tell(this.outcome);
    else if (this.#waiting === undefined) this.#waiting = [tell];
    else this.#waiting.push(tell);
  }

  failure(error: HydraError, endedAtMs: number): HydraFailure {
    const { id, method, url, attempts } = this;
    const { key } = this.options;
    return { id, method, url, attempts, endedAtMs, error, ...(key === undefined ? {} : { key }) };
  }
}

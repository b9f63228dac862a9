import type { AnswerReceiver } from './answer-receiver.js';
import type { HydraFailure, Outcome, RequestMethod, RequestOptions } from '../request/request.js';
import type { HydraError } from '../errors.js';
import type { Amounts } from '../scheduling/app-costs.js';
import type { Queued } from '../scheduling/request-queue.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import type { AttemptUnderWay } from '../transport/transport.js';

/** What few requests meet on their way. */
interface Detour {
  /** Where it is asked now, and how: a redirect changes both. */
  url: string;
  method: RequestMethod;
  redirects: number;
  /** Attempts that were answered with 404. */
  notFounds: number;
  /** True once a token of its app was not taken. */
  wasUnauthorized: boolean;
}

/**
 * A request on its way through the engine. One object each, and no promise until somebody waits. A million
 * of them may wait: what few need is kept apart.
 */
export class Job implements Queued {
  readonly id: number;
  readonly method: RequestMethod;
  /** The URL that was asked. */
  readonly url: string;
  readonly options: RequestOptions;
  /** What it carries: JSON as it was when it was asked for. */
  readonly body: string | Uint8Array | undefined;
  /** Attempts that count. */
  attempts = 0;
  /** What it is expected to cost, where limits count something else than requests. */
  cost: Amounts | undefined;
  /** Its attempt, while there is one. */
  underWay: AttemptUnderWay | undefined;
  /** Called once it is over. */
  onEnd: (() => void) | undefined;
  /** There once it has ended, if it {@link keepsOutcome}; a failure always. */
  outcome: Outcome | undefined;
  /**
   * True where its outcome may be asked for after its end. Where nobody can, it does not hold its response:
   * the garbage collector would carry the response of each request that is old along with it, in vain.
   */
  keepsOutcome = false;
  /** Where its outcome is kept. */
  readonly recorder: OutcomeRecorder;
  /** Takes the answer as a stream, where that is wanted; then it is the recorder, too. */
  readonly receiver: AnswerReceiver | undefined;
  #isOver = false;
  #detour: Detour | undefined;
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
  }

  /** True when there is nothing left to do for it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Where it is asked now. */
  get currentUrl(): string {
    return this.#detour?.url ?? this.url;
  }

  /** How it is asked now. */
  get currentMethod(): RequestMethod {
    return this.#detour?.method ?? this.method;
  }

  /** Redirects that it was sent on by. */
  get redirects(): number {
    return this.#detour?.redirects ?? 0;
  }

  /** Attempts that were answered with 404. */
  get notFounds(): number {
    return this.#detour?.notFounds ?? 0;
  }

  /** True once a token of its app was not taken. */
  get wasUnauthorized(): boolean {
    return this.#detour?.wasUnauthorized ?? false;
  }

  /** Has it asked elsewhere from now on. */
  redirect(url: string, method: RequestMethod): void {
    const detour = this.#ownDetour();
    detour.url = url;
    detour.method = method;
    detour.redirects += 1;
  }

  /** Notes that an attempt was answered with 404. */
  noteNotFound(): void {
    this.#ownDetour().notFounds += 1;
  }

  /** Notes that a token of its app was not taken. */
  noteUnauthorized(): void {
    this.#ownDetour().wasUnauthorized = true;
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

  /** Lets it end without an outcome: nobody wants one any more, or its receiver has the answer. */
  close(): void {
    this.#isOver = true;
    this.onEnd?.();
  }

  /** Gives it its outcome. */
  end(outcome: Outcome): void {
    if (this.keepsOutcome || outcome.kind === 'failure') this.outcome = outcome;
    this.close();
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

  #ownDetour(): Detour {
    const { url, method } = this;
    this.#detour ??= { url, method, redirects: 0, notFounds: 0, wasUnauthorized: false };
    return this.#detour;
  }
}

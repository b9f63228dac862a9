import { clockOriginMs, type Clock } from '../clock.js';
import { CarriedAttempt } from './carried-attempt.js';
import { CarrierThread, type ThreadEnd } from './carrier-thread.js';
import { Deadlines } from './deadlines.js';
import { DeathRecord } from './death-record.js';
import { leastLoaded } from './least-loaded.js';
import type { ThreadStart } from './thread-messages.js';
import type { AttemptUnderWay, Transport, TransportRequest, TransportResult } from './transport.js';
import { UndiciTransport, type UndiciTransportOptions } from './undici-transport.js';

/** What a {@link ThreadTransport} must know. */
export interface ThreadTransportOptions extends UndiciTransportOptions {
  /** Number of threads, 1 or more. */
  readonly threads: number;
  readonly logger: {
    warn(message: string): void;
    error(message: string): void;
  };
  /** The module that threads run; the one beside this one by default. */
  readonly threadUrl?: URL | undefined;
}

/**
 * Carries attempts in threads of their own: HTTP, TLS, decompression, and looking whether a body is
 * JSON. Streams and `fetch` stay in this thread.
 *
 * When a thread dies, attempts that it had begun end as `broken`; the others go to another thread, and
 * a new one takes its place. When that is of no use, everything goes on in this thread, with an error
 * in the log.
 */
export class ThreadTransport implements Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly #clock: Clock;
  readonly #logger: ThreadTransportOptions['logger'];
  readonly #url: URL;
  readonly #start: ThreadStart;
  readonly #here: UndiciTransport;
  readonly #deadlines: Deadlines;
  readonly #deaths = new DeathRecord();
  #threads: CarrierThread[] = [];
  #hasGivenUp = false;
  #isClosed = false;
  #nextId = 0;

  /** @throws HydraError `HYDRA_INVALID_OPTION` when the environment names a proxy that is no URL. */
  constructor(options: ThreadTransportOptions) {
    const { clock, logger, env, http2, ca, threads } = options;
    this.#clock = clock;
    this.#deadlines = new Deadlines(clock);
    this.#logger = logger;
    this.#url = options.threadUrl ?? new URL('./transport-thread.js', import.meta.url);
    this.#start = {
      originMs: clockOriginMs(),
      // None has more than its share under way.
      maxConnections: Math.ceil(options.maxConnections / threads),
      // An environment may be a special object, which cannot be sent.
      env: { ...env },
      http2: http2 ?? false,
      ca,
    };
    this.#here = new UndiciTransport(options);
    this.fetch = this.#here.fetch;
    for (let place = 0; place < threads && !this.#hasGivenUp; place++) this.#startThread();
  }

  send(request: TransportRequest, settle: (result: TransportResult) => void): AttemptUnderWay {
    // A stream would cross over piece by piece, and its pauses, too: it stays in this thread.
    if (this.#threads.length === 0 || this.#hasGivenUp || request.asStream)
      return this.#here.send(request, settle);
    const attempt = new CarriedAttempt(this.#nextId, request, this.#clock, this.#deadlines, settle);
    this.#nextId += 1;
    this.#place(attempt);
    return attempt;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
    await this.#here.close();
  }

  #place(attempt: CarriedAttempt): void {
    const thread = this.#threads[leastLoaded(this.#threads.map(({ load }) => load))];
    if (thread === undefined || this.#hasGivenUp) attempt.handTo(this.#here);
    else thread.take(attempt);
  }

  #startThread(): void {
    try {
      const thread: CarrierThread = new CarrierThread(this.#url, this.#start, (end) =>
        this.#onEnd(thread, end),
      );
      this.#threads.push(thread);
    } catch (error) {
      this.#giveUp(error as Error);
    }
  }

  #onEnd(ended: CarrierThread, { reason, begun, waiting }: ThreadEnd): void {
    this.#threads = this.#threads.filter((thread) => thread !== ended);
    if (!this.#isClosed && !this.#hasGivenUp) this.#replace(reason, begun.length);
    const broken = this.#isClosed ? [...begun, ...waiting] : begun;
    if (!this.#isClosed) for (const attempt of waiting) this.#place(attempt);
    for (const attempt of broken) attempt.finish({ kind: 'broken', error: reason });
  }

  #replace(reason: Error, begun: number): void {
    if (this.#deaths.note(this.#clock.now())) return this.#giveUp(reason);
    this.#logger.warn(
      `A thread for HTTP has ended with ${begun} requests under way, another takes its place: ${reason.message}`,
    );
    this.#startThread();
  }

  #giveUp(reason: Error): void {
    this.#hasGivenUp = true;
    this.#logger.error(
      `Threads for HTTP end again and again (option \`threads\`), so everything goes on in the main thread: ${reason.message}`,
    );
  }
}

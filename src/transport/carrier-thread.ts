import { Worker } from 'node:worker_threads';
import type { CarriedAttempt, Carrier } from './carried-attempt.js';
import {
  packWork,
  unpackResults,
  type ThreadMessage,
  type ThreadStart,
} from './thread-messages.js';

/** How a thread has come to its end, and what it leaves behind. */
export interface ThreadEnd {
  readonly reason: Error;
  /** Attempts that it had begun, or may have. */
  readonly begun: readonly CarriedAttempt[];
  /** Attempts that it has not been told of. */
  readonly waiting: readonly CarriedAttempt[];
}

/**
 * One thread that carries attempts, as the main thread sees it. Work is handed over once for each turn
 * of the event loop, results come likewise. It keeps the process alive only while it has work.
 */
export class CarrierThread implements Carrier {
  readonly #worker: Worker;
  readonly #onEnd: (end: ThreadEnd) => void;
  /** By number; one that has ended here stays until the thread has let go of it, too. */
  readonly #attempts = new Map<number, CarriedAttempt | undefined>();
  #wanted = 0;
  #waiting: CarriedAttempt[] = [];
  #aborted: number[] = [];
  #isReady = false;
  #willHandOver = false;
  #error: Error | undefined;

  /** @throws when no thread can be started. */
  constructor(url: URL, start: ThreadStart, onEnd: (end: ThreadEnd) => void) {
    this.#onEnd = onEnd;
    this.#worker = new Worker(url, { workerData: start, ...usableArguments() });
    this.#worker.on('message', (message: ThreadMessage) => this.#onMessage(message));
    this.#worker.on('error', (error) => (this.#error = error));
    this.#worker.on('exit', (code) => this.#onExit(code));
    this.#worker.unref();
  }

  /** Attempts that it works on. A thread that hangs lets go of none, so that it gets no more. */
  get load(): number {
    return this.#attempts.size;
  }

  /** Takes an attempt; begins it once the running code has ended, or it has started. */
  take(attempt: CarriedAttempt): void {
    this.#attempts.set(attempt.id, attempt);
    attempt.carriedBy(this);
    this.#wanted += 1;
    if (this.#wanted === 1) this.#worker.ref();
    this.#waiting.push(attempt);
    this.#handOverSoon();
  }

  drop(attempt: CarriedAttempt): void {
    this.#oneLess();
    const place = this.#waiting.indexOf(attempt);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      this.#attempts.delete(attempt.id);
      return;
    }
    this.#attempts.set(attempt.id, undefined);
    this.#aborted.push(attempt.id);
    this.#handOverSoon();
  }

  /** Ends the thread, with what it has under way. Resolves when it is gone. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #handOverSoon(): void {
    if (!this.#isReady || this.#willHandOver) return;
    this.#willHandOver = true;
    queueMicrotask(() => this.#handOver());
  }

  #handOver(): void {
    this.#willHandOver = false;
    if (this.#waiting.length === 0 && this.#aborted.length === 0) return;
    const work = this.#waiting.map(({ id, request }) => [id, request] as const);
    const { message, transfers } = packWork(work, this.#aborted);
    this.#waiting = [];
    this.#aborted = [];
    this.#worker.postMessage(message, transfers);
  }

  #onMessage(message: ThreadMessage): void {
    if (message.kind === 'ready') {
      this.#isReady = true;
      this.#handOver();
      return;
    }
    for (const [id, result] of unpackResults(message)) {
      const attempt = this.#attempts.get(id);
      this.#attempts.delete(id);
      if (attempt === undefined) continue;
      this.#oneLess();
      attempt.finish(result);
    }
  }

  #oneLess(): void {
    this.#wanted -= 1;
    if (this.#wanted === 0) this.#worker.unref();
  }

  #onExit(code: number): void {
    const waiting = this.#waiting.splice(0);
    for (const attempt of waiting) this.#attempts.delete(attempt.id);
    const begun = [...this.#attempts.values()].filter((attempt) => attempt !== undefined);
    this.#attempts.clear();
    const what = this.#error === undefined ? `exit code ${code}` : this.#error.message;
    const options = this.#error === undefined ? {} : { cause: this.#error };
    const reason = new Error(`The thread that carried it has ended (${what})`, options);
    this.#onEnd({ reason, begun, waiting });
  }
}

/** The process's arguments for Node, but for one that a thread does not bear. */
function usableArguments(): { execArgv?: string[] } {
  const isFromText = process.execArgv.some((argument) => argument.startsWith('--input-type'));
  return isFromText ? { execArgv: [] } : {};
}

import type { Job } from './job.js';
import type { HydraResponse } from '../request/response.js';

/**
 * A request that was asked for. `await` it for its {@link HydraResponse}, or leave it alone: then it
 * is still sent, its failure is recorded and listed by `failures()`, and nothing is left unhandled.
 *
 * It is no `Promise`, but can be awaited like one: a promise is made only when somebody waits.
 */
export class PendingResponse implements PromiseLike<HydraResponse> {
  readonly #job: Job;
  readonly #onHanded: (id: number) => void;

  /**
   * Made in the same turn in which the job was submitted: nothing has been answered by then.
   *
   * @internal
   */
  constructor(job: Job, onHanded: (id: number) => void) {
    job.keepsOutcome = true;
    this.#job = job;
    this.#onHanded = onHanded;
  }

  /** Number of the request, from 0, in the order of asking. */
  get id(): number {
    return this.#job.id;
  }

  /** The URL that is asked. */
  get url(): string {
    return this.#job.url;
  }

  /** Waits for the response. Rejects with the `HydraError` that ended the request. */
  // oxlint-disable-next-line unicorn/no-thenable -- being awaited is what it is for
  then<T = HydraResponse, E = never>(
    onResponse?: ((response: HydraResponse) => T | PromiseLike<T>) | null,
    onFailure?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#response().then(onResponse, onFailure);
  }

  /** Like `then`, for the failure only. */
  catch<E = never>(
    onFailure?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<HydraResponse | E> {
    return this.#response().catch(onFailure);
  }

  /** Like `then`, for both. */
  finally(onEnd?: (() => void) | null): Promise<HydraResponse> {
    return this.#response().finally(onEnd);
  }

  /**
   * The body, parsed.
   *
   * Rejects with `HYDRA_BODY_NOT_JSON` when it is no JSON, and as awaiting it does.
   */
  async json<T = unknown>(): Promise<T> {
    return (await this.#response()).json<T>();
  }

  /** The body as UTF-8 text. Rejects as awaiting it does. */
  async text(): Promise<string> {
    return (await this.#response()).text();
  }

  /** The body's bytes. Rejects as awaiting it does. */
  async bytes(): Promise<Uint8Array> {
    return (await this.#response()).bytes();
  }

  #response(): Promise<HydraResponse> {
    return new Promise((resolve, reject) => {
      this.#job.whenEnded((outcome) => {
        this.#onHanded(this.#job.id);
        if (outcome.kind === 'failure') reject(outcome.failure.error);
        else resolve(outcome.response);
      });
    });
  }
}

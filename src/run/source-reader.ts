/** Reads a run's source, sync or async, one by one. */
import { describeValue, HydraError } from '../errors.js';
import type { RunRequest, RunSource } from './run.js';

type Item = string | RunRequest;

/** A source that is being read. */
export class SourceReader {
  readonly #iterator: Iterator<Item> | AsyncIterator<Item>;
  #stop: (() => void) | undefined;
  #isStopped = false;
  #isWaiting = false;
  /** True once the source has come to its end or has thrown: then it holds nothing any more. */
  #isOver = false;

  /** @throws HydraError `HYDRA_INVALID_OPTION` for what cannot be iterated. */
  constructor(source: RunSource) {
    this.#iterator = iteratorOf(source);
  }

  /** The next request; `undefined` at the end, or once stopped. A promise only where one is needed. */
  next(): Item | undefined | Promise<Item | undefined> {
    if (this.#isStopped) return undefined;
    const result = this.#ask();
    return isPromise(result) ? this.#unlessStopped(result) : this.#valueOf(result);
  }

  /** Reads nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#stop?.();
  }

  /** Lets the source let go of what it holds. Rejects with what it throws. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const closed = Promise.resolve(this.#iterator.return?.());
    if (!this.#isWaiting) await closed;
    // One that is waited for would keep the run from ending, for ever where nothing comes.
    else closed.catch(() => undefined);
  }

  #ask(): IteratorResult<Item> | PromiseLike<IteratorResult<Item>> {
    try {
      return this.#iterator.next();
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  /** Not a race: that would keep a reaction for each request until the end. */
  #unlessStopped(result: PromiseLike<IteratorResult<Item>>): Promise<Item | undefined> {
    return new Promise((resolve, reject) => {
      this.#isWaiting = true;
      this.#stop = () => resolve(undefined);
      this.#itemOf(result).then(resolve, reject);
    });
  }

  async #itemOf(result: PromiseLike<IteratorResult<Item>>): Promise<Item | undefined> {
    let one;
    try {
      one = await result;
    } catch (error) {
      this.#isOver = true;
      throw error;
    } finally {
      this.#isWaiting = false;
    }
    return this.#isStopped ? undefined : this.#valueOf(one);
  }

  #valueOf(result: IteratorResult<Item>): Item | undefined {
    if (result.done === true) {
      this.#isOver = true;
      return undefined;
    }
    const { value } = result;
    const isRequest = typeof value === 'string' || (typeof value === 'object' && value !== null);
    if (isRequest) return value;
    throw new HydraError(
      'HYDRA_INVALID_REQUEST',
      `Expected the source to give paths or requests, got ${describeValue(value)}.`,
    );
  }
}

function isPromise<T extends object>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return 'then' in value && typeof value.then === 'function';
}

function iteratorOf(source: RunSource): Iterator<Item> | AsyncIterator<Item> {
  const isObject = typeof source === 'object' && source !== null;
  if (isObject && Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  if (isObject && Symbol.iterator in source) return source[Symbol.iterator]();
  throw new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected \`source\` to be a list of paths or requests, or anything else to iterate over, got ${describeValue(source)}.`,
    { name: 'source' },
  );
}

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

  /** @throws HydraError `HYDRA_INVALID_OPTION` for what cannot be iterated. */
  constructor(source: RunSource) {
    this.#iterator = iteratorOf(source);
  }

  /** The next request; `undefined` at the end, or once stopped. A promise only where one is needed. */
  next(): Item | undefined | Promise<Item | undefined> {
    if (this.#isStopped) return undefined;
    const result = this.#iterator.next();
    return result instanceof Promise ? this.#unlessStopped(result) : valueOf(result);
  }

  /** Reads nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#stop?.();
  }

  /** Lets the source let go of what it holds. Rejects with what it throws. */
  async close(): Promise<void> {
    const closed = Promise.resolve(this.#iterator.return?.());
    if (!this.#isWaiting) await closed;
    // One that is waited for would keep the run from ending, for ever where nothing comes.
    else closed.catch(() => undefined);
  }

  /** Not a race: that would keep a reaction for each request until the end. */
  #unlessStopped(result: Promise<IteratorResult<Item>>): Promise<Item | undefined> {
    return new Promise((resolve, reject) => {
      this.#isWaiting = true;
      this.#stop = () => resolve(undefined);
      result
        .finally(() => (this.#isWaiting = false))
        .then((one) => resolve(this.#isStopped ? undefined : valueOf(one)))
        .catch(reject);
    });
  }
}

function valueOf(result: IteratorResult<Item>): Item | undefined {
  if (result.done === true) return undefined;
  const { value } = result;
  const isRequest = typeof value === 'string' || (typeof value === 'object' && value !== null);
  if (isRequest) return value;
  throw new HydraError(
    'HYDRA_INVALID_REQUEST',
    `Expected the source to give paths or requests, got ${describeValue(value)}.`,
  );
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

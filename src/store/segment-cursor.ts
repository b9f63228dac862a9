/** Reads one segment's outcomes by rising id, and can be put aside meanwhile. */
import type { Outcome } from '../request/request.js';
import { HydraError } from '../errors.js';
import { isDecompressionError } from './compress-segment.js';
import { decodeLine } from './outcome-line.js';
import { decodeText } from './outcome-text.js';
import type { FileSlice } from './segment-index.js';
import type { Damage } from './segment-lines.js';
import { orderedLines, type OrderedLine } from './ordered-lines.js';

/** Reads outcomes of one source by rising id. */
export interface OutcomeCursor {
  /** No outcome to come has a smaller id; `undefined` at the end. */
  readonly nextId: number | undefined;
  /** The next outcome; `undefined` when there is none at {@link nextId} after all. */
  next(): Promise<Outcome | undefined>;
  /** Lets go of files and memory. The next {@link next} goes on from there. */
  suspend(): Promise<void>;
}

/** What a cursor must know of a segment. */
export interface SegmentRef {
  /** Changes when the segment is compressed. */
  readonly path: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;
  /** Where it is only a part of a plain file. */
  readonly slice?: FileSlice | undefined;
  /** Looks where it is now, where that may change without being told. */
  locate?(): void;
}

/** A cursor for a segment. */
export class SegmentCursor implements OutcomeCursor {
  nextId: number | undefined;
  readonly #segment: SegmentRef;
  readonly #onDamage: (damage: Damage) => void;
  #lines: AsyncGenerator<OrderedLine, void, undefined> | undefined;
  #ahead: OrderedLine | undefined;
  /** Outcomes that were in it when reading began. More may be added meanwhile. */
  readonly #count: number;
  #taken = 0;
  #damaged = 0;
  #hasTold = false;

  constructor(segment: SegmentRef, onDamage: (damage: Damage) => void) {
    this.#segment = segment;
    this.#onDamage = onDamage;
    this.#count = segment.count;
    this.nextId = segment.firstId;
  }

  async next(): Promise<Outcome | undefined> {
    const line = await this.#takeLine();
    if (line === undefined) return undefined;
    const { path } = this.#segment;
    try {
      return path.endsWith('.txt') ? decodeText(line.bytes) : decodeLine(line.bytes);
    } catch (error) {
      this.#onDamage({ file: path, line: line.number, reason: (error as Error).message });
      return undefined;
    }
  }

  async suspend(): Promise<void> {
    await this.#lines?.return();
    this.#lines = undefined;
    this.#ahead = undefined;
  }

  async #takeLine(): Promise<OrderedLine | undefined> {
    const { path } = this.#segment;
    const expected = this.nextId;
    try {
      if (this.#lines === undefined) await this.#open();
      // What was there is damaged, and another source may be next now.
      if (this.nextId !== expected) return undefined;
      const line = this.#ahead;
      await this.#lookAhead();
      if (line !== undefined) this.#taken += 1;
      if (this.#ahead === undefined) this.#tellMissing();
      return line;
    } catch (cause) {
      // It was compressed in between: the outcomes stand in the same order there.
      this.#segment.locate?.();
      if (path !== this.#segment.path) {
        await this.suspend();
        return this.#takeLine();
      }
      if (!isDecompressionError(cause)) throw unreadable(path, cause);
      this.#tell({ file: path, line: this.#taken + 1, reason: `from there on, ${cause.message}` });
      this.nextId = undefined;
      return undefined;
    }
  }

  async #open(): Promise<void> {
    // What is damaged is told once, not each time that the segment is opened.
    const onDamage = this.#hasTold ? (): void => undefined : this.#tell;
    this.#hasTold = true;
    const { path, slice } = this.#segment;
    this.#lines = orderedLines(path, this.#taken, onDamage, slice);
    await this.#lookAhead();
    if (this.#ahead === undefined) this.#tellMissing();
  }

  readonly #tell = (damage: Damage): void => {
    this.#damaged += 1;
    this.#onDamage(damage);
  };

  #tellMissing(): void {
    if (this.#taken + this.#damaged >= this.#count) return;
    const reason = `the file ends there: ${this.#count} outcomes were written to it, ${this.#taken} are left`;
    this.#onDamage({
      file: this.#segment.path,
      line: this.#taken + this.#damaged + 1,
      reason,
    });
    this.#damaged = this.#count;
  }

  async #lookAhead(): Promise<void> {
    const result = await this.#lines?.next();
    this.#ahead = result?.value ?? undefined;
    this.nextId = this.#ahead?.id;
  }
}

/** Outcomes at hand. */
export class MemoryCursor implements OutcomeCursor {
  readonly #outcomes: readonly (readonly [id: number, outcome: () => Outcome])[];
  #taken = 0;

  constructor(outcomes: readonly (readonly [id: number, outcome: () => Outcome])[]) {
    this.#outcomes = outcomes.toSorted(([a], [b]) => a - b);
  }

  get nextId(): number | undefined {
    return this.#outcomes[this.#taken]?.[0];
  }

  next(): Promise<Outcome | undefined> {
    return Promise.resolve(this.#outcomes[this.#taken++]?.[1]());
  }

  suspend(): Promise<void> {
    return Promise.resolve();
  }
}

function unreadable(path: string, cause: unknown): HydraError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const text = `The segment ${path} cannot be read (${code ?? message}). If it was moved, put it back.`;
  return new HydraError('HYDRA_STORE', text, { file: path, cause });
}

import { outcomeId, type Outcome } from '../request/request.js';
import { encodeLine } from './outcome-line.js';
import type { SegmentFormat } from './segment-template.js';

const LINE_FEED = 0x0a;
/** Many a reader of lines takes it for the end of one, too. */
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const FIRST_BYTES = 320 * 1024;

/** Lines that wait to be written, in one piece of memory, ready for a segment of their format. */
export class LineBatch {
  readonly ids: number[] = [];
  /** What stands between two lines. */
  readonly #separator: string;
  readonly #starts: number[] = [];
  #buffer: Buffer;
  #length = 0;

  constructor(format: Exclude<SegmentFormat, 'text'>, firstBytes: number = FIRST_BYTES) {
    this.#separator = format === 'json' ? ',\n' : '\n';
    this.#buffer = Buffer.allocUnsafeSlow(firstBytes);
  }

  get count(): number {
    return this.ids.length;
  }

  get byteLength(): number {
    return this.#length;
  }

  /**
   * Adds an outcome's line.
   *
   * @throws when it cannot be written as JSON; the batch is as it was.
   */
  append(outcome: Outcome): void {
    const { head, body, tail } = encodeLine(outcome);
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    this.#reserve(head.length * 3 + (body?.byteLength ?? 0) + tail.length + this.#separator.length);
    this.#begin(outcomeId(outcome));
    this.#length += this.#buffer.write(head, this.#length);
    if (body !== undefined) this.#addOnOneLine(body);
    this.#length += this.#buffer.write(tail + this.#separator, this.#length, 'latin1');
  }

  /** Adds a line that is there already. */
  appendLine(id: number, line: Uint8Array): void {
    this.#reserve(line.byteLength + this.#separator.length);
    this.#begin(id);
    this.#buffer.set(line, this.#length);
    this.#length += line.byteLength;
    this.#length += this.#buffer.write(this.#separator, this.#length, 'latin1');
  }

  /** The bytes of the lines from number `from` on, `to` left out, each with what separates it. */
  bytes(from: number, to: number): Buffer {
    return this.#buffer.subarray(this.#startOf(from), this.#startOf(to));
  }

  /** One line, without what separates it. */
  line(index: number): Buffer {
    const end = this.#startOf(index + 1) - this.#separator.length;
    return this.#buffer.subarray(this.#startOf(index), end);
  }

  /** Empties it, for the next lines. */
  clear(): void {
    this.ids.length = 0;
    this.#starts.length = 0;
    this.#length = 0;
    if (this.#buffer.length > FIRST_BYTES * 4) this.#buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  #startOf(index: number): number {
    return this.#starts[index] ?? this.#length;
  }

  #begin(id: number): void {
    this.ids.push(id);
    this.#starts.push(this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  /** Line ends stand between JSON's tokens only, where a space is as good. */
  #addOnOneLine(body: Uint8Array): void {
    const start = this.#length;
    this.#length += body.byteLength;
    const copy = this.#buffer.subarray(start, this.#length);
    copy.set(body);
    for (const end of [LINE_FEED, CARRIAGE_RETURN]) {
      for (let at = copy.indexOf(end); at !== -1; at = copy.indexOf(end, at + 1)) copy[at] = SPACE;
    }
  }
}

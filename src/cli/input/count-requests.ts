/** Counts the requests of a file without understanding them, several times faster than reading them. */

/** What makes a request. */
export interface CountingRules {
  /** A line that begins with it is a comment. */
  readonly comment: string | undefined;
  /** Line ends between two of these do not count. */
  readonly quote: string | undefined;
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const NONE = -1;

/** How many lines of a UTF-8 text are neither blank nor comments. */
export async function countLines(
  chunks: AsyncIterable<Buffer>,
  rules: CountingRules,
): Promise<number> {
  const counter = new LineCounter(rules);
  for await (const chunk of chunks) counter.add(chunk);
  return counter.count;
}

class LineCounter {
  count = 0;
  readonly #comment: number;
  readonly #quote: number;
  /** Nothing but white space has come of this line. */
  #isBlank = true;
  #isQuoted = false;

  constructor({ comment, quote }: CountingRules) {
    this.#comment = comment?.charCodeAt(0) ?? NONE;
    this.#quote = quote?.charCodeAt(0) ?? NONE;
  }

  add(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at++) {
      if (this.#isBlank) at = this.#beginLine(chunk, at);
      at = this.#endLine(chunk, at);
      if (at < chunk.length) this.#isBlank = true;
    }
  }

  /** Skips white space and blank lines to what a line holds, and counts it. */
  #beginLine(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && (chunk[at] ?? 0) <= SPACE) at += 1;
    if (at === chunk.length) return at;
    this.#isBlank = false;
    if (chunk[at] !== this.#comment) this.count += 1;
    return at;
  }

  /** Goes to the line's end, or to the chunk's. */
  #endLine(chunk: Buffer, from: number): number {
    if (this.#quote === NONE) {
      const end = chunk.indexOf(LINE_FEED, from);
      return end === -1 ? chunk.length : end;
    }
    for (let at = from; at < chunk.length; at++) {
      if (chunk[at] === this.#quote) this.#isQuoted = !this.#isQuoted;
      else if (chunk[at] === LINE_FEED && !this.#isQuoted) return at;
    }
    return chunk.length;
  }
}

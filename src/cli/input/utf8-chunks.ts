/** Brings what has a byte order mark to UTF-8 without one. */
import { TextDecoder } from 'node:util';
import { inputError } from './input-error.js';
import { countLineEnds } from './line-blocks.js';

/** The encodings that a mark at the beginning names. What has none is taken for UTF-8. */
const MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
const LONGEST_MARK = 3;

/**
 * The same text in UTF-8, without the mark. UTF-8 itself is passed on unseen: it is looked at line by
 * line later.
 *
 * @throws HydraError `HYDRA_INPUT_FILE` for UTF-16 that is broken.
 */
export async function* toUtf8(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let decoder: Utf16Decoder | undefined;
  for await (const chunk of chunks) {
    let bytes = toBuffer(chunk);
    if (head !== undefined) {
      head = Buffer.concat([head, bytes]);
      // A pipe may hand over single bytes.
      if (head.length < LONGEST_MARK) continue;
      [decoder, bytes] = openMark(name, head);
      head = undefined;
    }
    yield decoder === undefined ? bytes : decoder.decode(bytes);
  }
  if (head !== undefined) {
    const [lateDecoder, bytes] = openMark(name, head);
    yield lateDecoder === undefined ? bytes : lateDecoder.decode(bytes);
    decoder = lateDecoder;
  }
  decoder?.end();
}

function openMark(name: string, head: Buffer): [Utf16Decoder | undefined, Buffer] {
  const found = MARKS.find(([, mark]) => mark.every((byte, index) => head[index] === byte));
  if (found === undefined) return [undefined, head];
  const [encoding, mark] = found;
  const rest = head.subarray(mark.length);
  return [encoding === 'utf-8' ? undefined : new Utf16Decoder(name, encoding), rest];
}

class Utf16Decoder {
  readonly #name: string;
  readonly #decoder: TextDecoder;
  #lines = 0;

  constructor(name: string, encoding: string) {
    this.#name = name;
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  decode(bytes: Buffer): Buffer {
    const text = Buffer.from(this.#decodeOrThrow(bytes, true));
    this.#lines += countLineEnds(text);
    return text;
  }

  end(): void {
    this.#decodeOrThrow(Buffer.alloc(0), false);
  }

  #decodeOrThrow(bytes: Buffer, stream: boolean): string {
    try {
      return this.#decoder.decode(bytes, { stream });
    } catch (cause) {
      const encoding = this.#decoder.encoding.toUpperCase();
      const what = `Expected ${encoding}, as its byte order mark says, got a broken character in or after this line.`;
      throw inputError(this.#name, this.#lines + 1, what, cause);
    }
  }
}

function toBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** One way to undo an encoding, at once and beside the running code. */
interface Decoder {
  atOnce(body: Uint8Array, options: zlib.ZlibOptions): Uint8Array;
  beside(body: Uint8Array): Promise<Uint8Array>;
}

/**
 * Up to so many bytes are decoded at once: that takes a fraction of the CPU that it takes to hand them
 * to another thread of Node's, chunk by chunk, and fetch them back.
 */
const AT_ONCE_BYTES = 65_536;

/** Not at once after all where more than this comes out, so that nothing else waits for long. */
const MAX_AT_ONCE = { chunkSize: 65_536, maxOutputLength: 1 << 20 };

const gunzip: Decoder = { atOnce: zlib.gunzipSync, beside: promisify(zlib.gunzip) };
const inflate: Decoder = { atOnce: zlib.inflateSync, beside: promisify(zlib.inflate) };
const inflateRaw: Decoder = { atOnce: zlib.inflateRawSync, beside: promisify(zlib.inflateRaw) };
const unbrotli: Decoder = {
  atOnce: zlib.brotliDecompressSync,
  beside: promisify(zlib.brotliDecompress),
};

/** `deflate` means the zlib format (RFC 9110, section 8.4.1.2), but some servers leave its head out. */
const undeflate = (body: Uint8Array): Decoder =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw;

const decoders: ReadonlyMap<string, (body: Uint8Array) => Decoder> = new Map([
  ['gzip', () => gunzip],
  ['x-gzip', () => gunzip],
  ['br', () => unbrotli],
  ['deflate', undeflate],
]);

/** The encodings that {@link decodeBody} undoes, as `Accept-Encoding` lists them. */
export const acceptEncoding = 'gzip, deflate, br';

/**
 * Undoes a `Content-Encoding`, which may name several, applied in that order.
 *
 * @throws when the body is cut short or damaged, or an encoding is not known.
 */
export async function decodeBody(body: Uint8Array, contentEncoding: string): Promise<Uint8Array> {
  const encodings = contentEncoding
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  let decoded = body;
  for (const encoding of encodings.toReversed()) {
    const decoder = decoders.get(encoding)?.(decoded);
    if (decoder === undefined)
      throw new Error(`Unknown content encoding ${JSON.stringify(encoding)}`);
    decoded = decodeAtOnce(decoder, decoded) ?? (await decoder.beside(decoded));
  }
  return decoded;
}

/** The body, decoded; `undefined` where it is, or becomes, too large for that. */
function decodeAtOnce(decoder: Decoder, body: Uint8Array): Uint8Array | undefined {
  if (body.byteLength > AT_ONCE_BYTES) return undefined;
  try {
    const decoded = decoder.atOnce(body, MAX_AT_ONCE);
    // A little must not keep the whole chunk in memory that it stands in.
    return decoded.byteLength * 2 < decoded.buffer.byteLength ? new Uint8Array(decoded) : decoded;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

type Decode = (body: Uint8Array) => Promise<Uint8Array>;

const gunzip: Decode = promisify(zlib.gunzip);
const inflate: Decode = promisify(zlib.inflate);
const inflateRaw: Decode = promisify(zlib.inflateRaw);

/** `deflate` means the zlib format (RFC 9110, section 8.4.1.2), but some servers leave its head out. */
const undeflate: Decode = (body) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflate(body) : inflateRaw(body);

const decoders: ReadonlyMap<string, Decode> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['br', promisify(zlib.brotliDecompress) as Decode],
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
    const decode = decoders.get(encoding);
    if (decode === undefined)
      throw new Error(`Unknown content encoding ${JSON.stringify(encoding)}`);
    decoded = await decode(decoded);
  }
  return decoded;
}

import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

const decoders: Readonly<Record<string, (body: Uint8Array) => Promise<Uint8Array>>> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  br: promisify(zlib.brotliDecompress),
  deflate: promisify(zlib.inflate),
};

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
    const decode = decoders[encoding];
    if (decode === undefined)
      throw new Error(`Unknown content encoding ${JSON.stringify(encoding)}`);
    decoded = await decode(decoded);
  }
  return decoded;
}

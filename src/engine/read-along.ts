/** Reads a body along while it passes to whoever has asked for it, for what it tells of its request. */
import { saysJson } from '../json-body.js';
import { decodeBody } from '../transport/decode-body.js';
import type { BodyReceiver, ComingBody } from '../transport/transport.js';

/** Of a body that is longer on the wire, nothing is kept. */
const MOST_BYTES = 1 << 20;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Calls `onBody` with the whole body, decoded, once it has come. Not for one that says it is no JSON, is
 * longer than 1 MB, or breaks off.
 */
export function readAlong(
  coming: ComingBody,
  headers: Headers,
  onBody: (body: Uint8Array) => void,
): void {
  if (saysJson(headers)) coming.watch(new AlongReader(headers['content-encoding'], onBody));
}

class AlongReader implements Pick<BodyReceiver, 'onData' | 'onEnd'> {
  readonly #encoding: string;
  readonly #onBody: (body: Uint8Array) => void;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(encoding: string | string[] = '', onBody: (body: Uint8Array) => void) {
    this.#encoding = String(encoding);
    this.#onBody = onBody;
  }

  onData(piece: Uint8Array): void {
    this.#bytes += piece.byteLength;
    if (this.#bytes <= MOST_BYTES) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  onEnd(): void {
    const body = Buffer.concat(this.#pieces);
    // The reader of it finds out whether it can be decoded.
    if (body.byteLength > 0) decodeBody(body, this.#encoding).then(this.#onBody, () => {});
  }
}

/**
 * Bodies on their way to another thread. Large ones that own their memory are given away, which moves
 * them without copying; the others are copied into one piece of memory for all of them, because giving
 * away costs more than copying a little, and because memory that is shared (Node's pool, a piece of
 * what a socket read) must not be given away.
 */

/** A body that was packed: memory of its own, or so many bytes of the shared piece. */
export type PackedBody = ArrayBuffer | number;

/** From so many bytes on, memory of its own costs less than copying. */
const OWN_BYTES = 16_384;

/** Packs bodies, one after the other. */
export class BodyPacker {
  /** What goes into the transfer list of the message. */
  readonly transfers: ArrayBuffer[] = [];
  readonly #mayGiveAway: boolean;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** @param mayGiveAway - false where bodies are needed here, too. */
  constructor(mayGiveAway: boolean) {
    this.#mayGiveAway = mayGiveAway;
  }

  /** Takes a body. */
  pack(body: Uint8Array): PackedBody {
    if (body.byteLength < OWN_BYTES) {
      this.#pieces.push(body);
      this.#bytes += body.byteLength;
      return body.byteLength;
    }
    const owner = this.#mayGiveAway && ownsMemory(body) ? body : new Uint8Array(body);
    this.transfers.push(owner.buffer as ArrayBuffer);
    return owner.buffer as ArrayBuffer;
  }

  /** The shared piece; nothing can be packed afterwards. `undefined` where nothing is in it. */
  finish(): ArrayBuffer | undefined {
    if (this.#bytes === 0) return undefined;
    const shared = new Uint8Array(this.#bytes);
    let offset = 0;
    for (const piece of this.#pieces) {
      shared.set(piece, offset);
      offset += piece.byteLength;
    }
    this.#pieces = [];
    this.transfers.push(shared.buffer);
    return shared.buffer;
  }
}

function ownsMemory({ buffer, byteLength }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

/** Unpacks bodies in the order in which they were packed. */
export class BodyUnpacker {
  readonly #shared: ArrayBuffer;
  #offset = 0;

  /** @param shared - what {@link BodyPacker.finish} gave. */
  constructor(shared: ArrayBuffer | undefined) {
    this.#shared = shared ?? new ArrayBuffer(0);
  }

  unpack(packed: PackedBody): Uint8Array {
    if (typeof packed !== 'number') return new Uint8Array(packed);
    const body = new Uint8Array(this.#shared, this.#offset, packed);
    this.#offset += packed;
    return body;
  }
}

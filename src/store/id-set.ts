const FIRST_BYTES = 4096;

/** A set of whole numbers from 0 on, one bit each. */
export class IdSet {
  #bits: Uint8Array;
  #size = 0;

  constructor(bits: Uint8Array = new Uint8Array(FIRST_BYTES)) {
    this.#bits = bits;
    for (const byte of bits) this.#size += BITS_IN_BYTE[byte] as number;
  }

  get size(): number {
    return this.#size;
  }

  /** Bit n of byte m says whether 8 m + n is in it; not a copy. */
  get bits(): Uint8Array {
    return this.#bits;
  }

  has(id: number): boolean {
    return ((this.#bits[Math.floor(id / 8)] ?? 0) & (1 << (id % 8))) !== 0;
  }

  /** Takes a number in. False when it was there already. */
  add(id: number): boolean {
    const index = Math.floor(id / 8);
    if (index >= this.#bits.length) this.#grow(index + 1);
    const byte = this.#bits[index] as number;
    const added = byte | (1 << (id % 8));
    if (added === byte) return false;
    this.#bits[index] = added;
    this.#size += 1;
    return true;
  }

  /** Takes a number out. False when it was not there. */
  delete(id: number): boolean {
    if (!this.has(id)) return false;
    const index = Math.floor(id / 8);
    this.#bits[index] = (this.#bits[index] as number) & ~(1 << (id % 8));
    this.#size -= 1;
    return true;
  }

  clear(): void {
    this.#bits = new Uint8Array(FIRST_BYTES);
    this.#size = 0;
  }

  #grow(bytes: number): void {
    const larger = new Uint8Array(Math.max(bytes, Math.ceil(this.#bits.length * 1.5)));
    larger.set(this.#bits);
    this.#bits = larger;
  }
}

const BITS_IN_BYTE = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte.toString(2).replaceAll('0', '').length,
);

/** Remembers which texts have come already, in 8 bytes each. */
import { hash } from 'node:crypto';

const FIRST_SLOTS = 1024;
const MAX_LOAD = 0.75;

/**
 * A set of texts by 64 bits of their hash. Among 10 million texts the odds that two different ones
 * are taken for the same are about 1 to 370,000.
 *
 * It takes no more than `limit` texts, so that memory has a bound: beyond that it only tells those
 * that it took.
 */
export class SeenTexts {
  readonly #limit: number;
  /** Pairs of 32 bits; a pair of zeros is free. */
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #size = 0;

  /** @param limit - texts that it takes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether it could not take a text for lack of room. */
  get isFull(): boolean {
    return this.#size >= this.#limit;
  }

  /** Takes a text. True when it was there before. */
  add(text: string): boolean {
    const digest = hash('sha1', text, 'buffer');
    const low = digest.readUInt32LE(0);
    // Never a free slot.
    const high = digest.readUInt32LE(4) || 1;
    const slot = this.#find(low, high);
    if (this.#slots[slot + 1] !== 0) return true;
    if (this.#size >= this.#limit) return false;
    this.#slots[slot] = low;
    this.#slots[slot + 1] = high;
    this.#size += 1;
    if (this.#size > (this.#slots.length / 2) * MAX_LOAD) this.#grow();
    return false;
  }

  /** The slot of a hash, or the free one where it belongs. */
  #find(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    let slot = (low * 2) & mask;
    while (this.#slots[slot + 1] !== 0) {
      if (this.#slots[slot] === low && this.#slots[slot + 1] === high) break;
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let from = 0; from < old.length; from += 2) {
      const low = old[from] ?? 0;
      const high = old[from + 1] ?? 0;
      if (high === 0) continue;
      const slot = this.#find(low, high);
      this.#slots[slot] = low;
      this.#slots[slot + 1] = high;
    }
  }
}

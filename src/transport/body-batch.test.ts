import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyPacker, BodyUnpacker } from './body-batch.js';

/** A body that has its memory for itself, or shares it with others. */
const bodies = fc
  .tuple(fc.nat({ max: 40_000 }), fc.nat({ max: 255 }), fc.boolean())
  .map(([size, byte, isOwn]) => {
    const memory = new Uint8Array(isOwn ? size : size + 100).fill(byte);
    return isOwn ? memory : memory.subarray(50, 50 + size);
  });

describe('bodies', () => {
  it('arrive as they were, in whatever memory they are', () => {
    fc.assert(
      fc.property(fc.array(bodies, { maxLength: 8 }), fc.boolean(), (given, mayGiveAway) => {
        const expected = given.map((body) => Buffer.from(body));
        const packer = new BodyPacker(mayGiveAway);
        const packed = given.map((body) => packer.pack(body));
        const shared = packer.finish();
        const sent = structuredClone({ packed, shared }, { transfer: packer.transfers });
        const unpacker = new BodyUnpacker(sent.shared);
        const arrived = sent.packed.map((body) => Buffer.from(unpacker.unpack(body)));
        expect(arrived.every((body, place) => expected[place]?.equals(body))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('that are large and own their memory are given away, not copied', () => {
    const body = new Uint8Array(50_000);
    const packer = new BodyPacker(true);
    packer.pack(body);
    expect(packer.transfers).toEqual([body.buffer]);
    expect(packer.finish()).toBeUndefined();
  });

  it('that are a part of memory with other things in it are never given away', () => {
    const memory = new ArrayBuffer(60_000);
    const packer = new BodyPacker(true);
    packer.pack(new Uint8Array(memory, 0, 50_000));
    packer.pack(Buffer.from('from the pool'));
    packer.finish();
    structuredClone(0, { transfer: packer.transfers });
    expect(memory.byteLength).toBe(60_000);
    expect(Buffer.from('from the pool').toString()).toBe('from the pool');
  });

  it('that are needed here are never given away', () => {
    const body = new Uint8Array(50_000);
    const packer = new BodyPacker(false);
    packer.pack(body);
    packer.finish();
    structuredClone(0, { transfer: packer.transfers });
    expect(body.byteLength).toBe(50_000);
  });
});

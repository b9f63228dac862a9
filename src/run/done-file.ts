/** The content of `done.bitmap`: one bit a request, and a digest, since what it claims is not asked again. */
import { createHash } from 'node:crypto';
import type { RunInfo } from './run-info.js';

const DIGEST_BYTES = 32;

/** The run that it belongs to: the bits of another one would be as good in themselves. */
type Owner = Pick<RunInfo, 'createdAtMs'>;

/** The file's content for these bits; a copy. */
export function encodeDone(bits: Uint8Array, owner: Owner): Uint8Array {
  return Buffer.concat([bits, digestOf(bits, owner)]);
}

/** The bits; `undefined` where the content is cut short, changed, or of another run. */
export function decodeDone(content: Uint8Array, owner: Owner): Uint8Array | undefined {
  const end = Math.max(0, content.length - DIGEST_BYTES);
  const bits = content.subarray(0, end);
  const isWhole = digestOf(bits, owner).equals(content.subarray(end));
  return isWhole ? bits : undefined;
}

function digestOf(bits: Uint8Array, { createdAtMs }: Owner): Buffer {
  return createHash('sha256').update(`${createdAtMs}\n`).update(bits).digest();
}

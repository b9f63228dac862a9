/** Compresses ended segments. What is compressed is in the order of asking, so that it can be read as a stream. */
import * as fs from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Duplex } from 'node:stream';
import * as zlib from 'node:zlib';
import { HydraError } from '../errors.js';
import { byIdLatestFirst, indexSegment } from './segment-index.js';
import { compressedEnding, type SegmentCompression } from './segment-template.js';

/** What Node 22.15 and later have. */
const zstd = zlib as unknown as {
  readonly createZstdCompress?: () => Duplex;
  readonly createZstdDecompress?: () => Duplex;
};

/**
 * Makes sure that this Node can compress so.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function checkCompression(
  compression: SegmentCompression | undefined,
  option: string,
): void {
  if (compression !== 'zstd' || zstd.createZstdCompress !== undefined) return;
  throw new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected \`${option}\` to ask for gzip or no compression: zstd needs Node 22.15 or later, this is ${process.version}.`,
    { name: option },
  );
}

/** Undoes the compression that a file's name tells of. One that is cut short gives what is left. */
export function decompressor(path: string): Duplex {
  if (path.endsWith('.gz')) return zlib.createGunzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH });
  if (zstd.createZstdDecompress !== undefined) return zstd.createZstdDecompress();
  throw new HydraError(
    'HYDRA_STORE',
    `${path} is compressed with zstd, which needs Node 22.15 or later.`,
    { file: path },
  );
}

/** True for what a decompressor says of bytes that are not as they were written. */
export function isDecompressionError(error: unknown): error is Error {
  return error instanceof Error && /^(Z|ZSTD)_/.test((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * Puts a compressed file, its outcomes by rising id, beside a plain one.
 *
 * @param count - how many outcomes must be in it.
 * @returns its path.
 */
export async function compressSegment(
  path: string,
  compression: SegmentCompression,
  count: number,
): Promise<string> {
  const target = path + compressedEnding(compression);
  const temporary = `${target}.tmp`;
  const compress = compression === 'gzip' ? zlib.createGzip() : zstd.createZstdCompress?.();
  if (compress === undefined) throw new Error('zstd needs Node 22.15 or later');
  try {
    // Safe from power loss before the plain file goes.
    const file = fs.createWriteStream(temporary, { mode: 0o600, flush: true });
    await pipeline(sorted(path, count), compress, file);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return target;
}

async function* sorted(path: string, count: number): AsyncGenerator<Buffer, void, undefined> {
  const isArray = path.endsWith('.json');
  // Damage is reported when it is read; here it would vanish with the plain file.
  const entries = await indexSegment(path, ({ line, reason }) => {
    throw new Error(`line ${line}: ${reason}`);
  });
  if (entries.length !== count) throw new Error(`it holds ${entries.length} of ${count} outcomes`);
  const file = await open(path, 'r');
  try {
    if (isArray) yield Buffer.from('[\n');
    const ordered = entries.toSorted(byIdLatestFirst);
    for (const [index, { offset, length }] of ordered.entries()) {
      const line = Buffer.allocUnsafe(length + (isArray ? 2 : 1));
      await file.read(line, 0, length, offset);
      line.write(isArray ? (index + 1 < ordered.length ? ',\n' : '\n]') : '\n', length);
      yield line;
    }
    if (isArray) yield Buffer.from('\n');
  } finally {
    await file.close();
  }
}

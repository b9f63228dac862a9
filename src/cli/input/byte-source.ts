/** Opens a file or stdin, and says at once when that cannot be. */
import * as fs from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { inputError } from './input-error.js';

/** Where the bytes of an input come from. */
export interface ByteSource {
  /** As messages name it. */
  readonly name: string;
  /** The file, where it can be read a second time; pipes and stdin cannot. */
  readonly rereadable: string | undefined;
  /** The bytes, once. @throws HydraError `HYDRA_INPUT_FILE` when reading fails. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Stops reading, also in the middle of waiting for more; who still reads gets an error. */
  close(): void;
}

const openFile = promisify(fs.open);
const CHUNK_BYTES = 256 * 1024;

/**
 * Opens `file`; `-` is stdin.
 *
 * @throws HydraError `HYDRA_INPUT_FILE`.
 */
export async function openBytes(file: string): Promise<ByteSource> {
  if (file === '-') return fromStream('stdin', process.stdin, undefined);
  const fd = await openFile(file, 'r').catch((cause: unknown) => {
    throw inputError(file, undefined, `Expected a file that can be read, ${reason(cause)}.`, cause);
  });
  const stats = fs.fstatSync(fd);
  if (stats.isDirectory()) {
    fs.closeSync(fd);
    throw inputError(file, undefined, 'Expected a file, got a folder.');
  }
  // A named pipe as a socket: reading it as a file could not be broken off.
  const stream = stats.isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : fs.createReadStream(file, { fd, highWaterMark: CHUNK_BYTES });
  return fromStream(file, stream, stats.isFile() ? file : undefined);
}

function fromStream(name: string, stream: Readable, rereadable: string | undefined): ByteSource {
  let isClosed = false;
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (cause) {
      const because = isClosed ? 'but it was closed before' : reason(cause);
      const what = `Expected to read it to its end, ${because}.`;
      throw inputError(name, undefined, what, cause);
    }
  }
  return {
    name,
    rereadable,
    chunks: read(),
    close() {
      isClosed = true;
      stream.destroy();
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'but there is none',
  ENOTDIR: 'but there is none: a part of the path is no folder',
  EACCES: 'but reading it is not permitted',
  EISDIR: 'but it is a folder',
};

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? `but got ${code ?? message}`;
}

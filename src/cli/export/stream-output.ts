/** An export to a stream that somebody else may close. */
import type { Writable } from 'node:stream';
import type { Output } from './output.js';

/** Who read the stream has had enough, as `head` does. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** Writes to a stream, and leaves it open. */
export class StreamOutput implements Output {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Each write tells of its own failure; without a listener, it would end the process as well. One is
    // enough for all that write to it.
    if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  }

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(data, (error) => {
        if (error) reject(isGone(error) ? new ReaderGone() : error);
        else resolve();
      });
    });
  }

  async finish(): Promise<void> {}

  async discard(): Promise<void> {}
}

function ignore(): void {}

function isGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
}

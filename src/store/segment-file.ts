import * as fs from 'node:fs';
import type { SegmentFormat } from './segment-template.js';

/** Answers may be private, and their headers hold cookies. */
const OWNER_ONLY = 0o600;

const ARRAY_BEGIN = '[\n';
const ARRAY_END = '\n]\n';
/** The comma and line feed after the last line, which the end of the array takes the place of. */
const SEPARATOR_BYTES = 2;

/** One file of recorded outcomes while it is written. It can always be read up to its last whole line. */
export class SegmentFile {
  readonly format: SegmentFormat;
  readonly part: number;
  path: string;
  /** Outcomes in it. */
  count = 0;
  firstId: number = Infinity;
  lastId: number = -Infinity;
  readonly #inode: number;
  #fd: number | undefined;
  /** Where the next bytes go. A write that is repeated goes to the same place. */
  #position = 0;
  /** Number of the latest write: an older one that ends later changes nothing. */
  #writes = 0;
  #isWriting = false;
  #isReleased = false;

  /**
   * Makes the file.
   *
   * @throws the file system's error, `EEXIST` when there is one of this name.
   */
  constructor(path: string, format: SegmentFormat, part: number) {
    this.path = path;
    this.format = format;
    this.part = part;
    this.#fd = fs.openSync(path, 'wx+', OWNER_ONLY);
    this.#inode = fs.fstatSync(this.#fd).ino;
    if (format !== 'json') return;
    try {
      this.#writeAt(Buffer.from(ARRAY_BEGIN), 0);
    } catch (error) {
      this.discard();
      throw error;
    }
    this.#position = ARRAY_BEGIN.length;
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /** False when somebody has removed or replaced the file: what is written to it would be lost. */
  isInPlace(): boolean {
    try {
      return fs.statSync(this.path).ino === this.#inode;
    } catch {
      return false;
    }
  }

  /** Notes which outcomes the bytes hold that were written. */
  note(ids: readonly number[]): void {
    this.count += ids.length;
    for (const id of ids) {
      if (id < this.firstId) this.firstId = id;
      if (id > this.lastId) this.lastId = id;
    }
  }

  /**
   * Appends bytes, and makes them safe from power loss if asked. `done` is told of a failure: then
   * nothing was added.
   */
  append(bytes: Uint8Array, isDurable: boolean, done: (error?: Error) => void): void {
    const fd = this.#openFd();
    const start = this.#position;
    const number = ++this.#writes;
    this.#isWriting = true;
    const settle = (error: Error | null): void => {
      this.#isWriting = false;
      if (this.#isReleased) fs.closeSync(fd);
      else if (number === this.#writes && error === null) this.#position += bytes.byteLength;
      else if (number === this.#writes) this.#truncate();
      done(error ?? undefined);
    };
    const writeRest = (offset: number): void => {
      const length = bytes.byteLength - offset;
      fs.write(fd, bytes, offset, length, start + offset, (error, written) => {
        if (error === null && written < length) writeRest(offset + written);
        else if (error === null && isDurable) fs.fdatasync(fd, settle);
        else settle(error);
      });
    };
    writeRest(0);
  }

  /**
   * Appends bytes at once, in place of those of an {@link append} that is under way.
   *
   * @throws the file system's error; nothing was then added.
   */
  appendSync(bytes: Uint8Array, isDurable: boolean): void {
    this.#writes += 1;
    try {
      this.#writeAt(bytes, this.#position);
      if (isDurable) fs.fdatasyncSync(this.#openFd());
    } catch (error) {
      this.#truncate();
      throw error;
    }
    this.#position += bytes.byteLength;
  }

  /** What was written so far, also when the file was removed meanwhile. */
  contents(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#position);
    fs.readSync(this.#openFd(), bytes, 0, bytes.length, 0);
    return bytes;
  }

  /** Ends the file; an empty one is removed. An end that cannot be written leaves it readable all the same. */
  end(isDurable: boolean): void {
    if (this.#fd === undefined) return;
    if (this.count === 0) {
      this.discard();
      return;
    }
    try {
      if (this.format === 'json') {
        this.#writeAt(Buffer.from(ARRAY_END), this.#position - SEPARATOR_BYTES);
      }
      if (isDurable) fs.fsyncSync(this.#fd);
    } catch {
      // Readers take a file without its end.
    }
    this.release();
  }

  /** Removes the file. */
  discard(): void {
    this.release();
    fs.rmSync(this.path, { force: true });
  }

  /** Lets go of the file as it is. */
  release(): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#fd = undefined;
    this.#writes += 1;
    // Closed under a write that is under way, its number could be another file's by then.
    if (this.#isWriting) this.#isReleased = true;
    else fs.closeSync(fd);
  }

  #openFd(): number {
    if (this.#fd === undefined) throw new Error(`${this.path} is closed`);
    return this.#fd;
  }

  #writeAt(bytes: Uint8Array, position: number): void {
    const fd = this.#openFd();
    for (let offset = 0; offset < bytes.byteLength;) {
      offset += fs.writeSync(fd, bytes, offset, bytes.byteLength - offset, position + offset);
    }
  }

  /** A part of a line at the end would be read as damage. */
  #truncate(): void {
    try {
      fs.ftruncateSync(this.#openFd(), this.#position);
    } catch {
      // A reader skips it.
    }
  }
}

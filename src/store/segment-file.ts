import * as fs from 'node:fs';
import { isOurs } from './file-owner.js';
import { endInCopy, writeAllSync, writeEnd, type SegmentEnd } from './segment-end.js';
import type { SegmentFormat } from './segment-template.js';

/** Answers may be private, and their headers hold cookies. */
const OWNER_ONLY = 0o600;

const ARRAY_BEGIN = '[\n';

/** The system reads no more than 2 GiB at once. */
const READ_AT_ONCE = 1024 ** 3;

/** One file of recorded outcomes while it is written. It can always be read up to its last whole line. */
export class SegmentFile {
  readonly format: SegmentFormat;
  readonly part: number;
  path: string;
  /** Outcomes that were written to it. */
  count = 0;
  /** True while a power failure may take something of it. */
  isUnsynced = false;
  firstId: number = Infinity;
  lastId: number = -Infinity;
  readonly #device: number;
  readonly #inode: number;
  #fd: number | undefined;
  /** Where the next bytes go. A write that is repeated goes to the same place. */
  #position = 0;
  /** Number of the latest write: an older one that ends later changes nothing. */
  #writes = 0;
  #isWriting = false;
  #isReleased = false;
  /** The end that was written to the file itself. */
  #endedInPlace: SegmentEnd | undefined;
  readonly #isNew: boolean;

  /**
   * Makes the file, or opens it to append to it, where it has lines of JSON.
   *
   * @throws the file system's error, `EEXIST` when there is one of this name.
   */
  constructor(path: string, format: SegmentFormat, part: number, mode: 'new' | 'append' = 'new') {
    this.path = path;
    this.format = format;
    this.part = part;
    // Not opened with O_APPEND: there, a write that is repeated would be appended once more.
    const { O_RDWR, O_CREAT } = fs.constants;
    this.#fd = fs.openSync(path, mode === 'new' ? 'wx+' : O_RDWR | O_CREAT, OWNER_ONLY);
    this.#isNew = mode === 'new';
    const { dev, ino, size } = fs.fstatSync(this.#fd);
    if (mode === 'append' && !isOurs(path, ino)) {
      this.release();
      throw new Error(`${path} is of another user, or a link`);
    }
    this.#device = dev;
    this.#inode = ino;
    this.#position = size;
    if (format !== 'json') return;
    try {
      writeAllSync(this.#fd, Buffer.from(ARRAY_BEGIN), 0);
    } catch (error) {
      this.discard();
      throw error;
    }
    this.#position = ARRAY_BEGIN.length;
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /** False when somebody has removed, replaced or cut the file: what is written to it would be lost. */
  isInPlace(): boolean {
    try {
      const { dev, ino, size } = fs.statSync(this.path);
      return dev === this.#device && ino === this.#inode && size >= this.#position;
    } catch {
      return false;
    }
  }

  /** Notes which outcomes the bytes hold that were written. */
  note(ids: readonly number[]): void {
    this.count += ids.length;
    this.isUnsynced = true;
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
      if (this.#isReleased) this.#closeLate(fd);
      if (number === this.#writes && error === null) this.#position += bytes.byteLength;
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
      writeAllSync(this.#openFd(), bytes, this.#position);
      if (isDurable) fs.fdatasyncSync(this.#openFd());
    } catch (error) {
      this.#truncate();
      throw error;
    }
    this.#position += bytes.byteLength;
  }

  /** Makes what was written safe from power loss, at once. @throws the file system's error. */
  syncSync(): void {
    const fd = fs.openSync(this.path, 'r');
    try {
      fs.fdatasyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    this.isUnsynced = false;
  }

  /** The same, while the program goes on. */
  async sync(): Promise<void> {
    // What is written meanwhile is not safe yet.
    this.isUnsynced = false;
    try {
      await using file = await fs.promises.open(this.path, 'r');
      await file.datasync();
    } catch (error) {
      // Compressed meanwhile, which has made it safe; or removed by somebody, and nothing is left to do.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      this.isUnsynced = true;
      throw error;
    }
  }

  /** What was written so far, as far as it is there, also when the file was removed meanwhile. */
  contents(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#position);
    for (let offset = 0; offset < bytes.length;) {
      const length = Math.min(READ_AT_ONCE, bytes.length - offset);
      const read = fs.readSync(this.#openFd(), bytes, offset, length, offset);
      if (read === 0) return bytes.subarray(0, offset);
      offset += read;
    }
    return bytes;
  }

  /** Ends the file; an empty one is removed. An end that cannot be written leaves it readable all the same. */
  end(isDurable: boolean): void {
    if (this.#fd === undefined) return;
    if (this.count === 0) {
      if (this.#isNew) this.discard();
      else this.release();
      return;
    }
    const end = { format: this.format, position: this.#position, isDurable };
    // A write that was given up may come late, over the end: even after this program's last line.
    const isAtRisk = this.#isWriting && this.format === 'json';
    if (!isAtRisk || !this.#endInCopy(end)) this.#endInPlace(this.#fd, end);
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
    // Closed while it is used, its number could be another file's by the time of the next write.
    if (this.#isWriting) this.#isReleased = true;
    else fs.closeSync(fd);
  }

  /** Closes the file after a write that was given up, which may have written over the end. */
  #closeLate(fd: number): void {
    if (this.#endedInPlace !== undefined) this.#endInPlace(fd, this.#endedInPlace);
    fs.closeSync(fd);
  }

  /** False when there is no room for a copy, or the like. */
  #endInCopy(end: SegmentEnd): boolean {
    try {
      endInCopy(this.path, end);
      return true;
    } catch {
      return false;
    }
  }

  #endInPlace(fd: number, end: SegmentEnd): void {
    this.#endedInPlace = end;
    try {
      writeEnd(fd, end);
    } catch {
      // Readers take a file without its end.
    }
  }

  #openFd(): number {
    if (this.#fd === undefined) throw new Error(`${this.path} is closed`);
    return this.#fd;
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

/** Makes the names in a folder safe from power loss, where the system can do that. */
export function syncFolder(folder: string): void {
  try {
    const fd = fs.openSync(folder, 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    // Some systems open no folders.
  }
}

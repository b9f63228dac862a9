/**
 * Which requests a run was begun with: 4 bytes each, in the order of the source. So a source that has
 * changed is found out when it is read again, with little memory and without reading the answers.
 */
import * as fs from 'node:fs';
import { identityOf } from './request-identity.js';
import type { RunRequest } from './run.js';

const BYTES_EACH = 4;
/** Positions that are held at once. */
const WINDOW = 64 * 1024;
/** Stands for a request that is not known, such as after a full disk. */
const UNKNOWN = 0;

/** The log of a run. */
export class RequestLog {
  readonly #fd: number;
  /** Positions in the file. */
  #written: number;
  /** What comes after them. */
  readonly #ahead: number[] = [];
  /** How many those were when they could not be written. */
  #refused = 0;
  #window: Uint32Array = new Uint32Array();
  #windowStart = 0;

  /** @throws the file system's error. */
  constructor(file: string) {
    this.#fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
    this.#written = Math.floor(fs.fstatSync(this.#fd).size / BYTES_EACH);
  }

  /** True when so much was noted that it should not wait in memory for an outcome. */
  get isLong(): boolean {
    return this.#ahead.length - this.#refused >= WINDOW;
  }

  /** Positions that are known. */
  get length(): number {
    return this.#written + this.#ahead.length;
  }

  /** Notes the request at a position, or compares it: false when another was noted there before. */
  check(position: number, request: string | RunRequest): boolean {
    const hash = hashOf(identityOf(request));
    if (position < this.#written) {
      const known = this.#read(position);
      return known === hash || known === UNKNOWN;
    }
    const index = position - this.#written;
    const known = this.#ahead[index];
    if (known !== undefined) return known === hash;
    this.#ahead.push(hash);
    return true;
  }

  /** Writes what was noted. @throws the file system's error; nothing is lost by that. */
  flush(): void {
    if (this.#ahead.length === 0) return;
    this.#refused = this.#ahead.length;
    const bytes = new Uint8Array(Uint32Array.from(this.#ahead).buffer);
    const start = this.#written * BYTES_EACH;
    for (let offset = 0; offset < bytes.length;) {
      offset += fs.writeSync(this.#fd, bytes, offset, bytes.length - offset, start + offset);
    }
    this.#written += this.#ahead.length;
    this.#ahead.length = 0;
    this.#refused = 0;
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  #read(position: number): number {
    const index = position - this.#windowStart;
    if (index < 0 || index >= this.#window.length) {
      this.#windowStart = position;
      const window = new Uint32Array(Math.min(WINDOW, this.#written - position));
      fs.readSync(this.#fd, window, 0, window.byteLength, position * BYTES_EACH);
      this.#window = window;
      return window[0] ?? UNKNOWN;
    }
    return this.#window[index] ?? UNKNOWN;
  }
}

/** FNV-1a of 32 bits, over UTF-16 units; never 0. Source: RFC 9923. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0 || 1;
}

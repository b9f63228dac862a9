/**
 * Which requests a run was begun with: 4 bytes each, in the order of the source. So a source that has
 * changed is found out when it is read again, with little memory and without reading the answers.
 */
import * as fs from 'node:fs';
import type { RunRequest } from './run.js';

const BYTES_EACH = 4;
/** Positions that are held at once. */
const WINDOW = 64 * 1024;
/** Stands for a request that is not known, such as after a full disk. */
const UNKNOWN = 0;

/** What a request asks for, without how it is carried out. The same request gives the same text. */
export function describeRequest(request: string | RunRequest): string {
  if (typeof request === 'string') return `GET ${request}`;
  const { method = 'GET', path, query, headers, json, body, key } = request;
  const rest = { query, headers, json, body: body instanceof Uint8Array ? [...body] : body, key };
  const restText = JSON.stringify(rest);
  return restText === '{}' ? `${method} ${path}` : `${method} ${path} ${restText}`;
}

/** The log of a run. */
export class RequestLog {
  readonly #fd: number;
  /** Positions in the file. */
  #written: number;
  /** What comes after them. */
  readonly #ahead: number[] = [];
  #window: Uint32Array = new Uint32Array();
  #windowStart = 0;

  /** @throws the file system's error. */
  constructor(file: string) {
    this.#fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
    this.#written = Math.floor(fs.fstatSync(this.#fd).size / BYTES_EACH);
  }

  /** Positions that are known. */
  get length(): number {
    return this.#written + this.#ahead.length;
  }

  /** Notes the request at a position, or compares it: false when another was noted there before. */
  check(position: number, request: string | RunRequest): boolean {
    const hash = hashOf(describeRequest(request));
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
    const bytes = Uint32Array.from(this.#ahead);
    fs.writeSync(this.#fd, bytes, 0, bytes.byteLength, this.#written * BYTES_EACH);
    this.#written += this.#ahead.length;
    this.#ahead.length = 0;
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

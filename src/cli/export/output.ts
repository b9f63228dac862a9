/** Where an export goes: a file that is there as a whole or not at all, or the standard output. */

/** A place to write to. One write at a time: each is awaited before the next. */
export interface Output {
  write(data: string | Uint8Array): Promise<void>;
  /** All is written: puts it in its place. */
  finish(): Promise<void>;
  /** It came to nothing: removes what was written, where that is possible. */
  discard(): Promise<void>;
}

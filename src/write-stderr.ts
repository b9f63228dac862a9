/** Words for people when the process may be about to end: written at once, or not at all. */
import * as fs from 'node:fs';

const STDERR = 2;
/** Somebody else who shares the terminal may have made it non-blocking: then it is full at times. */
const TRIES_WHEN_FULL = 50;
const PAUSE_WHEN_FULL_MS = 10;

/**
 * Writes to stderr. Does not throw, unlike `process.stderr`, which ends the program some time later
 * when nobody reads it any more.
 */
export function writeStderr(text: string): void {
  const bytes = Buffer.from(text);
  let tries = 0;
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += fs.writeSync(STDERR, bytes, offset);
    } catch (error) {
      tries += 1;
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries > TRIES_WHEN_FULL) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_WHEN_FULL_MS);
    }
  }
}

/** Watches for a file whose appearance stops the program. */
import * as fs from 'node:fs';
import { backgroundTimer, systemClock, type Timer } from './clock.js';

const LOOK_EVERY_MS = 1000;

/** Tells one making of a file from another. */
interface Making {
  readonly inode: number;
  readonly changedMs: number;
}

/** What is done about the file. */
export interface ShutdownFileParts {
  readonly path: string;
  /** Called once, when the file was made or changed. */
  readonly onMade: () => void;
  /** Called at once when the file is left over from before the program started: it stops nothing. */
  readonly onLeftOver: () => void;
}

/**
 * Looks for the file every second, without keeping the process alive. A file from before the program
 * started was meant for another one, and counts only once it is made anew or touched.
 */
export function watchShutdownFile(parts: ShutdownFileParts): Timer {
  const startedMs = systemClock.wallNow() - process.uptime() * 1000;
  const first = lookAt(parts.path);
  const leftOver = first !== undefined && first.changedMs < startedMs ? first : undefined;
  if (leftOver !== undefined) parts.onLeftOver();
  let timer: Timer;
  const lookAgain = (): void => {
    timer = backgroundTimer(() => {
      const now = lookAt(parts.path);
      if (now === undefined || isSame(now, leftOver)) lookAgain();
      else parts.onMade();
    }, LOOK_EVERY_MS);
  };
  lookAgain();
  return { cancel: () => timer.cancel() };
}

function lookAt(path: string): Making | undefined {
  try {
    // When it was last changed in any way, which no program can set, unlike when it was written.
    const { ino, ctimeMs } = fs.statSync(path);
    return { inode: ino, changedMs: ctimeMs };
  } catch {
    return undefined;
  }
}

function isSame(one: Making, other: Making | undefined): boolean {
  return one.inode === other?.inode && one.changedMs === other.changedMs;
}

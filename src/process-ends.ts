/**
 * Saves what is in memory however the process ends. Signals are listened to only while somebody has
 * something to save; where the program has listeners of its own, they decide what becomes of it.
 */
import * as path from 'node:path';
import { sleep, systemClock, type Timer } from './clock.js';
import { hasOtherListeners, markAsOurs } from './other-listeners.js';
import { watchShutdownFile } from './shutdown-file.js';
import { writeStderr } from './write-stderr.js';

/** Something that must be saved before the process ends. */
export interface Unsaved {
  /** Saves at once what is in memory, and goes on. Does not throw. */
  saveSync(): void;
  /** Takes no more work, and resolves when nothing is under way any more. */
  windDown(reason: string): Promise<void>;
  /** Saves at once what is in memory, and ends the files. Does not throw. */
  endSync(): void;
  /** Says, for people, what was saved and how to go on; `''` when there is nothing to say. */
  describeSaved(): string;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof signals)[number];

/** As shells count: 128 and the number of the signal. */
const exitCodes: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** A file of this name in the working folder, made while the program runs, stops it. */
const SHUTDOWN_FILE = 'SHUTDOWN_HYDRA';
const SHUTDOWN_EXIT_CODE = 42;

/** What is in flight gets so long after the first signal. */
export const GRACE_MS = 5000;

/** Under `npm run`, one Ctrl+C comes twice: from the terminal, and handed on by npm. */
const SAME_STOP_MS = 200;

const unsaved = new Set<Unsaved>();
/** Those that were ended while the program was stopping: there is still something to say of them. */
const endedWhileStopping = new Set<Unsaved>();
let shutdownFile: Timer | undefined;
let isLeftOverTold = false;
/** Set once the program is stopping. It does not come back from that. */
let stopping: { readonly reason: string; readonly sinceMs: number } | undefined;

/**
 * Has `one` saved when the process ends. When the program is stopping already, `one` is to wind down
 * at once.
 *
 * @returns a function that undoes it.
 */
export function saveAtProcessEnd(one: Unsaved): () => void {
  if (unsaved.size === 0 && stopping === undefined) listen();
  unsaved.add(one);
  if (stopping !== undefined) void windDown(one, stopping.reason);
  return () => {
    if (!unsaved.delete(one)) return;
    // Then the listeners stay: the next signal is to end the program with its code.
    if (stopping !== undefined) endedWhileStopping.add(one);
    else if (unsaved.size === 0) stopListening();
  };
}

/** All of it before others' listeners: they may end the process, and those of `once` are gone after them. */
function listen(): void {
  process.prependListener('exit', endAll);
  for (const signal of signals) process.prependListener(signal, onSignal);
  const file = path.resolve(SHUTDOWN_FILE);
  shutdownFile = watchShutdownFile({
    path: file,
    onMade: () => stop(`the file ${file}`, SHUTDOWN_EXIT_CODE),
    onLeftOver: () => tellLeftOver(file),
  });
}

function stopListening(): void {
  process.off('exit', endAll);
  for (const signal of signals) process.off(signal, onSignal);
  shutdownFile?.cancel();
}

function onSignal(signal: NodeJS.Signals): void {
  if (hasOtherListeners(signal)) saveAll();
  else stop(signal, exitCodes[signal as Signal]);
}
markAsOurs(onSignal);

/** The first time gently; the second at once. */
function stop(reason: string, exitCode: number): void {
  if (stopping !== undefined) {
    if (systemClock.now() - stopping.sinceMs < SAME_STOP_MS) return;
    saveAll();
    writeStderr(`Stopped at once by ${reason}.\n`);
    process.exit(exitCode);
  }
  process.exitCode = exitCode;
  // Before anything is said: that takes as long as who reads it likes.
  saveAll();
  writeStderr(
    `Stopped by ${reason}: nothing new is sent, what is in flight gets ${GRACE_MS / 1000} s. The next signal stops at once.\n`,
  );
  stopping = { reason, sinceMs: systemClock.now() };
  const quiet = Promise.all([...unsaved].map((one) => windDown(one, reason)))
    // Who awaited the last answer runs first.
    .then(() => sleep(systemClock, 0));
  const over = sleep(systemClock, GRACE_MS).then(() =>
    writeStderr(`The ${GRACE_MS / 1000} s are over.\n`),
  );
  void Promise.race([quiet, over]).then(() => process.exit(exitCode));
}

/** The process ends all the same when something goes wrong with it. */
async function windDown(one: Unsaved, reason: string): Promise<void> {
  try {
    await one.windDown(reason);
  } catch (error) {
    tellFailure(error);
  }
}

function saveAll(): void {
  for (const one of unsaved) attempt(() => one.saveSync());
}

/** Runs when the process exits, so nothing in it may wait. */
function endAll(): void {
  for (const one of unsaved) attempt(() => one.endSync());
  for (const one of [...endedWhileStopping, ...unsaved]) {
    attempt(() => {
      const saved = one.describeSaved();
      if (saved !== '') writeStderr(`${saved}\n`);
    });
  }
}

/** What goes wrong with one must not keep the others from being saved. */
function attempt(save: () => void): void {
  try {
    save();
  } catch (error) {
    tellFailure(error);
  }
}

function tellFailure(error: unknown): void {
  writeStderr(`Not all could be saved: ${(error as Error).message}\n`);
}

function tellLeftOver(file: string): void {
  if (isLeftOverTold) return;
  isLeftOverTold = true;
  writeStderr(
    `${file} was there before this program started, and does not stop it. Touch it to stop the program, remove it to be rid of this line.\n`,
  );
}

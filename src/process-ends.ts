/**
 * Saves what is in memory however the process ends. Signals are listened to only while somebody has
 * something to save; where the program has listeners of its own, they decide what becomes of it.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { backgroundTimer, sleep, systemClock, type Timer } from './clock.js';

/** Something that must be saved before the process ends. */
export interface Unsaved {
  /** Saves at once what is in memory, and goes on. Does not throw. */
  saveSync(): void;
  /** Takes no more work, and resolves when nothing is under way any more. */
  windDown(reason: string): Promise<void>;
  /** Saves at once what is in memory, and ends the files. Does not throw. */
  endSync(): void;
  /** Says, for people, what was saved and how to go on. */
  describeSaved(): string;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof signals)[number];

/** As shells count: 128 and the number of the signal. */
const exitCodes: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** A file of this name in the working folder stops the program. */
export const SHUTDOWN_FILE = 'SHUTDOWN_HYDRA';
const SHUTDOWN_EXIT_CODE = 42;
const LOOK_FOR_FILE_EVERY_MS = 1000;

/** What is in flight gets so long after the first signal. */
export const GRACE_MS = 5000;

const unsaved = new Set<Unsaved>();
let fileTimer: Timer | undefined;
let isStopping = false;

/**
 * Has `one` saved when the process ends.
 *
 * @returns a function that undoes it.
 */
export function saveAtProcessEnd(one: Unsaved): () => void {
  if (unsaved.size === 0) listen();
  unsaved.add(one);
  return () => {
    if (unsaved.delete(one) && unsaved.size === 0) stopListening();
  };
}

function listen(): void {
  process.on('exit', endAll);
  for (const signal of signals) process.on(signal, onSignal);
  lookForFile(path.resolve(SHUTDOWN_FILE));
}

function stopListening(): void {
  process.off('exit', endAll);
  for (const signal of signals) process.off(signal, onSignal);
  fileTimer?.cancel();
}

function onSignal(signal: Signal): void {
  if (process.listeners(signal).some((listener) => listener !== onSignal)) {
    for (const one of unsaved) one.saveSync();
    return;
  }
  stop(signal, exitCodes[signal]);
}

function lookForFile(file: string): void {
  fileTimer = backgroundTimer(() => {
    if (fs.existsSync(file)) stop(`the file ${file}`, SHUTDOWN_EXIT_CODE);
    else lookForFile(file);
  }, LOOK_FOR_FILE_EVERY_MS);
}

/** The first time gently; the second at once. */
function stop(reason: string, exitCode: number): void {
  if (isStopping) process.exit(exitCode);
  isStopping = true;
  process.exitCode = exitCode;
  process.stderr.write(
    `Stopped by ${reason}: what is in flight gets ${GRACE_MS / 1000} s. Once more to stop at once.\n`,
  );
  const quiet = Promise.all([...unsaved].map((one) => one.windDown(reason)));
  void Promise.race([quiet, sleep(systemClock, GRACE_MS)]).then(() => process.exit(exitCode));
}

/** Runs when the process exits, so nothing in it may wait. */
function endAll(): void {
  for (const one of unsaved) {
    one.endSync();
    const saved = one.describeSaved();
    if (saved !== '') process.stderr.write(`${saved}\n`);
  }
}

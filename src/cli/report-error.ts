import { CommanderError } from 'commander';
import { HydraError } from '../errors.js';
import { inUserWords } from './connection/user-words.js';
import { exitCodes } from './exit-codes.js';

/**
 * Says on stderr what ended a command, and returns the exit code for it.
 *
 * @throws what is no error of the user's or the world's, but a defect of ours.
 */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) {
    // It has said all that there is to say, and also throws to end after --help.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
  }
  const isForUser =
    error instanceof HydraError || (error as NodeJS.ErrnoException).syscall !== undefined;
  if (!isForUser) throw error;
  process.stderr.write(`apihydra: ${inUserWords((error as Error).message)}\n`);
  return exitCodes.error;
}

/** Makes a run's directory, or opens the one that is there and finds out how far the run is. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Damage } from '../store/segment-lines.js';
import { lockDirectory, type DirectoryLock } from './directory-lock.js';
import { findRecorded } from './recorded.js';
import { RunDirectory, type RunDirectoryParts } from './run-directory.js';
import * as files from './run-files.js';
import { directoryError, readRunInfo, type RunInfo } from './run-info.js';

/**
 * Opens a run's directory for writing.
 *
 * @throws HydraError `HYDRA_RUN_DIRECTORY`, `HYDRA_RUN_LOCKED`.
 */
export async function openRunDirectory(parts: RunDirectoryParts): Promise<RunDirectory> {
  const { directory } = parts;
  let lock: DirectoryLock | undefined;
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    lock = lockDirectory(directory);
    return await openLocked(parts, lock);
  } catch (error) {
    lock?.release();
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw directoryError(
      `The run's directory ${directory} cannot be used (${message})`,
      directory,
      error,
    );
  }
}

async function openLocked(parts: RunDirectoryParts, lock: DirectoryLock): Promise<RunDirectory> {
  const { directory, logger, api, clock } = parts;
  const temporaryFolder = tmpdir();
  const before = readRunInfo(directory);
  if (before === undefined) refuseForeign(directory, temporaryFolder);
  else checkApi(directory, before, api);
  files.tidy(directory);
  const failures = files.findFailures(directory, temporaryFolder);
  for (const file of failures) files.mendEnd(file);
  const onDamage = ({ file, line, reason }: Damage): void =>
    logger.error(`Line ${line} of ${file} is skipped: ${reason}`);
  const info = before ?? { api, createdAtMs: 0, segments: [], totals: { done: 0, failed: 0 } };
  const startedMs = clock.now();
  const recorded = await findRecorded({ directory, temporaryFolder, info, logger, onDamage });
  if (before !== undefined) {
    const seconds = ((clock.now() - startedMs) / 1000).toFixed(1);
    logger.info(
      `Going on with the run in ${directory}: ${recorded.done.size} requests are done, ${recorded.failed.size} have failed (looked up in ${seconds} s)`,
    );
  }
  const opened = new RunDirectory(parts, lock, before, recorded);
  await opened.note();
  if (!fs.existsSync(path.join(directory, files.DONE_FILE))) {
    await opened.close('stopped');
    throw directoryError(`The run's directory ${directory} cannot be written`, directory);
  }
  return opened;
}

function refuseForeign(directory: string, temporaryFolder: string): void {
  const [segment] = files.findSegments(directory, temporaryFolder);
  if (segment === undefined) return;
  const message = `${directory} has segments, such as ${segment.path}, and no run.json: name another directory, or put run.json back`;
  throw directoryError(message, directory);
}

function checkApi(directory: string, { api: before }: RunInfo, api: RunInfo['api']): void {
  if (before.baseUrl === api.baseUrl) return;
  const message = `The run in ${directory} asks ${before.baseUrl}, expected ${api.baseUrl}: name another directory`;
  throw directoryError(message, directory);
}

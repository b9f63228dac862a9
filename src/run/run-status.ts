/** How far a run is, as its directory tells, also while a process works in it. */
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { stderrLogger } from '../logger.js';
import { countBefore } from './count-before.js';
import { lockHolder } from './directory-lock.js';
import { findRecorded } from './recorded.js';
import { noRun, readRunInfo, type RunInfo } from './run-info.js';

/** How far a run is. */
export interface RunStatus {
  readonly info: RunInfo;
  /** Requests with a recorded response. */
  readonly done: number;
  /** Requests with a recorded failure and no response. */
  readonly failed: number;
  /** The process that works in the directory now. */
  readonly process: { readonly pid: number; readonly host: string } | undefined;
}

/**
 * Looks at a run's directory, and changes nothing in it.
 *
 * @throws HydraError `HYDRA_RUN_DIRECTORY` when there is no run in it that can be understood.
 */
export async function readRunStatus(directory: string): Promise<RunStatus> {
  const folder = path.resolve(directory);
  const info = readRunInfo(folder);
  if (info === undefined) throw noRun(folder);
  const logger = stderrLogger('warning');
  const { done, failed } = await findRecorded({
    directory: folder,
    temporaryFolder: tmpdir(),
    info,
    logger,
    onDamage: ({ file, line, reason }) => logger.warn(`Line ${line} of ${file}: ${reason}`),
  });
  const { end, read } = info.source;
  return {
    info,
    done: countBefore(done, end, read),
    failed: countBefore(failed, end, read),
    process: lockHolder(folder),
  };
}

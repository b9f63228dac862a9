/** Says how a source differs from the one that a run was begun with. */
import { HydraError } from '../errors.js';
import { describeRecorded } from './recorded-request.js';
import { describeRequest } from './request-identity.js';
import type { RunDirectory } from './run-directory.js';
import type { RunRequest } from './run.js';

const GO_ON = 'Go on with the same requests, or name another directory.';

/** The error for a request that is another one than before at its position. */
export async function otherRequest(
  opened: RunDirectory,
  position: number,
  item: string | RunRequest,
): Promise<HydraError> {
  const { directory } = opened;
  const before = await describeRecorded(directory, opened.segments(), position);
  const was = before === undefined ? 'with another one' : `with ${before}`;
  return new HydraError(
    'HYDRA_SOURCE_CHANGED',
    `The first request that differs is number ${position} (from 0): it is ${describeRequest(item)}, and the run in ${directory} was begun ${was}. Method, path, query, headers, body and key count. ${GO_ON}`,
    { file: directory, name: String(position) },
  );
}

/** The error for a source that has become shorter. */
export function endsEarly({ directory, readBefore }: RunDirectory, count: number): HydraError {
  return new HydraError(
    'HYDRA_SOURCE_CHANGED',
    `The source ends after ${count} requests; the run in ${directory} was begun with at least ${readBefore}. ${GO_ON}`,
    { file: directory },
  );
}

/** Reads a run's source while there is room, and hands over each request that has no outcome yet. */
import { sleep } from '../clock.js';
import { HydraError } from '../errors.js';
import type { OutcomeRecorder } from '../store/outcome-store.js';
import type { ChangeSignal } from './change-signal.js';
import { checkRunRequest } from './check-run-request.js';
import type { PendingRequests } from './pending-requests.js';
import { describePath } from './request-identity.js';
import type { RunDirectory } from './run-directory.js';
import type { RunHost } from './run-host.js';
import type { RunRequest } from './run.js';
import { endsEarly, otherRequest } from './source-changed.js';
import type { SourceReader } from './source-reader.js';

/** Requests that are held ready to be sent. */
const READY_AHEAD = 2000;
/** Requests without an outcome, also those that wait to be sent again. */
const MOST_PENDING = 50_000;
/** So many requests that are done already are passed over at once. */
const PASSED_AT_ONCE = 20_000;

/** What the intake works with. */
export interface RequestIntakeParts {
  readonly host: RunHost;
  readonly opened: RunDirectory;
  readonly reader: SourceReader;
  readonly pending: PendingRequests;
  /** Gets the outcomes. */
  readonly recorder: OutcomeRecorder;
  /** Asks again for what has failed for good. */
  readonly retryFailures: boolean;
  /** False once nothing more is to be asked. */
  readonly isRunning: () => boolean;
  /** True while outcomes come faster than they are taken. */
  readonly isCongested: () => boolean;
  /** Says when one of those, or the number of pending requests, has changed. */
  readonly change: ChangeSignal;
}

/**
 * Takes everything in.
 *
 * @returns how many requests the source holds; `undefined` when nothing more was to be asked before
 * its end.
 * @throws what the source throws; HydraError `HYDRA_SOURCE_CHANGED`, `HYDRA_INVALID_REQUEST` for what
 * is no request at all, `HYDRA_NO_APPS`.
 */
export async function takeIn(parts: RequestIntakeParts): Promise<number | undefined> {
  const { host, opened, reader, change, isRunning, retryFailures } = parts;
  const { done, failed } = opened;
  for (let position = 0; ; position++) {
    while (isRunning() && !hasRoom(parts)) await change.next();
    const next = reader.next();
    const item = next instanceof Promise ? await next : next;
    if (!isRunning()) return undefined;
    if (item === undefined) {
      if (position < opened.readBefore) throw endsEarly(opened, position);
      return position;
    }
    if (!opened.check(position, item)) throw await otherRequest(opened, position, item);
    const isDone = done.has(position) || (failed.has(position) && !retryFailures);
    if (!isDone) handOver(parts, position, typeof item === 'string' ? { path: item } : item);
    else if (position % PASSED_AT_ONCE === 0) await sleep(host.clock, 0);
  }
}

function hasRoom({ host, pending, isCongested }: RequestIntakeParts): boolean {
  return !isCongested() && host.ready < READY_AHEAD && pending.size < MOST_PENDING;
}

function handOver(parts: RequestIntakeParts, position: number, request: RunRequest): void {
  const { host, pending, recorder } = parts;
  const { path, method = 'GET', ...options } = request;
  try {
    checkRunRequest(request);
    pending.add(position, host.submit(position, method, path, options, recorder));
  } catch (error) {
    if (!(error instanceof HydraError) || error.code === 'HYDRA_NO_APPS') throw error;
    refuse(parts, position, request, error);
  }
}

/** A request that cannot be sent as it is must not end a job of days. */
function refuse(
  { host, recorder }: RequestIntakeParts,
  position: number,
  request: RunRequest,
  error: HydraError,
): void {
  const { key } = request;
  // What is no method would not be read back.
  const method = typeof request.method === 'string' ? request.method : 'GET';
  const url = describePath(request.path);
  host.logger.error(`Request ${position}, ${method} ${url}, cannot be sent: ${error.message}`);
  const asked = { id: position, method, url, attempts: 0, ...(key === undefined ? {} : { key }) };
  recorder.put({
    kind: 'failure',
    failure: { ...asked, endedAtMs: host.clock.wallNow(), error },
  });
}

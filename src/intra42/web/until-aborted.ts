import { HydraError } from '../../index.js';

/** The error for a caller that aborted what it had asked for. */
export function abortedByCaller(): HydraError {
  return new HydraError('HYDRA_ABORTED', 'The caller aborted before the website had answered.');
}

/**
 * Waits for what others may be waiting for too: an abort ends the waiting, not the work.
 *
 * @throws HydraError `HYDRA_ABORTED` once `signal` is aborted.
 */
export async function untilAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return await work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(abortedByCaller());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

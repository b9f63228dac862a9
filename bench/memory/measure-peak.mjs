import { message, start, stop } from '../shared/process.mjs';
import { withScratchFolder } from '../shared/scratch-folder.mjs';

const runJob = new URL('./run-job.mjs', import.meta.url);

/**
 * Peak resident memory of a process that runs a job of so many requests.
 *
 * @returns `{ peakMb, perSecond }`
 */
export async function measurePeak({ port, requests, traceEveryMs = 0 }) {
  return withScratchFolder(async (directory) => {
    const child = start(runJob, { port, directory, requests, traceEveryMs });
    if (traceEveryMs > 0) child.stderr.pipe(process.stderr);
    const { isComplete, done, seconds, peakMb } = await message(child);
    await stop(child);
    if (!isComplete || done !== requests) throw new Error(`Only ${done} of ${requests} are done`);
    return { peakMb, perSecond: requests / seconds };
  });
}

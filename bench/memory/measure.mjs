// Peak memory of runs of ever more requests with answers of 4 KB.
import { message, start, stop } from '../shared/process.mjs';
import { measurePeak } from './measure-peak.mjs';

const SIZES = [10_000, 100_000, 1_000_000];
const ANSWER_BYTES = 4096;
const server = new URL('../shared/answers-server.mjs', import.meta.url);

/**
 * @param options - `mostRequests`: longer runs are left out.
 * @returns `points`: `{ size, peakMb, perSecond }` each.
 */
export async function measureMemory({ mostRequests }, say) {
  const answers = start(server, { bytes: ANSWER_BYTES });
  const port = await message(answers);
  const points = [];
  for (const size of SIZES.filter((requests) => requests <= mostRequests)) {
    const { peakMb, perSecond } = await measurePeak({ port, requests: size });
    say(`${size} requests: peak ${peakMb.toFixed(0)} MB, ${Math.round(perSecond)} a second`);
    points.push({ size, peakMb, perSecond });
  }
  await stop(answers);
  return { answerBytes: ANSWER_BYTES, points };
}

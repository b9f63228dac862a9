/** Prints the items of a list as they come, and shows how far it is. */
import { systemClock } from '../../clock.js';
import type { ApiHydra, Paginator } from '../../index.js';
import type { Output } from '../export/output.js';
import { ReaderGone } from '../export/stream-output.js';
import { TextBatch } from '../export/text-batch.js';
import { toJsonText, type JsonValue } from '../export/json-value.js';
import { showProgress } from '../progress.js';

const LINE_EVERY_MS = 10_000;

/** Prints them, one a line or as an array. Ends quietly when nobody reads any more. */
export async function printItems(
  hydra: ApiHydra,
  pages: Paginator<JsonValue>,
  output: Output,
  isArray: boolean,
): Promise<void> {
  const startedMs = systemClock.now();
  let items = 0;
  const progress = showProgress(systemClock, process.stderr, LINE_EVERY_MS, () => {
    const seconds = (systemClock.now() - startedMs) / 1000;
    const retries = Object.values(hydra.stats.retries).reduce((sum, count) => sum + count, 0);
    return { done: items, total: pages.total, rate: seconds === 0 ? 0 : items / seconds, retries };
  });
  const batch = new TextBatch(output);
  try {
    for await (const item of pages) {
      await batch.add(`${textBefore(items, isArray)}${toJsonText(item)}${isArray ? '' : '\n'}`);
      items += 1;
    }
    // What came before an error is printed as lines, but half an array is no JSON.
    if (isArray) await batch.add(items === 0 ? '[]\n' : '\n]\n');
    await batch.flush();
  } catch (error) {
    if (error instanceof ReaderGone) return;
    await batch.flush().catch(() => undefined);
    throw error;
  } finally {
    progress.stop();
  }
}

function textBefore(items: number, isArray: boolean): string {
  if (!isArray) return '';
  return items === 0 ? '[\n' : ',\n';
}

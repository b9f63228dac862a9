/** JSON: an array, or one value a line. */
import type { Output } from './output.js';
import { TextBatch } from './text-batch.js';

/** Writes texts of JSON as an array, each on a line of its own. */
export async function writeJson(texts: AsyncIterable<string>, output: Output): Promise<void> {
  const batch = new TextBatch(output);
  let separator = '[\n';
  for await (const text of texts) {
    await batch.add(`${separator}${text}`);
    separator = ',\n';
  }
  await batch.add(separator === '[\n' ? '[]\n' : '\n]\n');
  await batch.flush();
}

/** Writes texts of JSON, one a line. */
export async function writeJsonLines(texts: AsyncIterable<string>, output: Output): Promise<void> {
  const batch = new TextBatch(output);
  for await (const text of texts) await batch.add(`${text}\n`);
  await batch.flush();
}

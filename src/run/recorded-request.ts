/** Finds a recorded outcome by its request's number, to name what it was. */
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Outcome } from '../request/request.js';
import { orderedLines } from '../store/ordered-lines.js';
import { decodeLine } from '../store/outcome-line.js';
import { decodeText } from '../store/outcome-text.js';
import { findOutcomes, readEntry, type IndexEntry } from '../store/segment-index.js';
import { findFailures } from './run-files.js';
import type { SegmentInfo } from './run-info.js';

/** What request `id` of a run was, such as `GET https://...`; `undefined` where no outcome tells. */
export async function describeRecorded(
  directory: string,
  segments: readonly SegmentInfo[],
  id: number,
): Promise<string | undefined> {
  const near = segments.filter(({ firstId, lastId }) => firstId <= id && id <= lastId);
  const files = [
    ...near.map(({ file }) => path.resolve(directory, file)),
    ...findFailures(directory, tmpdir()),
  ];
  for (const file of files) {
    const outcome = await findIn(file, id);
    if (outcome === undefined) continue;
    const { method, url } = outcome.kind === 'response' ? outcome.response : outcome.failure;
    return `${method} ${url}`;
  }
  return undefined;
}

async function findIn(file: string, id: number): Promise<Outcome | undefined> {
  try {
    if (!/\.(gz|zst)$/.test(file)) return await findInPlain(file, id);
    for await (const line of orderedLines(file, 0, () => undefined)) {
      if (line.id === id) return decodeLine(line.bytes);
      if (line.id > id) return undefined;
    }
  } catch {
    // It is only for a better word in an error.
  }
  return undefined;
}

/** Holds nothing but what it looks for: a file of failures may be of any length. */
async function findInPlain(file: string, id: number): Promise<Outcome | undefined> {
  let found: IndexEntry | undefined;
  const look = (entry: IndexEntry): void => {
    if (entry.id === id) found = entry;
  };
  await findOutcomes(file, look, () => undefined);
  if (found === undefined) return undefined;
  const bytes = readEntry(file, found);
  return file.endsWith('.txt') ? decodeText(bytes) : decodeLine(bytes);
}

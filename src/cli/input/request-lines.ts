/** Reads a file of requests: one path or one JSON request a line. */
import type { RunRequest } from '../../run/run.js';
import { inputError } from './input-error.js';
import { parseJsonRequest } from './json-request.js';
import type { LineBlock } from './line-blocks.js';
import { faultOfPath } from './request-path.js';
import { SeenTexts } from './seen-texts.js';

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/**
 * Keys are compared among the first so many requests that have one. A key names an answer, so two
 * alike are a mistake; but looking for them must not take memory without bound: this is 64 MiB.
 */
const MAX_KEYS = 6_000_000;

/**
 * The requests of a text. Blank lines are skipped, and so are lines that begin with `#`, which no path
 * does.
 *
 * @throws HydraError `HYDRA_INPUT_FILE`, naming the line, for one that is no request, and for a key
 * that an earlier line has.
 */
export async function* readRequestLines(
  name: string,
  blocks: AsyncIterable<LineBlock>,
): AsyncGenerator<string | RunRequest> {
  const keys = new SeenTexts(MAX_KEYS);
  let isEmpty = true;
  for await (const { firstLine, bytes } of blocks) {
    let number = firstLine;
    for (let start = 0; start < bytes.length; number++) {
      const at = bytes.indexOf(LINE_FEED, start);
      const end = at === -1 ? bytes.length : at;
      const line = trimmed(bytes, start, end);
      start = end + 1;
      if (line === '' || line.startsWith('#')) continue;
      isEmpty = false;
      yield toRequest(name, number, line, keys);
    }
  }
  if (isEmpty) throw inputError(name, undefined, 'Expected at least one request, got none.');
}

/**
 * A line without white space around it. Each is a string of its own: as a slice of its block, a
 * request that waits would keep the whole block in memory.
 */
function trimmed(bytes: Buffer, start: number, end: number): string {
  let [first, last] = [start, end];
  while (first < last && (bytes[first] ?? 0) <= SPACE) first += 1;
  while (last > first && (bytes[last - 1] ?? 0) <= SPACE) last -= 1;
  return bytes.toString('utf8', first, last);
}

function toRequest(
  name: string,
  number: number,
  line: string,
  keys: SeenTexts,
): string | RunRequest {
  if (!line.startsWith('{')) {
    const fault = faultOfPath(line);
    if (fault !== undefined) throw inputError(name, number, fault);
    return line;
  }
  const request = jsonRequest(name, number, line);
  if (request.key !== undefined && keys.add(request.key)) {
    const shown = JSON.stringify(request.key);
    throw inputError(name, number, `Expected each \`key\` once, got ${shown} again.`);
  }
  return request;
}

function jsonRequest(name: string, number: number, line: string): RunRequest {
  try {
    return parseJsonRequest(line);
  } catch (cause) {
    throw inputError(name, number, (cause as Error).message, cause);
  }
}

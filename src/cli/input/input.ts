/** What a command is given to ask for: requests from a file, from stdin, or from a template and values. */
import { HydraError } from '../../errors.js';
import type { RunRequest } from '../../run/run.js';
import { openBytes, type ByteSource } from './byte-source.js';
import { countLines, type CountingRules } from './count-requests.js';
import { csvBlocks } from './csv-blocks.js';
import { fillPaths } from './filled-paths.js';
import type { InputFlags } from './input-options.js';
import { lineBlocks } from './line-blocks.js';
import { parseTemplate, type PathTemplate } from './path-template.js';
import { readRequestLines } from './request-lines.js';
import { toUtf8 } from './utf8-chunks.js';

/** Requests to read. The same file gives the same ones at the same positions, so that a run can go on. */
export interface Input {
  /** As messages name it: the file, or `stdin`. */
  readonly name: string;
  /**
   * The requests, once, read as they are asked for, in constant memory. Throws a `HydraError`
   * `HYDRA_INPUT_FILE`, naming file and line, when it comes to what cannot be understood.
   */
  readonly requests: AsyncIterable<string | RunRequest>;
  /**
   * How many requests there are, where the file can be read twice: counted by their lines, without
   * understanding them. `undefined` for stdin and other pipes.
   */
  total(): Promise<number | undefined>;
  /**
   * Stops reading, also in the middle of waiting for more. Who still reads gets an error, so that what
   * was broken off is not taken for the whole.
   */
  close(): void;
}

/** Blank lines count nowhere. */
const LINES: CountingRules = { comment: '#', quote: undefined };
const ROWS: CountingRules = { comment: undefined, quote: '"' };

/**
 * Opens what the command line names, and reads the first request of it: so that a file that is
 * missing, empty or of another kind is told before anything else begins.
 *
 * @param file - `-` is stdin; `undefined` when a template is given.
 * @throws HydraError `HYDRA_INPUT_FILE`; `HYDRA_INVALID_OPTION` for flags that do not go together, and
 * for a template that is not understood.
 */
export async function openInput(file: string | undefined, flags: InputFlags): Promise<Input> {
  const template = templateOf(file, flags);
  const source = await openBytes(flags.values ?? file ?? '');
  const { name } = source;
  const requests = await read(source, template);
  // It has not begun until its first request was asked for, and then goes on from there.
  const first = await requests.next().catch((error: unknown) => {
    source.close();
    throw error;
  });
  return {
    name,
    requests: startWith(first, requests),
    total: () => countTotal(source, template),
    close: () => source.close(),
  };
}

function templateOf(file: string | undefined, flags: InputFlags): PathTemplate | undefined {
  const { template, values } = flags;
  if (template === undefined && values === undefined) {
    if (file !== undefined) return undefined;
    throw wrongFlags('a file with requests (- is stdin), or --template with --values', 'neither');
  }
  if (template === undefined || values === undefined) {
    throw wrongFlags('--template together with --values', 'only one of them');
  }
  if (file !== undefined) throw wrongFlags('a file with requests, or --template', 'both');
  return parseTemplate(template);
}

function wrongFlags(expected: string, got: string): HydraError {
  return new HydraError('HYDRA_INVALID_OPTION', `Expected ${expected}, got ${got}.`);
}

async function read(
  source: ByteSource,
  template: PathTemplate | undefined,
): Promise<AsyncGenerator<string | RunRequest>> {
  const { name, chunks } = source;
  const blocks = lineBlocks(name, toUtf8(name, chunks));
  if (template === undefined) return readRequestLines(name, blocks);
  // Loaded for values only: a list of requests needs no CSV.
  const { readCsvRows } = await import('./csv-rows.js');
  return fillPaths(name, readCsvRows(name, csvBlocks(name, blocks)), template);
}

/** By hand: through another generator, each request would cost twice. */
function startWith<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T>): AsyncIterable<T> {
  let next: IteratorResult<T, void> | undefined = first;
  const iterator: AsyncIterator<T> = {
    next() {
      if (next === undefined) return rest.next();
      const result = next;
      next = undefined;
      return Promise.resolve(result);
    },
    return: () => rest.return(undefined),
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

async function countTotal(
  { name, rereadable }: ByteSource,
  template: PathTemplate | undefined,
): Promise<number | undefined> {
  if (rereadable === undefined) return undefined;
  const again = await openBytes(rereadable);
  const utf8 = toUtf8(name, again.chunks);
  if (template === undefined) return countLines(utf8, LINES);
  const lines = await countLines(utf8, ROWS);
  // The first one names the columns.
  return Math.max(0, lines - 1);
}

/** The options of `apihydra get`, and what they say of pages. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CursorPlace, ListOptions, PaginationOptions, PaginationStyle } from '../../index.js';
import type { ConnectionFlags } from '../connection/connection-options.js';
import { isObject, parseJson } from '../export/json-value.js';
import { recordingOptions, type RunFlags } from '../run/run-flags.js';
import { wholeNumber } from '../whole-number.js';

/** What {@link getOptions} make of the command line. */
export interface GetFlags extends ConnectionFlags, RunFlags {
  readonly all?: true;
  readonly out?: string;
  readonly jsonl?: true;
  readonly style?: PaginationStyle;
  readonly pageSize?: number;
  readonly items?: string;
  readonly total?: string;
  readonly more?: string;
  readonly next?: string;
  readonly cursor?: CursorPlace;
  readonly pageParameter?: string;
  readonly sizeParameter?: string;
  readonly offsetParameter?: string;
  readonly cursorParameter?: string;
  readonly firstPage?: number;
  readonly untilEmpty?: true;
  readonly uniqueBy?: string;
  readonly ahead?: number;
  readonly post?: ListOptions['json'];
}

const STYLES: readonly PaginationStyle[] = ['auto', 'page', 'offset', 'link', 'cursor', 'next-url'];

/** Adds the options to `command`. */
export function getOptions(command: Command): Command {
  command
    .option('--all', 'all items of a list that comes page by page')
    .option('--jsonl', 'items as JSON, one a line (the default)')
    .option('--json', 'items as one JSON array; with --out: print how it ended as JSON')
    .option('--out <directory>', 'record the pages there, as a run that can be gone on with')
    .option('--unique-by <path>', 'leave out items whose value there was there already')
    .option('--ahead <n>', 'pages asked ahead, at most', wholeNumber(1, 10_000))
    .addOption(
      new Option(
        '--style <style>',
        "how pages are asked for (default: the API's, else auto)",
      ).choices(STYLES),
    )
    .option(
      '--post <json>',
      'ask with POST: the query, an object; what tells pages apart is put into it',
      jsonObject,
    )
    .option('--page-size <n>', 'items to ask for in a page', wholeNumber(1, 1_000_000))
    .option('--first-page <n>', 'number of the first page (default: 1)', wholeNumber(0, 1_000_000))
    .option('--items <path>', 'where the list is in the body')
    .option('--total <path>', 'where the body says how many items there are')
    .option('--more <path>', 'where the body says whether there are more pages')
    .option('--next <path>', "where the body says the next page's URL")
    .option(
      '--cursor <place>',
      "where the next page's cursor is: a path, header:<name>, or last:<path> in the last item",
      cursorPlace,
    )
    .option('--until-empty', 'a short page is not the last one')
    .option(
      '--page-parameter <name>',
      "what a page's number is called in the query; with --post, a path",
    )
    .option('--size-parameter <name>', 'what the page size is called')
    .option('--offset-parameter <name>', 'what the offset is called')
    .option('--cursor-parameter <name>', 'what the cursor is called');
  return recordingOptions(command);
}

/** What was said of pages. */
export function paginationOf(flags: GetFlags): PaginationOptions {
  const { style, pageSize, items, total, more, next, cursor, firstPage, untilEmpty } = flags;
  const parameters = {
    page: flags.pageParameter,
    size: flags.sizeParameter,
    offset: flags.offsetParameter,
    cursor: flags.cursorParameter,
  };
  const given = Object.entries(parameters).filter(([, name]) => name !== undefined);
  const said = { style, pageSize, items, total, more, next, cursor, firstPage, untilEmpty };
  return given.length === 0 ? said : { ...said, parameters: Object.fromEntries(given) };
}

/** What is sent with each page. */
export function postOf({ post }: GetFlags): Pick<ListOptions, 'method' | 'json'> {
  return post === undefined ? {} : { method: 'POST', json: post };
}

function jsonObject(text: string): ListOptions['json'] {
  const value = parseJson(text);
  if (!isObject(value)) throw new InvalidArgumentError('Expected an object in JSON.');
  if (canBeSent(value)) return value;
  throw new InvalidArgumentError(
    'Expected whole numbers up to 9007199254740991, got a larger one. Write it in quotes, should the API take it as text.',
  );
}

/** False where a number is too large to be sent as it is: it was read as a `bigint`. */
function canBeSent(value: object): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function cursorPlace(text: string): CursorPlace {
  if (text.startsWith('header:')) return { header: text.slice('header:'.length) };
  return text.startsWith('last:') ? { ofLastItem: text.slice('last:'.length) } : { path: text };
}

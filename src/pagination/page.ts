/** One page, and what it tells of the others. */
import { describeValue, HydraError } from '../errors.js';
import type { HydraResponse } from '../request/response.js';
import { followBodyPath, type BodyPath } from './body-path.js';
import { readLinks, type PageLinks } from './page-links.js';
import type { Paging } from './paging.js';

/** A page that was read. */
export interface Page {
  /** From 0, in the order of reading. */
  readonly index: number;
  readonly url: string;
  readonly headers: HydraResponse['headers'];
  readonly body: unknown;
  readonly items: readonly unknown[];
  /** How many items there are in all. */
  readonly total: number | undefined;
  /** How many items the server says that a page has. */
  readonly perPage: number | undefined;
  /** How many pages there are. */
  readonly pages: number | undefined;
  readonly links: PageLinks;
  /** What the body says of whether there are more. */
  readonly more: boolean | undefined;
  /** Whether it is the last one, as far as that is told. */
  readonly isLast: boolean | undefined;
}

/** Reads answers as pages. Where the list is in the body is found out once. */
export class PageReader {
  readonly #paging: Paging;
  readonly #parse: ((text: string) => unknown) | undefined;
  #itemsPath: BodyPath | undefined;

  constructor(paging: Paging, parse?: (text: string) => unknown) {
    this.#paging = paging;
    this.#parse = parse;
    this.#itemsPath = paging.items;
  }

  /** Rejects with HydraError `HYDRA_PAGINATION` for a page that is no list, `HYDRA_BODY_NOT_JSON`. */
  async read(index: number, response: HydraResponse): Promise<Page> {
    const { url, headers } = response;
    const links = await readLinks(headers['link'], url);
    const body = this.#bodyOf(response);
    const items = this.#itemsOf(index, url, body);
    const more = moreIn(body, this.#paging.more);
    return {
      index,
      url,
      headers,
      body,
      items,
      total: this.#totalOf(headers, body),
      perPage: numberIn(headers['x-per-page']),
      pages: numberIn(headers['x-total-pages']),
      links,
      more,
      isLast: isLast(more, headers['x-next-page'], links),
    };
  }

  #bodyOf(response: HydraResponse): unknown {
    // Some answer a list without items with nothing at all.
    if (response.status === 204) return [];
    const parsed = this.#parse?.(response.text());
    // What it makes nothing of has the error that it deserves.
    return parsed === undefined ? response.json() : parsed;
  }

  #itemsOf(index: number, url: string, body: unknown): readonly unknown[] {
    if (Array.isArray(body) && this.#paging.items === undefined) return body as unknown[];
    this.#itemsPath ??= onlyList(body);
    const items = this.#itemsPath === undefined ? undefined : followBodyPath(body, this.#itemsPath);
    if (Array.isArray(items)) return items as unknown[];
    const where =
      this.#itemsPath === undefined ? '' : ` at ${JSON.stringify(this.#itemsPath.join('.'))}`;
    const found = this.#itemsPath === undefined || this.#paging.items === undefined ? body : items;
    throw new HydraError(
      'HYDRA_PAGINATION',
      `Expected page ${index + 1}, ${url}, to hold a list${where}, got ${describeFound(found)}.`,
      { url, name: 'items' },
    );
  }

  #totalOf(headers: HydraResponse['headers'], body: unknown): number | undefined {
    const { total } = this.#paging;
    if (total !== undefined) return numberIn(followBodyPath(body, total));
    return numberIn(headers['x-total']) ?? numberIn(headers['x-total-count']);
  }
}

/** The path of an object's only member that is a list. */
function onlyList(body: unknown): BodyPath | undefined {
  const lists = listsIn(body);
  return lists.length === 1 ? [lists[0] as string] : undefined;
}

function listsIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => (Array.isArray(value) ? [name] : []));
}

/** Names, never values: those may be anything. */
function describeFound(found: unknown): string {
  const lists = listsIn(found);
  if (lists.length > 1) return `an object with several (${lists.join(', ')}): say which, \`items\``;
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    return describeValue(found);
  const names = Object.keys(found).slice(0, 10);
  return names.length === 0 ? 'an empty object' : `an object with ${names.join(', ')}`;
}

function moreIn(body: unknown, path: BodyPath | undefined): boolean | undefined {
  const more = path === undefined ? undefined : followBodyPath(body, path);
  return typeof more === 'boolean' ? more : undefined;
}

function isLast(
  more: boolean | undefined,
  nextPage: string | string[] | undefined,
  { next, last, first, prev }: PageLinks,
): boolean | undefined {
  if (more !== undefined) return !more;
  if (typeof nextPage === 'string') return nextPage.trim() === '';
  if (next !== undefined) return false;
  return (last ?? first ?? prev) === undefined ? undefined : true;
}

/** A whole number of a header or a body; nothing for anything else. */
function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}

/** How the pages follow each other: found out from the first one, by its style. Pure. */
import { describeValue, HydraError } from '../errors.js';
import { followBodyPath, type BodyPath } from './body-path.js';
import { nextPageUrl, withQuery } from './page-address.js';
import type { Page } from './page.js';
import type { CursorWay, Paging } from './paging.js';

/** Pages that can be asked for in any order. */
export interface NumberedRoute {
  readonly kind: 'numbered';
  /** Items of a full page. */
  readonly size: number;
  /** The URL of a page that is not the first. */
  at(index: number): string;
  /** How many pages there are, as far as a page tells. */
  pagesTold(page: Page): number | undefined;
}

/** Pages of which each tells the next one. */
export interface ChainedRoute {
  readonly kind: 'chained';
  /** @throws HydraError `HYDRA_FOREIGN_ORIGIN`, `HYDRA_PAGINATION`. */
  next(page: Page): string | undefined;
}

export type PageRoute = NumberedRoute | ChainedRoute;

/** Where a body may tell the URL of the next page. */
const NEXT_PLACES: readonly BodyPath[] = [
  ['next'],
  ['next_url'],
  ['nextUrl'],
  ['nextLink'],
  ['@odata.nextLink'],
  ['links', 'next'],
  ['links', 'next', 'href'],
  ['_links', 'next'],
  ['_links', 'next', 'href'],
  ['paging', 'next'],
  ['pagination', 'next'],
  ['meta', 'next'],
];
/** A URL, and not a cursor or a page's number. */
const LOOKS_LIKE_URL = /^(?:https?:\/\/|\/|\?)/i;

/** Finds out how to go on from the first page. @throws HydraError `HYDRA_PAGINATION`. */
export function routeFrom(paging: Paging, first: Page): PageRoute {
  switch (paging.style) {
    case 'page':
      return byNumber(paging, first);
    case 'offset':
      return byOffset(paging, first);
    case 'link':
      return byLink(paging, first);
    case 'cursor':
      return byCursor(paging);
    case 'next-url':
      return byNextUrl(paging.next === undefined ? NEXT_PLACES : [paging.next]);
    case 'auto':
      return detect(paging, first);
  }
}

function detect(paging: Paging, first: Page): PageRoute {
  const { links, headers, total, pages = 1, items, body } = first;
  if (links.next !== undefined || links.last !== undefined) return byLink(paging, first);
  const isFull = paging.pageSize !== undefined && items.length >= paging.pageSize;
  if (headers['x-next-page']) return byNumber(paging, first);
  if (headers['x-next-page'] === undefined) {
    if (NEXT_PLACES.some((place) => urlAt(body, place) !== undefined))
      return byNextUrl(NEXT_PLACES);
    refuseUnknownCursor(first);
    if (NEXT_PLACES.some((place) => followBodyPath(body, place) === null)) return onePage;
    const isToldMore = pages > 1 || (total !== undefined && total > items.length);
    if (isToldMore || (total === undefined && isFull)) return byNumber(paging, first);
  }
  return onePage;
}

const onePage: ChainedRoute = { kind: 'chained', next: () => undefined };

/** It would end after the first page, and nobody would know that there was more. */
function refuseUnknownCursor({ body, url }: Page): void {
  const names = [
    'has_more',
    'hasMore',
    'next_cursor',
    'nextCursor',
    'next_page_token',
    'nextPageToken',
  ];
  const told = names.find((name) => {
    const value = followBodyPath(body, [name]);
    return value === true || (typeof value === 'string' && value !== '');
  });
  if (told === undefined) return;
  throw new HydraError(
    'HYDRA_PAGINATION',
    `Expected to be told how ${url} is gone on with: its \`${told}\` says that there is more, but not how it is asked for. Say \`cursor\` (where it is) and \`parameters.cursor\` (what it is called in the query).`,
    { url, name: 'cursor' },
  );
}

function byNumber(paging: Paging, first: Page): NumberedRoute {
  const { parameters, firstPage } = paging;
  const size = sizeOf(first);
  return {
    kind: 'numbered',
    size,
    at: (index) => withQuery(first.url, { [parameters.page]: String(firstPage + index) }),
    pagesTold({ pages, links, total }) {
      if (pages !== undefined) return pages;
      const last = links.last === undefined ? undefined : numberOf(links.last, parameters.page);
      if (last !== undefined) return last - firstPage + 1;
      return pagesFor(total, size);
    },
  };
}

function byOffset(paging: Paging, first: Page): NumberedRoute {
  const { parameters } = paging;
  const size = sizeOf(first);
  return {
    kind: 'numbered',
    size,
    at: (index) => withQuery(first.url, { [parameters.offset]: String(index * size) }),
    pagesTold: ({ total }) => pagesFor(total, size),
  };
}

/** By number where the last page's URL tells which parameter that is, else from page to page. */
function byLink(paging: Paging, first: Page): PageRoute {
  const { next, last } = first.links;
  const name =
    next === undefined || last === undefined
      ? undefined
      : numberedBy(first.url, next, last, paging.parameters.page);
  // A first page without items does not tell how many a page has.
  if (name !== undefined && next !== undefined && first.items.length > 0) {
    const from = nextPageUrl(next, first.url);
    const second = Number(new URL(from).searchParams.get(name));
    return {
      kind: 'numbered',
      size: sizeOf(first),
      at: (index) => withQuery(from, { [name]: String(second + index - 1) }),
      pagesTold({ links }) {
        const number = links.last === undefined ? undefined : numberOf(links.last, name);
        return number === undefined ? undefined : number - second + 2;
      },
    };
  }
  return {
    kind: 'chained',
    next({ links, url }) {
      if (links.isBroken === true) {
        const message = `Expected ${url} to have a header Link as RFC 8288 has it, got one that cannot be understood.`;
        throw new HydraError('HYDRA_PAGINATION', message, { url });
      }
      return links.next === undefined ? undefined : nextPageUrl(links.next, url);
    },
  };
}

function byNextUrl(places: readonly BodyPath[]): ChainedRoute {
  return {
    kind: 'chained',
    next({ body, url }) {
      for (const place of places) {
        const told = places.length === 1 ? followBodyPath(body, place) : urlAt(body, place);
        if (told === undefined || told === null || told === '') continue;
        if (typeof told === 'string') return nextPageUrl(told, url);
        const message = `Expected ${url} to tell the next page's URL at ${JSON.stringify(place.join('.'))}, got ${describeValue(told)}.`;
        throw new HydraError('HYDRA_PAGINATION', message, { url, name: 'next' });
      }
      return undefined;
    },
  };
}

function byCursor({ cursor, parameters }: Paging): ChainedRoute {
  return {
    kind: 'chained',
    next(page) {
      const told = cursor === undefined ? undefined : cursorIn(page, cursor);
      if (told === undefined || told === null || told === '') return undefined;
      const isCursor =
        typeof told === 'string' || typeof told === 'number' || typeof told === 'bigint';
      if (isCursor) return withQuery(page.url, { [parameters.cursor]: String(told) });
      const message = `Expected ${page.url} to tell a cursor that is a text or a number, got ${describeValue(told)}.`;
      throw new HydraError('HYDRA_PAGINATION', message, { url: page.url, name: 'cursor' });
    },
  };
}

function cursorIn({ headers, body, items, more, url }: Page, way: CursorWay): unknown {
  switch (way.kind) {
    case 'header':
      return headers[way.name];
    case 'body':
      return followBodyPath(body, way.path);
    case 'last-item': {
      const told = followBodyPath(items.at(-1), way.path);
      if (told !== undefined && told !== null) return told;
      if (items.length === 0 && more !== true) return undefined;
      const message = `Expected the last item of ${url} to have ${JSON.stringify(way.path.join('.'))}, which the next page is asked for by.`;
      throw new HydraError('HYDRA_PAGINATION', message, { url, name: 'cursor.ofLastItem' });
    }
  }
}

/**
 * The query parameter that a page's number stands in: the one that `next` and `last` differ in, which is
 * called a page, and one more in `next` than here. So an offset is not taken for one.
 */
function numberedBy(url: string, next: string, last: string, pageName: string): string | undefined {
  const [here, second, end] = [new URL(url), new URL(next), new URL(last)];
  if (second.origin !== end.origin || second.pathname !== end.pathname) return undefined;
  const names = [...new Set([...second.searchParams.keys(), ...end.searchParams.keys()])];
  const isSame = (name: string): boolean =>
    second.searchParams.getAll(name).join('\n') === end.searchParams.getAll(name).join('\n');
  const differing = names.filter((name) => !isSame(name));
  // With two pages, next and last are the same one.
  const found =
    differing.length === 0
      ? names.filter((name) => isPageName(name, pageName) && isSecond(here, next, name))
      : differing;
  const [name] = found;
  if (name === undefined || found.length > 1) return undefined;
  const isNumber = numberOf(next, name) !== undefined && numberOf(last, name) !== undefined;
  return isNumber && isPageName(name, pageName) && isSecond(here, next, name) ? name : undefined;
}

function isPageName(name: string, pageName: string): boolean {
  if (name === pageName) return true;
  return /page|^p$/i.test(name) && !/size|per|limit|token|cursor|id/i.test(name);
}

function isSecond(here: URL, next: string, name: string): boolean {
  const second = numberOf(next, name);
  const first = here.searchParams.get(name);
  if (first === null) return second === 2 || second === 1;
  return second === Number(first) + 1;
}

function numberOf(url: string, name: string): number | undefined {
  const value = new URL(url).searchParams.get(name) ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function urlAt(body: unknown, place: BodyPath): string | undefined {
  const value = followBodyPath(body, place);
  return typeof value === 'string' && LOOKS_LIKE_URL.test(value) ? value : undefined;
}

/** The smaller one of what is told and what is there: more pages are asked for then, and none is missed. */
function sizeOf({ perPage, items }: Page): number {
  return perPage === undefined || perPage === 0 ? items.length : Math.min(perPage, items.length);
}

function pagesFor(total: number | undefined, size: number): number | undefined {
  return total === undefined || size === 0 ? undefined : Math.ceil(total / size);
}

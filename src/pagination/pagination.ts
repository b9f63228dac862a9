/** A list that an API gives page by page: how its pages are asked for, and what is told on the way. */
import type { RequestOptions } from '../request/request.js';

/**
 * How an API gives its pages.
 *
 * - `'page'`: by number (`?page=2&per_page=100`)
 * - `'offset'`: by how many items to leave out (`?offset=100&limit=100`)
 * - `'link'`: by the header `Link` with `rel="next"` (RFC 8288)
 * - `'cursor'`: by a word that the page before tells
 * - `'next-url'`: by a URL in the body of the page before
 * - `'auto'`: found out from the first answer, see {@link PaginationOptions.style}
 */
export type PaginationStyle = 'auto' | 'page' | 'offset' | 'link' | 'cursor' | 'next-url';

/** Where the cursor of the next page is told. */
export type CursorPlace =
  /** In the body, at this path. `null`, nothing and an empty text say that there is none. */
  | { readonly path: string }
  /** In this header. */
  | { readonly header: string }
  /** In the page's last item, at this path, such as `id`. */
  | { readonly ofLastItem: string };

/** Names of query parameters; with POST, paths into the body. */
export interface PaginationParameters {
  /** The page's number. @defaultValue `'page'` */
  readonly page?: string | undefined;
  /** How many items a page has. @defaultValue `'per_page'` by page and by link, else `'limit'` */
  readonly size?: string | undefined;
  /** How many items to leave out. @defaultValue `'offset'` */
  readonly offset?: string | undefined;
  /** The cursor. @defaultValue `'cursor'` */
  readonly cursor?: string | undefined;
}

/**
 * How an API gives its pages; an `Api` may hold what is the same for all its lists. Paths into a body
 * are names with dots between them, `meta.pages[0].size`, `["a name"].x`; `.` is the body itself.
 */
export interface PaginationOptions {
  /**
   * @defaultValue `'cursor'` where `cursor` is given, `'next-url'` where `next` is given, else `'auto'`:
   * by the first answer's `Link` with a next or last page; else by number, if it tells `X-Next-Page`; else
   * by a URL in its body (`next`, `links.next`, `_links.next.href`, `paging.next`, `@odata.nextLink` and
   * their like); else by number, if it tells more items (`X-Total`) or pages (`X-Total-Pages`) than it is,
   * or is as long as the `pageSize` that was asked for. What has none of these is one page, but one that
   * says otherwise that there is more (`has_more`, `next_cursor` and their like) is an error: that cannot be
   * gone on with unless somebody says how.
   */
  readonly style?: PaginationStyle | undefined;
  /** Items to ask for in a page. Where the server gives fewer, its number counts. @defaultValue the API's */
  readonly pageSize?: number | undefined;
  readonly parameters?: PaginationParameters | undefined;
  /** Number of the first page, by number. @defaultValue 1 */
  readonly firstPage?: number | undefined;
  /** Path of the list. @defaultValue the body itself, or its only member that is a list */
  readonly items?: string | undefined;
  /** Path of how many items there are in all. @defaultValue the headers `X-Total` or `X-Total-Count` */
  readonly total?: string | undefined;
  /** Path of whether there are more pages: `false` on the last one. */
  readonly more?: string | undefined;
  /** Path of the next page's URL, absolute or relative, which must have the API's origin. */
  readonly next?: string | undefined;
  /** Where the next page's cursor is told. */
  readonly cursor?: CursorPlace | undefined;
  /**
   * Takes a page that is shorter than the first for the last one only if it is empty: for servers that
   * leave items out of a page. By number and by offset, where the total is not known. Where each page
   * tells the next one, a page without items is then the last one, too, although it tells another.
   *
   * @defaultValue `false`
   */
  readonly untilEmpty?: boolean | undefined;
}

/** Something that shows that the list was changed while it was read: items may be missing or repeated. */
export interface PageMoved {
  /**
   * `'page-shrank'`: a page has fewer items than it must have if nothing was changed.
   * `'total-changed'`: a page tells another total than the one before.
   * `'pages-changed'`: there are more or fewer pages than was told, where only their number is told.
   * `'count-differs'`: all pages together have another number of items than was told.
   */
  readonly kind: 'page-shrank' | 'total-changed' | 'pages-changed' | 'count-differs';
  /** Number of the page, from 1, in the order of reading. */
  readonly page: number;
  readonly url: string;
  readonly expected: number;
  readonly got: number;
}

/** What else goes for all pages of a list: what is sent with each, and what is told of them. */
export interface ListOptions extends Pick<
  RequestOptions,
  'query' | 'headers' | 'priority' | 'timeoutMs'
> {
  /**
   * `'POST'` for a list that is asked for with a query in the body, as in GraphQL. What tells pages apart
   * is put into `json` and not into the URL: `parameters` are paths then, such as `variables.after`. A query
   * changes nothing, so it is sent again where a GET would be (`idempotent`).
   *
   * @defaultValue `'GET'`
   */
  readonly method?: 'GET' | 'POST' | undefined;
  /** With POST: the query. @defaultValue `{}` */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
  /** Reads a body, for who needs more than `JSON.parse`, such as whole numbers of any length. */
  readonly parse?: ((text: string) => unknown) | undefined;
  /** Is told of each sign that the list was changed meanwhile. The first is in the log, too. */
  readonly onMoved?: ((moved: PageMoved) => void) | undefined;
}

/** Options of `hydra.paginate()`: those of {@link PaginationOptions} go before the API's. */
export interface PaginateOptions<T = unknown>
  extends PaginationOptions, ListOptions, Pick<RequestOptions, 'signal'> {
  /**
   * Pages that are asked for beyond the one whose items are being handed over, at most. By cursor, link
   * without a last page and next URL it is always one.
   *
   * @defaultValue where the total is known, what the apps may send in two seconds, from 4 to 100 pages and
   * no more than 10,000 items; where it is not, 3, since those behind the last are asked for nothing
   */
  readonly ahead?: number | undefined;
  /**
   * Leaves out items whose key was there already: a path into the item, such as `'id'`, or a function.
   * All keys are kept until the end: some 20 bytes of memory for a number, 40 for a text of 24 letters.
   */
  readonly uniqueBy?: string | ((item: T) => unknown) | undefined;
}

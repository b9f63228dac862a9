/** How pages are to be asked for: what the caller says before what the API says, and the defaults. */
import { HydraError } from '../errors.js';
import { checkRequestOptions } from '../request/request-options.js';
import { parseBodyPath, withAtPath, type BodyPath } from './body-path.js';
import type {
  ListOptions,
  PaginationOptions,
  PaginationParameters,
  PaginationStyle,
} from './pagination.js';

/** {@link CursorPlace}, read. */
export type CursorWay =
  | { readonly kind: 'body'; readonly path: BodyPath }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'last-item'; readonly path: BodyPath };

/** What may tell pages apart in a request. */
export type PageParameter = keyof PaginationParameters;

/** A query that is asked for with POST. */
interface PostedQuery {
  /** What each page is asked with. Plain JSON. */
  readonly json: unknown;
  /** Where parameters go in it. */
  readonly paths: Readonly<Record<PageParameter, BodyPath>>;
}

/** How pages are asked for: checked, defaults filled in, paths read. */
export interface Paging {
  readonly style: PaginationStyle;
  readonly pageSize: number | undefined;
  readonly parameters: Readonly<Record<PageParameter, string>>;
  /** Left out with GET. */
  readonly post: PostedQuery | undefined;
  readonly firstPage: number;
  readonly items: BodyPath | undefined;
  readonly total: BodyPath | undefined;
  readonly more: BodyPath | undefined;
  readonly next: BodyPath | undefined;
  readonly cursor: CursorWay | undefined;
  readonly untilEmpty: boolean;
}

/**
 * Puts a caller's options before the API's. Both are checked.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for what is no path, and for a style that lacks something.
 */
export function pagingOf(
  given: PaginationOptions & Pick<ListOptions, 'method' | 'json'>,
  ofApi: PaginationOptions,
): Paging {
  const of = <K extends keyof PaginationOptions>(name: K): PaginationOptions[K] =>
    given[name] ?? ofApi[name];
  const pathAt = (name: 'items' | 'total' | 'more' | 'next'): BodyPath | undefined => {
    const value = of(name);
    return value === undefined ? undefined : parseBodyPath(name, value);
  };
  const style = styleOf(given) ?? styleOf(ofApi) ?? 'auto';
  const cursor = cursorWay(of('cursor'));
  if (style === 'cursor' && cursor === undefined) {
    const message =
      "Expected `cursor`, where the next page's cursor is told: { path }, { header } or { ofLastItem }.";
    throw new HydraError('HYDRA_INVALID_OPTION', message, { name: 'cursor' });
  }
  const parameters = parametersOf(style, { ...ofApi.parameters, ...given.parameters });
  const pageSize = of('pageSize');
  return {
    style,
    pageSize,
    parameters,
    post: postedQuery(given, parameters, pageSize),
    firstPage: of('firstPage') ?? 1,
    items: pathAt('items'),
    total: pathAt('total'),
    more: pathAt('more'),
    next: pathAt('next'),
    cursor,
    untilEmpty: of('untilEmpty') ?? false,
  };
}

function parametersOf(style: PaginationStyle, given: PaginationParameters): Paging['parameters'] {
  const isByPage = style === 'page' || style === 'link' || style === 'auto';
  return {
    page: given.page ?? 'page',
    size: given.size ?? (isByPage ? 'per_page' : 'limit'),
    offset: given.offset ?? 'offset',
    cursor: given.cursor ?? 'cursor',
  };
}

function postedQuery(
  { method, json }: Pick<ListOptions, 'method' | 'json'>,
  { page, size, offset, cursor }: Paging['parameters'],
  pageSize: number | undefined,
): PostedQuery | undefined {
  if (method !== 'POST') {
    if (json === undefined) return undefined;
    const message = "Expected `method: 'POST'` with `json`: GET has no body.";
    throw new HydraError('HYDRA_INVALID_OPTION', message, { name: 'method' });
  }
  const paths = {
    page: parseBodyPath('parameters.page', page),
    size: parseBodyPath('parameters.size', size),
    offset: parseBodyPath('parameters.offset', offset),
    cursor: parseBodyPath('parameters.cursor', cursor),
  };
  const body = json ?? {};
  checkRequestOptions({ json: body });
  // As it is now, whatever becomes of the caller's object.
  const plain = JSON.parse(JSON.stringify(body)) as unknown;
  return { json: pageSize === undefined ? plain : withAtPath(plain, paths.size, pageSize), paths };
}

function styleOf({ style, cursor, next }: PaginationOptions): PaginationStyle | undefined {
  if (style !== undefined) return style;
  if (cursor !== undefined) return 'cursor';
  return next === undefined ? undefined : 'next-url';
}

function cursorWay(place: PaginationOptions['cursor']): CursorWay | undefined {
  if (place === undefined) return undefined;
  if ('header' in place) return { kind: 'header', name: place.header.toLowerCase() };
  if ('path' in place) return { kind: 'body', path: parseBodyPath('cursor.path', place.path) };
  return { kind: 'last-item', path: parseBodyPath('cursor.ofLastItem', place.ofLastItem) };
}

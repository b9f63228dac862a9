import { describe, expect, it } from 'vitest';
import { madePage } from '../../test/pagination/made-page.js';
import type { PageRoute } from './page-route.js';
import type { Page } from './page.js';
import type { PaginationOptions } from './pagination.js';
import { pagingOf } from './paging.js';
import { routeFrom } from './route-from.js';

const base = 'https://api.example/v1/list';

function page(parts: Partial<Page> = {}): Page {
  return madePage({ url: base, items: [1, 2], ...parts });
}

function route(options: PaginationOptions, first: Page): PageRoute {
  return routeFrom(pagingOf(options, {}), first);
}

/** What the pages are told to be: how many, or the next one's URL. */
function told(options: PaginationOptions, first: Page): number | string | undefined {
  const found = route(options, first);
  return found.kind === 'numbered' ? found.pagesTold(first) : found.next(first)?.url;
}

const link = (query: string): string => `${base}?${query}`;

describe('the route', () => {
  it.each([
    ['a last page', link('page=2'), link('page=9'), 9],
    ['two pages', link('per_page=5&page=2'), link('per_page=5&page=2'), 2],
    ['a page number in brackets', link('page[number]=2'), link('page[number]=7'), 7],
  ])('is numbered for Link headers with %s', (_what, next, last, pages) => {
    const first = page({ links: { next, last } });
    expect(route({}, first).kind).toBe('numbered');
    expect(told({}, first)).toBe(pages);
  });

  it.each([
    ['an offset', link('offset=2&limit=2'), link('offset=8&limit=2')],
    ['a cursor', link('after=abc'), link('after=xyz')],
    ['no last page', link('page=2'), undefined],
    ['a number that is not the next', link('page=20'), link('page=90')],
    ['two differences', link('page=2&x=1'), link('page=9&x=2')],
    ['a size', link('page_size=2'), link('page_size=9')],
  ])('goes from page to page for Link headers with %s', (_what, next, last) => {
    const first = page({ links: { next, ...(last === undefined ? {} : { last }) } });
    expect(route({}, first).kind).toBe('chained');
    expect(told({}, first)).toBe(next);
  });

  it('asks the last page of a Link header by its own URL', () => {
    const links = { next: link('q=x&page=4'), last: link('q=x&page=6') };
    const found = route({}, page({ url: link('q=x&page=3'), links }));
    if (found.kind !== 'numbered') throw new Error('It is not numbered');
    expect([1, 2, 3].map((index) => found.at(index).url)).toEqual(
      [4, 5, 6].map((number) => link(`q=x&page=${number}`)),
    );
    expect(found.pagesTold(page({ links }))).toBe(4);
  });

  it('counts pages by the smaller one of what is told and what is there', () => {
    const first = page({ items: Array.from({ length: 100 }), perPage: 1000, total: 950 });
    expect(told({ style: 'page' }, first)).toBe(10);
  });

  it.each([
    [{ next: '/v1/list?after=2' }, link('after=2')],
    [{ links: { next: '?after=2' } }, link('after=2')],
    [{ _links: { next: { href: `${base}?after=2` } } }, link('after=2')],
    [{ '@odata.nextLink': `${base}?after=2` }, link('after=2')],
    [{ next: null }, undefined],
    [{ next_page_url: '/v1/list?page=2' }, link('page=2')],
    [{ data: [{ has_more: true }], next_cursor: '', has_next: false }, undefined],
  ])('is found in the body %j', (body, next) => {
    expect(told({}, page({ body }))).toBe(next);
  });

  it.each([
    [{ a: { b: 'c=1' } }, { path: 'a.b' }, link('cursor=c%3D1')],
    [{ a: 7 }, { path: 'a' }, link('cursor=7')],
    [{ a: 0 }, { path: 'a' }, link('cursor=0')],
    [{ a: '' }, { path: 'a' }, undefined],
    [{ a: null }, { path: 'a' }, undefined],
    [{}, { path: 'a' }, undefined],
  ])('takes the cursor of %j at %j', (body, cursor, next) => {
    expect(told({ cursor }, page({ body }))).toBe(next);
  });

  it.each([
    [{ cursor: { path: 'a' } }, { a: { b: 1 } }, 'cursor'],
    [{ cursor: { ofLastItem: 'id' } }, {}, 'cursor.ofLastItem'],
    [{ next: 'a' }, { a: 5 }, 'next'],
  ])('is refused for %j in %j', (options, body, name) => {
    expect(() => told(options, page({ body }))).toThrow(
      expect.objectContaining({ code: 'HYDRA_PAGINATION', facts: { url: base, name } }),
    );
  });

  it.each([
    [{ next: 'a-cursor' }, 'next'],
    [{ meta: { pagination: { next_page: 2 } } }, 'meta.pagination.next_page'],
    [{ ok: true, response_metadata: { next_cursor: 'dXNlcg==' } }, 'response_metadata.next_cursor'],
    [{ data: { users: { pageInfo: { hasNextPage: true } } } }, 'data.users.pageInfo.hasNextPage'],
  ])(
    'is not taken to end where %j says that there is more, in a way that is not known',
    (body, name) => {
      expect(() => told({}, page({ body }))).toThrow(`\`${name}\` says that there is more`);
      // Who says where the total is has it go by number.
      expect(told({ total: 'count' }, page({ body, total: 6 }))).toBe(3);
    },
  );

  it('never leads to another host', () => {
    for (const next of ['https://evil.example/', '//evil.example/x', 'http://api.example/v1']) {
      expect(() => told({ next: 'next' }, page({ body: { next } }))).toThrow(
        expect.objectContaining({ code: 'HYDRA_FOREIGN_ORIGIN' }),
      );
      const links = { next: new URL(next, base).href };
      expect(() => told({ style: 'link' }, page({ links }))).toThrow(
        expect.objectContaining({ code: 'HYDRA_FOREIGN_ORIGIN' }),
      );
    }
  });
});

it('goes on from the page that the body of a POST names, as from one that the URL names', () => {
  const first = page({ total: 20 });
  const posted = routeFrom(pagingOf({ method: 'POST', json: { page: 3 } }, {}), first);
  if (posted.kind !== 'numbered') throw new Error('Expected pages by number.');
  expect(posted.at(1)).toEqual({ url: base, json: { page: 4 } });
  expect(posted.pagesTold(first)).toBe(8);
});

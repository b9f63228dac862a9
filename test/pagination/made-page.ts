import type { Page } from '../../src/pagination/page.js';

/** A page of which nothing is told but what `told` says. */
export function madePage(told: Partial<Page> = {}): Page {
  return {
    index: 0,
    url: 'http://x/',
    headers: {},
    body: told.items ?? [],
    items: [],
    total: undefined,
    perPage: undefined,
    pages: undefined,
    links: {},
    more: undefined,
    isLast: undefined,
    ...told,
  };
}

/** Finds out whether a list was changed, of pages that come in any order and are not held. Pure. */
import type { NumberedRoute } from './page-route.js';
import type { PageMoved } from './pagination.js';
import type { Page } from './page.js';

/**
 * Compares each page with what the first one tells of it.
 *
 * @param isFull - whether each page but the last must be full: not so where the server leaves items out.
 */
export function movedFromFirst(
  route: NumberedRoute,
  first: Page,
  isFull: boolean,
): (page: Page) => PageMoved | undefined {
  const pages = route.pagesTold(first) ?? Infinity;
  return (page) => {
    const { index, url, items, total } = page;
    const says = (kind: PageMoved['kind'], expected: number, got: number): PageMoved => {
      return { kind, page: index + 1, url, expected, got };
    };
    if (first.total !== undefined && total !== undefined) {
      if (total !== first.total) return says('total-changed', first.total, total);
    } else {
      const told = route.pagesTold(page) ?? pages;
      if (told !== pages) return says('pages-changed', pages, told);
    }
    // The last one has what is left.
    const left = first.total === undefined ? 0 : first.total - (route.skipped + index) * route.size;
    const expected = index + 1 < pages ? route.size : left;
    return isFull && items.length < expected
      ? says('page-shrank', expected, items.length)
      : undefined;
  };
}

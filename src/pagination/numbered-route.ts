/** Pages that are cut by number: the URL, or the body, of each can be computed. Pure. */
import { followBodyPath } from './body-path.js';
import { numberIn } from './page-address.js';
import type { NumberedRoute } from './page-route.js';
import { targetAt } from './page-target.js';
import type { Page } from './page.js';
import type { Paging } from './paging.js';

/** By page number. */
export function byNumber(paging: Paging, first: Page): NumberedRoute {
  const { parameters, firstPage } = paging;
  const size = sizeOf(first);
  const start = askedNumber(paging, first) ?? firstPage;
  const skipped = Math.max(0, start - firstPage);
  return {
    kind: 'numbered',
    size,
    skipped,
    at: (index) => targetAt(paging, first.url, { page: start + index }),
    pagesTold({ pages, links, total }) {
      const last = links.last === undefined ? undefined : numberIn(links.last, parameters.page);
      if (pages === undefined && last !== undefined) return last - start + 1;
      const all = pages ?? pagesFor(total, size);
      return all === undefined ? undefined : all - skipped;
    },
  };
}

/** The number that the first page was asked for by: in its URL, with POST in its body. */
function askedNumber({ style, parameters, post }: Paging, { url }: Page): number | undefined {
  if (post === undefined) return numberIn(url, parameters.page);
  // By page, that of the first one has been put into the body.
  if (style === 'page') return undefined;
  const number = followBodyPath(post.json, post.paths.page);
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** By how many items to leave out. */
export function byOffset(paging: Paging, first: Page): NumberedRoute {
  const size = sizeOf(first);
  return {
    kind: 'numbered',
    size,
    skipped: 0,
    at: (index) => targetAt(paging, first.url, { offset: index * size }),
    pagesTold: ({ total }) => pagesFor(total, size),
  };
}

/**
 * How many items a full page has. The smaller one of what is told and what is there: more pages are asked
 * for then, and none is missed.
 */
export function sizeOf({ perPage, items }: Page): number {
  return perPage === undefined || perPage === 0 ? items.length : Math.min(perPage, items.length);
}

function pagesFor(total: number | undefined, size: number): number | undefined {
  return total === undefined || size === 0 ? undefined : Math.ceil(total / size);
}

/** Finds out from the first page how the others follow it. Pure. */
import { HydraError } from '../errors.js';
import { byCursor } from './cursor-route.js';
import { byLink } from './link-route.js';
import { findMore } from './more-told.js';
import { byNextUrl, tellsNextUrl } from './next-url-route.js';
import { byNumber, byOffset } from './numbered-route.js';
import type { ChainedRoute, PageRoute } from './page-route.js';
import type { Page } from './page.js';
import type { Paging } from './paging.js';

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
      return byNextUrl(paging);
    case 'auto':
      return detect(paging, first);
  }
}

function detect(paging: Paging, first: Page): PageRoute {
  const { links, headers, total, pages = 1, items } = first;
  if (links.next !== undefined || links.last !== undefined) return byLink(paging, first);
  const isFull = paging.pageSize !== undefined && items.length >= paging.pageSize;
  if (headers['x-next-page']) return byNumber(paging, first);
  if (headers['x-next-page'] === undefined) {
    const hasNextUrl = tellsNextUrl(first);
    if (hasNextUrl === true) return byNextUrl(paging);
    // Who says where the total is counts on numbers.
    if (paging.total === undefined) refuseUnknownWay(first);
    if (hasNextUrl === false) return onePage;
    const isToldMore = pages > 1 || (total !== undefined && total > items.length);
    if (isToldMore || (total === undefined && isFull)) return byNumber(paging, first);
  }
  return onePage;
}

const onePage: ChainedRoute = { kind: 'chained', next: () => undefined };

/** It would end after the first page, and nobody would know that there was more. */
function refuseUnknownWay({ body, url }: Page): void {
  const told = findMore(body);
  if (told === undefined) return;
  throw new HydraError(
    'HYDRA_PAGINATION',
    `Expected to be told how ${url} is gone on with: its \`${told}\` says that there is more, but not how it is asked for. Say \`cursor\` (where it is) and \`parameters.cursor\` (what it is called in the query), or another \`style\`.`,
    { url, name: 'cursor' },
  );
}

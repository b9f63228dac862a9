/** Pages by a URL in the body of the page before. Pure. */
import { describeValue, HydraError } from '../errors.js';
import { followBodyPath, type BodyPath } from './body-path.js';
import { nextPageUrl } from './page-address.js';
import type { ChainedRoute } from './page-route.js';
import { targetAt } from './page-target.js';
import type { Page } from './page.js';
import type { Paging } from './paging.js';

/** Where a body may tell the URL of the next page. */
const NEXT_PLACES: readonly BodyPath[] = [
  ['next'],
  ['next_url'],
  ['nextUrl'],
  ['next_page'],
  ['next_page_url'],
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

/** By the URL at the place that was said, else at one of those that are usual. */
export function byNextUrl(paging: Paging): ChainedRoute {
  const { next } = paging;
  const places = next === undefined ? NEXT_PLACES : [next];
  return {
    kind: 'chained',
    next({ body, url }) {
      for (const place of places) {
        const told = next === undefined ? urlAt(body, place) : followBodyPath(body, place);
        if (told === undefined || told === null || told === '') continue;
        if (typeof told === 'string') return targetAt(paging, nextPageUrl(told, url));
        const message = `Expected ${url} to tell the next page's URL at ${JSON.stringify(place.join('.'))}, got ${describeValue(told)}.`;
        throw new HydraError('HYDRA_PAGINATION', message, { url, name: 'next' });
      }
      return undefined;
    },
  };
}

/** Whether a usual place has a URL, or says that there is no next one; `undefined` where none says anything. */
export function tellsNextUrl({ body }: Page): boolean | undefined {
  if (NEXT_PLACES.some((place) => urlAt(body, place) !== undefined)) return true;
  return NEXT_PLACES.some((place) => followBodyPath(body, place) === null) ? false : undefined;
}

function urlAt(body: unknown, place: BodyPath): string | undefined {
  const value = followBodyPath(body, place);
  return typeof value === 'string' && LOOKS_LIKE_URL.test(value) ? value : undefined;
}

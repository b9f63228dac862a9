/** Pages by the header `Link`. Pure. */
import { HydraError } from '../errors.js';
import { sizeOf } from './numbered-route.js';
import { nextPageUrl, numberIn, withQuery } from './page-address.js';
import type { PageRoute } from './page-route.js';
import { targetAt } from './page-target.js';
import type { Page } from './page.js';
import type { Paging } from './paging.js';

/** By number where the last page's URL tells which parameter that is, else from page to page. */
export function byLink(paging: Paging, first: Page): PageRoute {
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
      skipped: Math.max(0, second - 1 - paging.firstPage),
      at: (index) => targetAt(paging, withQuery(from, { [name]: String(second + index - 1) })),
      pagesTold({ links }) {
        const number = links.last === undefined ? undefined : numberIn(links.last, name);
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
      return links.next === undefined ? undefined : targetAt(paging, nextPageUrl(links.next, url));
    },
  };
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
  const isNumber = numberIn(next, name) !== undefined && numberIn(last, name) !== undefined;
  return isNumber && isPageName(name, pageName) && isSecond(here, next, name) ? name : undefined;
}

function isPageName(name: string, pageName: string): boolean {
  if (name === pageName) return true;
  return /page|^p$/i.test(name) && !/size|per|limit|token|cursor|id/i.test(name);
}

function isSecond(here: URL, next: string, name: string): boolean {
  const second = numberIn(next, name);
  const first = here.searchParams.get(name);
  if (first === null) return second === 2 || second === 1;
  return second === Number(first) + 1;
}

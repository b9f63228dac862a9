/** Pages by a cursor, which each tells for the next one. Pure. */
import { describeValue, HydraError } from '../errors.js';
import { followBodyPath } from './body-path.js';
import type { ChainedRoute } from './page-route.js';
import { targetAt } from './page-target.js';
import type { Page } from './page.js';
import type { CursorWay, Paging } from './paging.js';

export function byCursor(paging: Paging): ChainedRoute {
  const { cursor } = paging;
  return {
    kind: 'chained',
    next(page) {
      const told = cursor === undefined ? undefined : cursorIn(page, cursor);
      if (told === undefined || told === null || told === '') return undefined;
      if (typeof told === 'number' && !Number.isSafeInteger(told)) throw notExact(page);
      const isCursor =
        typeof told === 'string' || typeof told === 'number' || typeof told === 'bigint';
      if (isCursor) return targetAt(paging, page.url, { cursor: told });
      const message = `Expected ${page.url} to tell a cursor that is a text or a number, got ${describeValue(told)}.`;
      throw new HydraError('HYDRA_PAGINATION', message, { url: page.url, name: 'cursor' });
    },
  };
}

function notExact({ url }: Page): HydraError {
  const message = `Expected the cursor of ${url} to be a number that JavaScript can hold, got one that is not what the server has sent: give \`parse\`, which reads it as a bigint or a text.`;
  return new HydraError('HYDRA_PAGINATION', message, { url, name: 'parse' });
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

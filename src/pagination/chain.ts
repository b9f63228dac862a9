/** Where a page leads that tells the next one, and whether that is the end. Pure. */
import { HydraError } from '../errors.js';
import { LoopGuard } from './loop-guard.js';
import type { ChainedRoute } from './page-route.js';
import { keyOf, type PageTarget } from './page-target.js';
import type { Page } from './page.js';

/** A server that filters a page after it has cut it may leave nothing of several in a row. */
const MOST_EMPTY_IN_A_ROW = 100;

/** Sees all pages, in their order. */
export class Chain {
  readonly #route: ChainedRoute;
  readonly #untilEmpty: boolean;
  readonly #guard = new LoopGuard();
  /** What the page before was asked for by. */
  #here: string;
  #empty = 0;

  /** @param untilEmpty - whether a page without items is the end, whatever it tells. */
  constructor(route: ChainedRoute, untilEmpty: boolean, first: PageTarget) {
    this.#route = route;
    this.#untilEmpty = untilEmpty;
    this.#here = keyOf(first);
  }

  /**
   * What a page leads to; `undefined`: it is the last one.
   *
   * @throws HydraError `HYDRA_FOREIGN_ORIGIN`, `HYDRA_PAGINATION`.
   */
  next(page: Page): PageTarget | undefined {
    if (page.isLast === true) return undefined;
    const isEmpty = page.items.length === 0 && page.more !== true;
    if (isEmpty && this.#untilEmpty) return undefined;
    const next = this.#route.next(page);
    if (next === undefined) return undefined;
    const [here, key] = [this.#here, keyOf(next)];
    // Of a page without items, a cursor that stays where it is says that nothing is behind it.
    if (isEmpty && key === here) return undefined;
    this.#empty = isEmpty ? this.#empty + 1 : 0;
    if (this.#empty > MOST_EMPTY_IN_A_ROW) throw endless(page);
    this.#guard.check(page, here, key);
    this.#here = key;
    return next;
  }
}

function endless({ index, url }: Page): HydraError {
  return new HydraError(
    'HYDRA_PAGINATION',
    `Expected items at the latest on page ${index + 1}, ${url}, got none on this page and the ${MOST_EMPTY_IN_A_ROW} before it, and each leads on. If the first page without items is the end, say \`untilEmpty\`.`,
    { url, name: 'untilEmpty' },
  );
}

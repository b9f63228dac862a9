/** How the pages of a list follow each other. */
import type { PageTarget } from './page-target.js';
import type { Page } from './page.js';

/** Pages that can be asked for in any order. */
export interface NumberedRoute {
  readonly kind: 'numbered';
  /** Items of a full page. */
  readonly size: number;
  /** What a page is asked for by that is not the first. */
  at(index: number): PageTarget;
  /** Pages of the list before the first one that is asked for, where its URL names a later one. */
  readonly skipped: number;
  /** How many pages there are from the first one that is asked for, as far as a page tells. */
  pagesTold(page: Page): number | undefined;
}

/** Pages of which each tells the next one. */
export interface ChainedRoute {
  readonly kind: 'chained';
  /** @throws HydraError `HYDRA_FOREIGN_ORIGIN`, `HYDRA_PAGINATION`. */
  next(page: Page): PageTarget | undefined;
}

export type PageRoute = NumberedRoute | ChainedRoute;

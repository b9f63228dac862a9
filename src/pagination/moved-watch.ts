/** Finds out whether a list was changed while its pages were read. Pure. */
import type { NumberedRoute } from './page-route.js';
import type { PageMoved } from './pagination.js';
import type { Page } from './page.js';

/** Sees all pages, in their order. */
export class MovedWatch {
  readonly #tell: (moved: PageMoved) => void;
  /** Where pages are numbered. */
  #route: NumberedRoute | undefined;
  /** Items of a full page, where each but the last must be full. */
  #size: number | undefined;
  /** The page before. */
  #last: Page | undefined;
  #total: number | undefined;
  /** How many pages there are, where only that is told. */
  #pages: number | undefined;
  #count = 0;

  constructor(tell: (moved: PageMoved) => void) {
    this.#tell = tell;
  }

  /**
   * Pages are cut by number.
   *
   * @param isFull - whether each but the last must be full: not so where the server leaves items out.
   */
  expectPages(route: NumberedRoute, isFull: boolean): void {
    this.#route = route;
    if (isFull) this.#size = route.size;
  }

  /** A page that has items, or one in which nothing is. */
  saw(page: Page): void {
    this.#checkTold(page);
    const before = this.#last;
    if (page.items.length > 0 && before !== undefined) this.#checkIsFull(before);
    this.#last = page;
    this.#count += page.items.length;
  }

  /** All pages were seen. */
  end(): void {
    const page = this.#last;
    if (page === undefined) return;
    if (this.#total !== undefined) {
      const { skipped, size } = this.#route ?? { skipped: 0, size: 0 };
      const expected = Math.max(0, this.#total - skipped * size);
      if (expected !== this.#count) this.#say('count-differs', page, expected, this.#count);
      return;
    }
    const { index, items } = page;
    // The last one may have lost its items to a filter.
    if (this.#pages === undefined || this.#pages === index + 1) return;
    this.#say('pages-changed', page, this.#pages, items.length === 0 ? index : index + 1);
  }

  #checkTold(page: Page): void {
    const { total } = page;
    if (total !== undefined) {
      if (this.#total !== undefined && total !== this.#total)
        this.#say('total-changed', page, this.#total, total);
      this.#total = total;
      return;
    }
    const pages = this.#route?.pagesTold(page);
    if (pages === undefined) return;
    if (this.#pages !== undefined && pages !== this.#pages)
      this.#say('pages-changed', page, this.#pages, pages);
    this.#pages = pages;
  }

  /** It is not the last one, since one with items came after it. */
  #checkIsFull(page: Page): void {
    const { length } = page.items;
    if (this.#size !== undefined && length < this.#size)
      this.#say('page-shrank', page, this.#size, length);
  }

  #say(kind: PageMoved['kind'], { index, url }: Page, expected: number, got: number): void {
    this.#tell({ kind, page: index + 1, url, expected, got });
  }
}

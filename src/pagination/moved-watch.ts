/** Finds out whether a list was changed while its pages were read. Pure. */
import type { NumberedRoute } from './page-route.js';
import type { PageMoved } from './pagination.js';
import type { Page } from './page.js';

/** Sees all pages, in their order. */
export class MovedWatch {
  readonly #tell: (moved: PageMoved) => void;
  /** Where pages are numbered. */
  #route: NumberedRoute | undefined;
  /** The page before. */
  #last: Page | undefined;
  #total: number | undefined;
  /** How many pages there are, where only that is told. */
  #pages: number | undefined;
  #count = 0;

  constructor(tell: (moved: PageMoved) => void) {
    this.#tell = tell;
  }

  /** Pages are cut by number, so each but the last is full. */
  expectPages(route: NumberedRoute): void {
    this.#route = route;
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
      if (this.#total !== this.#count) this.#say('count-differs', page, this.#total, this.#count);
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
    const size = this.#route?.size;
    const { length } = page.items;
    if (size !== undefined && length < size) this.#say('page-shrank', page, size, length);
  }

  #say(kind: PageMoved['kind'], { index, url }: Page, expected: number, got: number): void {
    this.#tell({ kind, page: index + 1, url, expected, got });
  }
}

/** For the log. */
export function describeMoved({ kind, page, url, expected, got }: PageMoved): string {
  const what = {
    'page-shrank': `page ${page} has ${got} items instead of ${expected}`,
    'total-changed': `there are ${got} items in all, and were ${expected} before page ${page}`,
    'pages-changed': `${expected} pages were told, and there are ${got}`,
    'count-differs': `${expected} items were told, and ${got} came`,
  }[kind];
  return `The list was changed while its pages were read: ${what} (${url}). Items may be missing or repeated.`;
}

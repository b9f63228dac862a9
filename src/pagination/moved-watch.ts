/** Finds out whether a list was changed while its pages were read. Pure. */
import type { PageMoved } from './pagination.js';
import type { Page } from './page.js';

/** Sees all pages, in their order. */
export class MovedWatch {
  readonly #tell: (moved: PageMoved) => void;
  /** Items of a full page, where pages are numbered. */
  #size: number | undefined;
  /** The page before. */
  #last: Page | undefined;
  #total: number | undefined;
  #count = 0;

  constructor(tell: (moved: PageMoved) => void) {
    this.#tell = tell;
  }

  /** Pages are cut by number, so each but the last has so many items. */
  expectSize(size: number): void {
    this.#size = size;
  }

  /** A page that has items, or one in which nothing is. */
  saw(page: Page): void {
    const { total, items } = page;
    if (total !== undefined) {
      if (this.#total !== undefined && total !== this.#total)
        this.#say('total-changed', page, this.#total, total);
      this.#total = total;
    }
    const before = this.#last;
    if (items.length > 0 && before !== undefined) this.#checkIsFull(before);
    this.#last = page;
    this.#count += items.length;
  }

  /** All pages were seen. */
  end(): void {
    const page = this.#last;
    if (page === undefined || this.#total === undefined || this.#total === this.#count) return;
    this.#say('count-differs', page, this.#total, this.#count);
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

/** For the log. */
export function describeMoved({ kind, page, url, expected, got }: PageMoved): string {
  const what = {
    'page-shrank': `page ${page} has ${got} items instead of ${expected}`,
    'total-changed': `there are ${got} items in all, and were ${expected} before page ${page}`,
    'count-differs': `${expected} items were told, and ${got} came`,
  }[kind];
  return `The list was changed while its pages were read: ${what} (${url}). Items may be missing or repeated.`;
}

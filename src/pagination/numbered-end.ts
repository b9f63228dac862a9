/** Where pages that are numbered end, as far as the pages so far tell. Pure. */
import type { NumberedRoute } from './page-route.js';
import type { Page } from './page.js';

/** Sees all pages, in their order. */
export class NumberedEnd {
  readonly #route: NumberedRoute;
  readonly #untilEmpty: boolean;
  #bound = Infinity;
  #emptyFrom = Infinity;
  #told: number | undefined;

  constructor(route: NumberedRoute, untilEmpty: boolean) {
    this.#route = route;
    this.#untilEmpty = untilEmpty;
  }

  /** No page from this one on need be asked for. */
  get bound(): number {
    return Math.min(this.#bound, this.#emptyFrom);
  }

  /** True when it was told how many pages there are. */
  get isKnown(): boolean {
    return this.#told !== undefined;
  }

  /** Notes a page that came before those in front of it. */
  cameEarly(page: Page): void {
    if (this.#isBehind(page)) this.#emptyFrom = Math.min(this.#emptyFrom, page.index);
  }

  /** @returns whether the list ends with it: no other page need be waited for. */
  saw(page: Page): 'go-on' | 'end' {
    const { index, isLast } = page;
    if (isLast === true || this.#isBehind(page)) return 'end';
    this.#told = this.#route.pagesTold(page) ?? this.#told;
    if (this.#told !== undefined) this.#bound = this.#told;
    // Those behind it that were asked for already are waited for: they may show that it is not the last.
    else if (this.#isShort(page)) this.#bound = index + 1;
    else this.#bound = Infinity;
    if (isLast === false) this.#bound = Math.max(this.#bound, index + 2);
    return 'go-on';
  }

  /** One without items is not, where it says that there is a next one, before the last that was told. */
  #isBehind(page: Page): boolean {
    const { index, items, isLast, more } = page;
    if (items.length > 0 || more === true) return false;
    const told = this.#route.pagesTold(page) ?? this.#told ?? 0;
    return this.#untilEmpty || isLast !== false || index + 1 >= told;
  }

  #isShort({ items, isLast }: Page): boolean {
    return isLast === undefined && !this.#untilEmpty && items.length < this.#route.size;
  }
}

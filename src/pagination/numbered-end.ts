/** Where pages that are numbered end, as far as the pages so far tell. Pure. */
import type { HydraError } from '../errors.js';
import { isNoSuchPage } from './no-such-page.js';
import type { NumberedRoute } from './page-route.js';
import type { Page } from './page.js';
import type { PaginationStyle } from './pagination.js';
import { isSamePage } from './same-page.js';

/** Why a list was taken to end where nothing has told so. */
export interface AssumedEnd {
  /** The page behind it. */
  readonly index: number;
  /** It was answered so; `undefined`: it has the items of the page before. */
  readonly status: number | undefined;
}

/** Sees all pages, in their order. */
export class NumberedEnd {
  readonly #route: NumberedRoute;
  readonly #untilEmpty: boolean;
  readonly #isKnownToCount: boolean;
  #bound = Infinity;
  #emptyFrom = Infinity;
  #told: number | undefined;
  /** The latest page that is one of the list. */
  #latest: Page | undefined;
  /** The first page that there seems not to be, with what it failed by. */
  #gap: { readonly index: number; readonly error: HydraError } | undefined;
  #assumed: AssumedEnd | undefined;
  #behind: number | undefined;

  constructor(
    route: NumberedRoute,
    { untilEmpty, style }: { readonly untilEmpty: boolean; readonly style: PaginationStyle },
  ) {
    this.#route = route;
    this.#untilEmpty = untilEmpty;
    this.#isKnownToCount = style !== 'auto';
  }

  /** No page from this one on need be asked for. */
  get bound(): number {
    return Math.min(this.#bound, this.#emptyFrom, this.#gap?.index ?? Infinity);
  }

  /** True when it was told how many pages there are. */
  get isKnown(): boolean {
    return this.#told !== undefined;
  }

  /** Once all were seen: the first page that was asked for and is not one of the list, if there is one. */
  get behind(): number | undefined {
    return this.#gap?.index ?? this.#behind;
  }

  /** Once all were seen: why it ends here, where a server's error or repetition alone says so. */
  get assumed(): AssumedEnd | undefined {
    return this.#assumed;
  }

  /** Notes a page that came before those in front of it. */
  cameEarly(page: Page): void {
    if (this.#isBehind(page)) this.#emptyFrom = Math.min(this.#emptyFrom, page.index);
  }

  /**
   * @returns whether the list ends with it: no other page need be waited for. `repeats`: it ends before
   * it, since a server that has nothing more gives its last page again.
   * @throws HydraError what a page in front of it failed by, where it shows that it was not behind the end.
   */
  saw(page: Page): 'go-on' | 'end' | 'repeats' {
    if (this.#gap !== undefined) {
      if (page.items.length > 0) throw this.#gap.error;
      return 'end';
    }
    if (this.#isRepeated(page)) return 'repeats';
    const { index, isLast } = page;
    this.#latest = page;
    if (isLast === true) this.#behind = index + 1;
    if (isLast === true || this.#isBehind(page)) return 'end';
    this.#told = this.#route.pagesTold(page) ?? this.#told;
    if (this.#told !== undefined) this.#bound = this.#told;
    // Those behind it that were asked for already are waited for: they may show that it is not the last.
    else if (this.#isShort(page)) this.#bound = index + 1;
    else this.#bound = Infinity;
    if (isLast === false) this.#bound = Math.max(this.#bound, index + 2);
    return 'go-on';
  }

  /**
   * Notes a page that failed.
   *
   * @returns whether that is because it is behind the end, as far as is known by now.
   */
  failed(index: number, error: unknown): boolean {
    const latest = this.#latest;
    if (latest === undefined || this.#isNextTold(latest)) return false;
    const isShort = this.#isShort(latest);
    const isKnownToCount = this.#isKnownToCount || latest.index > 0;
    if (!isNoSuchPage(error, { isShort, isKnownToCount })) return false;
    this.#gap ??= { index, error };
    if (!isShort) this.#assumed ??= { index, status: error.facts.status };
    return true;
  }

  /**
   * Whole pages of a list are not alike, unless their items have nothing of their own. So one that is the
   * page before once more is taken for what some servers give for any number behind the last. The second
   * page is not judged here: a server that does not know the parameters gives the first one again.
   */
  #isRepeated(page: Page): boolean {
    const latest = this.#latest;
    if (latest === undefined || latest.index === 0 || this.#isNextTold(latest)) return false;
    if (this.#route.pagesTold(page) !== undefined || !isSamePage(latest, page)) return false;
    const { index } = page;
    this.#behind = index;
    if (!this.#isShort(latest)) this.#assumed = { index, status: undefined };
    return true;
  }

  /** Whether something says that there is a page behind this one, or how many there are. */
  #isNextTold({ isLast, more }: Page): boolean {
    return this.isKnown || isLast === false || more === true;
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

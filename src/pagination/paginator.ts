/** Reads a list page by page, and hands its items over in their order. */
import { checkRequestOptions, noOptions } from '../request/request-options.js';
import type { RequestOptions } from '../request/request.js';
import { targetUrl } from '../request/request-target.js';
import { AskedPages } from './asked-pages.js';
import { Chain } from './chain.js';
import { distinctBy } from './distinct-items.js';
import { MovedWatch } from './moved-watch.js';
import { NumberedEnd } from './numbered-end.js';
import type { PageHost } from './page-host.js';
import type { ChainedRoute, NumberedRoute } from './page-route.js';
import { firstTarget, type PageTarget } from './page-target.js';
import { PageReader, type Page } from './page.js';
import { AHEAD_UNKNOWN, pagesAhead } from './pages-ahead.js';
import type { PageMoved, PaginateOptions } from './pagination.js';
import { checkPaginateOptions } from './check-paging.js';
import { pagingOf, type Paging } from './paging.js';
import { routeFrom } from './route-from.js';
import { isSamePage, samePage } from './same-page.js';
import { tellAssumedEnd } from './tell-assumed-end.js';
import { movedTeller } from './tell-moved.js';

/** A page that was asked for ahead. */
interface EarlyPage {
  readonly index: number;
  readonly page: Promise<Page>;
}

/**
 * The items of a list, one by one, in their order. Nothing is asked before the first is wanted. Leaving
 * the loop early stops asking, and lets go of what is under way. It can be gone through once.
 *
 * A page that fails for good, and one that is no list, end it with their error, after the items before
 * them were handed over. Not so a page behind the last one: see `ApiHydra.paginate()`.
 */
export class Paginator<T> implements AsyncIterableIterator<T, void, undefined> {
  readonly #host: PageHost;
  readonly #path: string;
  readonly #options: PaginateOptions<T>;
  readonly #paging: Paging;
  readonly #first: PageTarget;
  readonly #asked: AskedPages;
  readonly #watch: MovedWatch;
  readonly #isNew: ((item: T, url: string) => boolean) | undefined;
  readonly #items: AsyncGenerator<T, void, undefined>;
  #moved: PageMoved | undefined;
  #total: number | undefined;

  /** @internal */
  constructor(host: PageHost, path: string, options: PaginateOptions<T>) {
    checkPaginateOptions(options);
    this.#host = host;
    this.#path = path;
    this.#options = options;
    this.#paging = pagingOf(options, host.api.pagination ?? {});
    this.#first = firstTarget(this.#paging, targetUrl(host.api, path, options.query));
    const request = requestOptions(options);
    checkRequestOptions(request);
    this.#asked = new AskedPages(host, new PageReader(this.#paging, options.parse), request);
    const tell = movedTeller(host.logger, options.onMoved);
    this.#watch = new MovedWatch((moved) => {
      this.#moved ??= moved;
      tell(moved);
    });
    this.#isNew = options.uniqueBy === undefined ? undefined : distinctBy(options.uniqueBy);
    this.#items = this.#read();
  }

  /** The first sign that the list was changed while it was read; `undefined` while there is none. */
  get moved(): PageMoved | undefined {
    return this.#moved;
  }

  /** How many items there are in all, as the latest page told; `undefined` where none did. */
  get total(): number | undefined {
    return this.#total;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next item. Rejects with the `HydraError` of the page that failed. */
  next(): Promise<IteratorResult<T, void>> {
    return this.#items.next();
  }

  /** Stops asking, and lets go of what is under way. */
  return(): Promise<IteratorResult<T, void>> {
    return this.#items.return();
  }

  async *#read(): AsyncGenerator<T, void, undefined> {
    try {
      for await (const page of this.#pages()) {
        this.#watch.saw(page);
        this.#total = page.total ?? this.#total;
        for (const item of page.items as readonly T[]) {
          if (this.#isNew?.(item, page.url) !== false) yield item;
        }
      }
      this.#watch.end();
    } finally {
      this.#asked.withdrawAll();
    }
  }

  async *#pages(): AsyncGenerator<Page, void, undefined> {
    const first = await this.#asked.ask(0, this.#first);
    const route = routeFrom(this.#paging, first);
    if (route.kind === 'chained') return yield* this.#follow(route, first);
    if (first.items.length === 0 && first.more !== true) return yield first;
    yield* this.#count(route, first);
  }

  /** Pages that can be asked for side by side. */
  async *#count(route: NumberedRoute, first: Page): AsyncGenerator<Page, void, undefined> {
    const end = new NumberedEnd(route, this.#paging);
    this.#watch.expectPages(route, !this.#paging.untilEmpty);
    const window: EarlyPage[] = [];
    let nextIndex = 1;
    let page: Page | undefined = first;
    while (page !== undefined) {
      const says = end.saw(page);
      if (says === 'repeats') break;
      if (says === 'end') {
        yield page;
        break;
      }
      const ahead = this.#ahead(end.isKnown, route.size);
      while (window.length < ahead && nextIndex < end.bound) {
        window.push({ index: nextIndex, page: this.#askEarly(nextIndex, route, end) });
        nextIndex += 1;
      }
      yield page;
      const before: Page = page;
      page = await nextOf(window, end);
      if (page?.index === 1 && isSamePage(before, page)) {
        // Found out that it has pages because the first was full: it was all.
        if (this.#paging.style === 'auto' && !end.isKnown) return;
        throw samePage(page);
      }
    }
    const { assumed } = end;
    if (assumed !== undefined) tellAssumedEnd(this.#host.logger, this.#path, assumed);
  }

  /** Pages of which each tells the next one, which is asked for while the items of this one are handed over. */
  async *#follow(route: ChainedRoute, first: Page): AsyncGenerator<Page, void, undefined> {
    const chain = new Chain(route, this.#paging.untilEmpty, this.#first);
    let page: Page | undefined = first;
    while (page !== undefined) {
      const next: Promise<Page> | undefined = this.#askNext(page, chain);
      yield page;
      page = await next;
    }
  }

  #askNext(page: Page, chain: Chain): Promise<Page> | undefined {
    try {
      const next = chain.next(page);
      return next === undefined ? undefined : this.#asked.ask(page.index + 1, next);
    } catch (error) {
      // The items of this page are handed over first.
      return rejected(error);
    }
  }

  #askEarly(index: number, route: NumberedRoute, end: NumberedEnd): Promise<Page> {
    const page = this.#asked.ask(index, route.at(index));
    page.then((early) => end.cameEarly(early)).catch(ignore);
    return page;
  }

  #ahead(isKnown: boolean, size: number): number {
    if (this.#options.ahead !== undefined) return this.#options.ahead;
    return isKnown ? pagesAhead(size, this.#host.allowedRate()) : AHEAD_UNKNOWN;
  }
}

/** The next page. Those that fail since they are behind the end are passed over. */
async function nextOf(window: EarlyPage[], end: NumberedEnd): Promise<Page | undefined> {
  for (;;) {
    const early = window.shift();
    if (early === undefined) return undefined;
    try {
      return await early.page;
    } catch (error) {
      if (!end.failed(early.index, error)) throw error;
    }
  }
}

/** What is sent with each page. */
function requestOptions<T>(options: PaginateOptions<T>): RequestOptions {
  const names = ['headers', 'priority', 'timeoutMs', 'signal'] as const;
  const given = names.flatMap((name) =>
    options[name] === undefined ? [] : [[name, options[name]] as const],
  );
  return given.length === 0 ? noOptions : (Object.fromEntries(given) as RequestOptions);
}

function rejected(reason: unknown): Promise<never> {
  const failed = Promise.reject(reason);
  failed.catch(ignore);
  return failed;
}

function ignore(): void {}

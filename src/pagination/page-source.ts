/**
 * The pages of a list as a run's source. What comes next depends on outcomes that are recorded alone: so
 * going on gives the same requests again, up to the last page that is recorded, and then the next.
 */
import type { Api } from '../api.js';
import { HydraError } from '../errors.js';
import type { Logger } from '../logger.js';
import { targetUrl } from '../request/request-target.js';
import type { Outcome, RequestOptions } from '../request/request.js';
import type { RunRequest } from '../run/run.js';
import { Chain } from './chain.js';
import { movedFromFirst } from './moved-from-first.js';
import { MovedWatch } from './moved-watch.js';
import { NumberedEnd } from './numbered-end.js';
import { PageOutcomes } from './page-outcomes.js';
import type { ChainedRoute, NumberedRoute } from './page-route.js';
import { firstTarget, requestFor, type PageTarget } from './page-target.js';
import { PageReader, type Page } from './page.js';
import { AHEAD_UNKNOWN } from './pages-ahead.js';
import type { PageMoved } from './pagination.js';
import type { Paging } from './paging.js';
import { routeFrom } from './route-from.js';
import { isSamePage, samePage } from './same-page.js';
import { tellAssumedEnd } from './tell-assumed-end.js';

/** What is asked for. */
export interface PageSourceParts {
  readonly api: Api;
  readonly path: string;
  readonly query: RequestOptions['query'];
  readonly paging: Paging;
  /** Sent with each page. */
  readonly request: Omit<RunRequest, 'path' | 'method' | 'json' | 'idempotent'>;
  /** The run's. */
  readonly directory: string;
  readonly retryFailures: boolean;
  readonly logger: Logger;
  readonly parse: ((text: string) => unknown) | undefined;
  /** Is told of each sign that the list was changed. */
  readonly onMoved: (moved: PageMoved) => void;
}

/** To be read once, by the run whose outcomes it {@link follow}s. */
export class PageSource implements AsyncIterable<RunRequest> {
  readonly #parts: PageSourceParts;
  readonly #first: PageTarget;
  readonly #reader: PageReader;
  readonly #outcomes: PageOutcomes;
  readonly #watch: MovedWatch;
  #countTo: ((end: number) => void) | undefined;

  /** @throws HydraError `HYDRA_INVALID_REQUEST`, `HYDRA_FOREIGN_ORIGIN`. */
  constructor(parts: PageSourceParts) {
    const { api, path, query, paging, directory, retryFailures, parse, onMoved } = parts;
    this.#parts = parts;
    this.#first = firstTarget(paging, targetUrl(api, path, query));
    this.#reader = new PageReader(paging, parse);
    this.#watch = new MovedWatch(onMoved);
    this.#outcomes = new PageOutcomes(directory, retryFailures);
  }

  /**
   * Takes the run's outcomes from now on.
   *
   * @param countTo - is told from which request on none counts, since it is behind the end of the list.
   */
  follow(outcomes: AsyncIterator<Outcome>, countTo: (end: number) => void): void {
    this.#countTo = countTo;
    this.#outcomes.follow(outcomes);
  }

  [Symbol.asyncIterator](): AsyncIterator<RunRequest, void, undefined> {
    const requests = this.#requests();
    const end = requests.return.bind(requests);
    // A generator that waits for a page would not hear of it.
    requests.return = (value) => {
      this.#outcomes.leave();
      return end(value);
    };
    return requests;
  }

  async *#requests(): AsyncGenerator<RunRequest, void, undefined> {
    try {
      await this.#outcomes.open();
      yield this.#request(this.#first);
      const first = await this.#page(0);
      const route = routeFrom(this.#parts.paging, first);
      if (route.kind === 'chained') yield* this.#follow(route, first);
      else if (!isEmpty(first)) yield* this.#count(route, first);
    } finally {
      this.#outcomes.leave();
    }
  }

  async *#count(route: NumberedRoute, first: Page): AsyncGenerator<RunRequest, void, undefined> {
    const { paging } = this.#parts;
    const end = new NumberedEnd(route, paging);
    if (end.saw(first) === 'end') return;
    if (end.isKnown) return yield* this.#askTo(end.bound, route, first);
    this.#watch.expectPages(route, !paging.untilEmpty);
    this.#watch.saw(first);
    let next = 1;
    // Those behind a short page that were asked for already may show that it is not the last.
    for (let seen = 1; seen < Math.max(next, end.bound); seen++) {
      const until = Math.min(seen + AHEAD_UNKNOWN, end.bound);
      for (; next < until; next++) yield this.#request(route.at(next));
      const page = await this.#pageUnlessBehind(seen, end);
      if (page === undefined) continue;
      // It is recorded by now, so that nobody can take the list for a single page any more.
      if (seen === 1 && isSamePage(first, page)) throw samePage(page);
      const says = end.saw(page);
      if (says === 'repeats') break;
      this.#watch.saw(page);
      if (says === 'end') break;
    }
    this.#watch.end();
    this.#tellEnd(end, next);
  }

  /** `undefined` for one that fails since it is behind the end. */
  async #pageUnlessBehind(index: number, end: NumberedEnd): Promise<Page | undefined> {
    try {
      return await this.#page(index);
    } catch (error) {
      if (end.failed(index, error)) return undefined;
      throw error;
    }
  }

  #tellEnd({ behind, assumed }: NumberedEnd, asked: number): void {
    const { logger, path } = this.#parts;
    if (behind !== undefined && behind < asked) this.#countTo?.(behind);
    if (assumed !== undefined) tellAssumedEnd(logger, path, assumed);
  }

  /** Waits for no page but the second, which shows whether the server knows the parameters. */
  async *#askTo(
    bound: number,
    route: NumberedRoute,
    first: Page,
  ): AsyncGenerator<RunRequest, void, undefined> {
    if (bound < 2) return;
    yield this.#request(route.at(1));
    const judge = movedFromFirst(route, first, !this.#parts.paging.untilEmpty);
    const second = await this.#look(await this.#outcomes.at(1), judge);
    if (second !== undefined && isSamePage(first, second)) throw samePage(second);
    this.#outcomes.handTo((outcome) => void this.#look(outcome, judge));
    for (let index = 2; index < bound; index++) yield this.#request(route.at(index));
  }

  async *#follow(route: ChainedRoute, first: Page): AsyncGenerator<RunRequest, void, undefined> {
    const chain = new Chain(route, this.#parts.paging.untilEmpty, this.#first);
    for (let page = first; ; page = await this.#page(page.index + 1)) {
      this.#watch.saw(page);
      const next = chain.next(page);
      if (next === undefined) break;
      yield this.#request(next);
    }
    this.#watch.end();
  }

  /** Looks at a page that is not needed to go on. One that is no list is recorded all the same. */
  async #look(
    outcome: Outcome,
    judge: (page: Page) => PageMoved | undefined,
  ): Promise<Page | undefined> {
    if (outcome.kind === 'failure') return undefined;
    const { logger, onMoved } = this.#parts;
    try {
      const page = await this.#reader.read(outcome.response.id, outcome.response);
      const moved = judge(page);
      if (moved !== undefined) onMoved(moved);
      return page;
    } catch (error) {
      logger.warn((error as Error).message);
      return undefined;
    }
  }

  #request(target: PageTarget): RunRequest {
    return { path: target.url, ...this.#parts.request, ...requestFor(target) };
  }

  async #page(index: number): Promise<Page> {
    const outcome = await this.#outcomes.at(index);
    if (outcome.kind === 'response') return await this.#reader.read(index, outcome.response);
    const { url, error } = outcome.failure;
    throw new HydraError(
      error.code,
      `Page ${index + 1}, which tells of those behind it, failed: ${error.message} Start the run again to go on from there.`,
      { ...error.facts, url, cause: error },
    );
  }
}

function isEmpty({ items, more }: Page): boolean {
  return items.length === 0 && more !== true;
}

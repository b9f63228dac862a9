/**
 * The pages of a list as a run's source. What comes next depends on outcomes that are recorded alone: so
 * going on gives the same requests again, up to the last page that is recorded, and then the next.
 */
import type { Api } from '../api.js';
import { HydraError } from '../errors.js';
import { targetUrl } from '../request/request-target.js';
import type { Outcome, RequestOptions } from '../request/request.js';
import type { RunRequest } from '../run/run.js';
import { Chain } from './chain.js';
import { NumberedEnd } from './numbered-end.js';
import { PageOutcomes } from './page-outcomes.js';
import type { ChainedRoute, NumberedRoute } from './page-route.js';
import { firstTarget, requestFor, type PageTarget } from './page-target.js';
import { PageReader, type Page } from './page.js';
import { AHEAD_UNKNOWN } from './pages-ahead.js';
import type { Paging } from './paging.js';
import { routeFrom } from './route-from.js';

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
}

/** To be read once, by the run whose outcomes it {@link follow}s. */
export class PageSource implements AsyncIterable<RunRequest> {
  readonly #parts: PageSourceParts;
  readonly #first: PageTarget;
  readonly #reader: PageReader;
  readonly #outcomes: PageOutcomes;

  /** @throws HydraError `HYDRA_INVALID_REQUEST`, `HYDRA_FOREIGN_ORIGIN`. */
  constructor(parts: PageSourceParts) {
    const { api, path, query, paging, directory, retryFailures } = parts;
    this.#parts = parts;
    this.#first = firstTarget(paging, targetUrl(api, path, query));
    this.#reader = new PageReader(paging);
    this.#outcomes = new PageOutcomes(directory, retryFailures);
  }

  /** Takes the run's outcomes from now on. */
  follow(outcomes: AsyncIterator<Outcome>): void {
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
    const end = new NumberedEnd(route, this.#parts.paging.untilEmpty);
    if (end.saw(first) !== 'go-on') return;
    if (end.isKnown) {
      // No other page is waited for.
      this.#outcomes.leave();
      for (let index = 1; index < end.bound; index++) yield this.#request(route.at(index));
      return;
    }
    let next = 1;
    for (let seen = 1; seen < end.bound; seen++) {
      // The same in each session: those behind the end are recorded, too.
      for (; next < seen + AHEAD_UNKNOWN; next++) yield this.#request(route.at(next));
      if (end.saw(await this.#page(seen)) !== 'go-on') return;
    }
  }

  async *#follow(route: ChainedRoute, first: Page): AsyncGenerator<RunRequest, void, undefined> {
    const chain = new Chain(route, this.#parts.paging.untilEmpty, this.#first);
    for (let page = first; ; page = await this.#page(page.index + 1)) {
      const next = chain.next(page);
      if (next === undefined) return;
      yield this.#request(next);
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

/** The pages that were asked for and have not come yet. */
import type { RequestOptions } from '../request/request.js';
import type { AskedPage, PageHost } from './page-host.js';
import { requestFor, type PageTarget } from './page-target.js';
import type { Page, PageReader } from './page.js';

/** Asks for pages and reads them. */
export class AskedPages {
  readonly #host: PageHost;
  readonly #reader: PageReader;
  readonly #request: RequestOptions;
  readonly #asked = new Set<AskedPage>();

  /** @param request - what is sent with each page. */
  constructor(host: PageHost, reader: PageReader, request: RequestOptions) {
    this.#host = host;
    this.#reader = reader;
    this.#request = request;
  }

  /** Rejects with the error of the page. Where nobody looks yet, that waits. */
  ask(index: number, target: PageTarget): Promise<Page> {
    const page = this.#settle(index, target);
    page.catch(() => undefined);
    return page;
  }

  /** Lets go of all that is under way. */
  withdrawAll(): void {
    for (const asked of this.#asked) asked.withdraw();
    this.#asked.clear();
  }

  async #settle(index: number, target: PageTarget): Promise<Page> {
    const { method = 'GET', ...body } = requestFor(target);
    const asked = this.#host.ask(index, method, target.url, { ...this.#request, ...body });
    this.#asked.add(asked);
    try {
      return await this.#reader.read(index, await asked.response);
    } finally {
      this.#asked.delete(asked);
    }
  }
}

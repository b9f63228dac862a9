import { readAppName, readAppPage, type AppPage } from './app-page.js';
import { readAppUsage, type AppUsage } from './app-usage.js';
import type { Page } from './page.js';

/**
 * An application's page. Each part is read when it is asked for: of an app that is not ours, much may not
 * be shown. All throw `HYDRA_PAGE_NOT_UNDERSTOOD` for what is not there.
 */
export class ShownApp {
  readonly id: string;
  readonly #page: Page;

  constructor(id: string, page: Page) {
    this.id = id;
    this.#page = page;
  }

  name(): string {
    return readAppName(this.#page);
  }

  details(): AppPage {
    return readAppPage(this.#page, this.id);
  }

  usage<K extends keyof AppUsage>(fields: readonly K[]): Pick<AppUsage, K> {
    return readAppUsage(this.#page, fields);
  }
}

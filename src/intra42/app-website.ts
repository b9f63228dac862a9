/** The applications of an account, as the website has them. */
import { HydraError } from '../index.js';
import { readAppListPage, type AppListPage } from './pages/app-list-page.js';
import { readAppPage, type AppPage } from './pages/app-page.js';
import { notUnderstood, parsePage, type Page } from './pages/page.js';
import type { Session } from './web/session.js';

const LIST = '/oauth/applications';
/** What the original client gives; nobody is ever redirected there. */
const REDIRECT_URI = 'http://127.0.0.1:80';
/** App pages asked for at once. */
const PAGES_AT_ONCE = 4;
/** What a form of an ended session gets. */
const UNPROCESSABLE = 422;

/** An application with its page. */
export interface WebApp {
  readonly id: string;
  readonly page: AppPage;
}

/** Tries a task again for as long as its failures may pass. */
export type Persistently = <T>(what: string, task: () => Promise<T>) => Promise<T>;

/** Lists, reads, makes and deletes applications on the website. */
export class AppWebsite {
  readonly #session: Session;
  readonly #persistently: Persistently;

  constructor(session: Session, persistently: Persistently) {
    this.#session = session;
    this.#persistently = persistently;
  }

  /** Ids of all applications of the account, ours or not. */
  async listIds(): Promise<readonly string[]> {
    return (await this.#list()).ids;
  }

  /** The application, or `undefined` when there is none of this id. */
  read(id: string): Promise<WebApp | undefined> {
    return this.#persistently(`read app ${id}`, async () => {
      const page = await this.#session.open(`${LIST}/${id}`);
      if (page.status === 404) return undefined;
      return { id, page: readAppPage(page, id) };
    });
  }

  /** The applications of these ids, those left out that are gone. */
  async readAll(ids: readonly string[]): Promise<WebApp[]> {
    const found: (WebApp | undefined)[] = [];
    let next = 0;
    const readNext = async (): Promise<void> => {
      for (let index = next++; index < ids.length; index = next++) {
        found[index] = await this.read(ids[index] as string);
      }
    };
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, readNext));
    return found.filter((app) => app !== undefined);
  }

  /**
   * Makes an application.
   *
   * @throws HydraError `HYDRA_APP_NOT_MADE` when the website does not accept it.
   */
  async create(name: string): Promise<WebApp> {
    const before = new Set(await this.listIds());
    let isFirstTry = true;
    const id = await this.#persistently(`make app ${name}`, async () => {
      // The answer of an earlier try may have been lost on the way, and the app be there.
      const made = isFirstTry ? undefined : await this.#findNew(before, name);
      isFirstTry = false;
      return made ?? (await this.#postNew(name));
    });
    const app = await this.read(id);
    if (app === undefined) throw notMade(name, 'it was gone at once');
    return app;
  }

  /** Deletes an application; does nothing when it is gone already. */
  delete(id: string): Promise<void> {
    return this.#persistently(`delete app ${id}`, async () => {
      const { ids } = await this.#listOnce();
      if (!ids.includes(id)) return;
      await this.#submit(`${LIST}/${id}`, { _method: 'delete' }, {});
      const left = await this.#listOnce();
      if (left.ids.includes(id)) {
        throw new HydraError('HYDRA_NETWORK', `App ${id} is still there after it was deleted.`, {
          appId: id,
        });
      }
    });
  }

  #list(): Promise<AppListPage> {
    return this.#persistently('list the apps', () => this.#listOnce());
  }

  async #listOnce(): Promise<AppListPage> {
    return readAppListPage(await this.#session.open(LIST));
  }

  async #findNew(before: ReadonlySet<string>, name: string): Promise<string | undefined> {
    const { ids } = await this.#listOnce();
    const apps = await this.readAll(ids.filter((id) => !before.has(id)));
    return apps.find((app) => app.page.name === name)?.id;
  }

  async #postNew(name: string): Promise<string> {
    const form = {
      'doorkeeper_application[name]': name,
      'doorkeeper_application[scopes]': '',
      'doorkeeper_application[redirect_uri]': REDIRECT_URI,
    };
    const page = await this.#submit(LIST, form, { multipart: true, accept: 'application/json' });
    const id = page.status === 201 ? idIn(page.body) : undefined;
    if (id !== undefined) return id;
    if (page.status >= 400) throw notMade(name, reasonIn(page));
    throw notUnderstood('the id of the new app', page);
  }

  /** Sends a form with the session's token; with a new one when the session ended in between. */
  async #submit(
    path: string,
    fields: Readonly<Record<string, string>>,
    how: { readonly multipart?: boolean; readonly accept?: string },
  ): Promise<Page> {
    for (let tries = 0; ; tries++) {
      const { csrfToken } = await this.#listOnce();
      const page = await this.#session.open(path, {
        ...how,
        form: { authenticity_token: csrfToken, ...fields },
      });
      const isStale = page.status === UNPROCESSABLE && !page.body.trimStart().startsWith('{');
      if (!isStale || tries > 0) return page;
    }
  }
}

function idIn(json: string): string | undefined {
  try {
    const { id } = JSON.parse(json) as { id?: unknown };
    return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined;
  } catch {
    return undefined;
  }
}

function reasonIn(page: Page): string {
  const text = page.body.trimStart().startsWith('{')
    ? page.body.trim()
    : parsePage(page)('.alert, h1').first().text().trim();
  return `status ${page.status}, ${text.slice(0, 200) || 'without a reason'}`;
}

function notMade(name: string, reason: string): HydraError {
  return new HydraError(
    'HYDRA_APP_NOT_MADE',
    `The website did not make the app ${name}: ${reason}.`,
    { name },
  );
}

/** The applications of an account, as the website has them. */
import { HydraError } from '../index.js';
import { newAppId, notMade } from './new-app-answer.js';
import { readAppListPage, type AppListPage } from './pages/app-list-page.js';
import type { AppPage } from './pages/app-page.js';
import { notUnderstood, type Page } from './pages/page.js';
import { ShownApp } from './pages/shown-app.js';
import type { BrowserRequest } from './web/browser.js';
import type { FormFields } from './web/form-body.js';
import type { Session } from './web/session.js';

const LIST = '/oauth/applications';
/** What the original client gives; nobody is ever redirected there. */
const REDIRECT_URI = 'http://127.0.0.1:80';
/** App pages asked for at once. */
const PAGES_AT_ONCE = 4;
/** What is gone. */
const GONE = new Set([404, 410]);
/** What a form with an old token gets. */
const UNPROCESSABLE = 422;
/** Times that a form is sent, with a new token each, before its answer is final. */
const MAX_SUBMITS = 3;
/** Times that an app is deleted before the website is not understood. */
const MAX_DELETES = 3;

/** Tries a task again for as long as its failures may pass. */
type Persistently = <T>(what: string, task: () => Promise<T>) => Promise<T>;

/** What it needs. */
export interface AppWebsiteParts {
  readonly session: Session;
  readonly persistently: Persistently;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
}

/** Lists, reads, makes and deletes applications on the website. */
export class AppWebsite {
  readonly #parts: AppWebsiteParts;
  /** Good for many forms of one session. */
  #csrfToken: string | undefined;

  constructor(parts: AppWebsiteParts) {
    this.#parts = parts;
  }

  /** Ids of all applications of the account, ours or not. */
  async listIds(): Promise<readonly string[]> {
    return (await this.#parts.persistently('list the apps', () => this.#list())).ids;
  }

  /** What `reader` makes of an application's page; `undefined` when there is none of this id. */
  read<T>(id: string, reader: (shown: ShownApp) => T): Promise<T | undefined> {
    return this.#parts.persistently(`read app ${id}`, () => this.#read(id, reader));
  }

  /** The same for many, a few at once; those left out that are gone. */
  async readAll<T>(ids: readonly string[], reader: (shown: ShownApp) => T): Promise<T[]> {
    const found: (T | undefined)[] = [];
    let next = 0;
    const readNext = async (): Promise<void> => {
      try {
        for (let index = next++; index < ids.length; index = next++) {
          found[index] = await this.read(ids[index] as string, reader);
        }
      } catch (error) {
        // The others need not read on for nobody.
        next = ids.length;
        throw error;
      }
    };
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, readNext));
    return found.filter((app) => app !== undefined);
  }

  /**
   * Makes an application.
   *
   * @param known - ids of the applications that were there before.
   * @throws HydraError `HYDRA_APP_NOT_MADE` when the website does not accept it.
   */
  async create(name: string, known: ReadonlySet<string>): Promise<{ id: string; page: AppPage }> {
    let isFirstTry = true;
    const id = await this.#parts.persistently(`make app ${name}`, async () => {
      // The answer of an earlier try may have been lost on the way, and the app be there.
      const made = isFirstTry ? undefined : await this.#findNew(known, name);
      isFirstTry = false;
      return made ?? (await this.#postNew(name));
    });
    const page = await this.read(id, (shown) => shown.details());
    if (page === undefined) throw notMade(name, 'it was gone at once');
    return { id, page };
  }

  /**
   * Deletes an application, if `mayDelete` says so of the name that it has now.
   *
   * @returns false when that said no, and nothing was done; true when the application is gone.
   */
  delete(id: string, mayDelete: (name: string) => boolean): Promise<boolean> {
    let deletes = 0;
    return this.#parts.persistently(`delete app ${id}`, async () => {
      const name = await this.#read(id, (shown) => shown.name());
      if (name === undefined) return true;
      if (!mayDelete(name)) return false;
      const answer = await this.#submit(`${LIST}/${id}`, { _method: 'delete' }, {});
      deletes += 1;
      const isRefused = answer.status >= 400 && !GONE.has(answer.status);
      if (!isRefused && !(await this.#listAfter(answer)).ids.includes(id)) return true;
      if (isRefused || deletes === MAX_DELETES) {
        throw notUnderstood(`that app ${id} is deleted`, answer);
      }
      const message = `App ${id} is still there after it was deleted.`;
      throw new HydraError('HYDRA_NETWORK', message, { appId: id });
    });
  }

  async #list(): Promise<AppListPage> {
    const list = readAppListPage(await this.#open(LIST));
    this.#csrfToken = list.csrfToken;
    return list;
  }

  /** The list that a form led to, or else a new one. */
  #listAfter(answer: Page): Promise<AppListPage> {
    const isList = new URL(answer.url).pathname.endsWith(LIST);
    return isList ? Promise.resolve(readAppListPage(answer)) : this.#list();
  }

  async #read<T>(id: string, reader: (shown: ShownApp) => T): Promise<T | undefined> {
    const path = `${LIST}/${id}`;
    const page = await this.#open(path);
    if (GONE.has(page.status)) return undefined;
    // Who asks for what is gone may also be led to the list.
    const isElsewhere = !new URL(page.url).pathname.endsWith(path);
    if (isElsewhere && !(await this.#list()).ids.includes(id)) return undefined;
    return reader(new ShownApp(id, page));
  }

  async #findNew(known: ReadonlySet<string>, name: string): Promise<string | undefined> {
    const { ids } = await this.#list();
    const strangers = ids.filter((id) => !known.has(id));
    const apps = await this.readAll(strangers, (shown) => ({ id: shown.id, name: shown.name() }));
    return apps.find((app) => app.name === name)?.id;
  }

  async #postNew(name: string): Promise<string> {
    const form = {
      'doorkeeper_application[name]': name,
      'doorkeeper_application[scopes]': '',
      'doorkeeper_application[redirect_uri]': REDIRECT_URI,
    };
    const how = { multipart: true, accept: 'application/json' };
    return newAppId(name, await this.#submit(LIST, form, how));
  }

  /** Sends a form with the session's token; with a new one when that was not taken. */
  async #submit(path: string, fields: FormFields, how: BrowserRequest): Promise<Page> {
    for (let submits = 1; ; submits++) {
      const authenticity_token = this.#csrfToken ?? (await this.#list()).csrfToken;
      const form = { authenticity_token, ...fields };
      const { session, signal } = this.#parts;
      const page = await session.send(path, { ...how, form, signal });
      if (page !== undefined && page.status !== UNPROCESSABLE) return page;
      this.#csrfToken = undefined;
      if (submits < MAX_SUBMITS && page === undefined) continue;
      if (page === undefined) throw sessionLost(path);
      // The first refusal may be meant for the token; the second one is meant.
      if (submits > 1) return page;
    }
  }

  #open(path: string): Promise<Page> {
    return this.#parts.session.open(path, { signal: this.#parts.signal });
  }
}

function sessionLost(path: string): HydraError {
  return new HydraError(
    'HYDRA_PAGE_NOT_UNDERSTOOD',
    `Expected the form for ${path} to be taken from who has just signed in; it was turned away ${MAX_SUBMITS} times.`,
    { name: 'a session' },
  );
}

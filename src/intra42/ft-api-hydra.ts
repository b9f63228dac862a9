import { ApiHydra, describeValue, HydraError, persist, type App, type Runtime } from '../index.js';
import { appNumber, unusedNames } from './app-names.js';
import { AppWebsite, type Persistently, type WebApp } from './app-website.js';
import { defineFtApi, toApp } from './ft-api.js';
import { resolveFtOptions, type FtApiHydraOptions, type ResolvedFtOptions } from './ft-options.js';
import { usageTable } from './usage-table.js';
import { Browser } from './web/browser.js';
import { isPermanent, Session } from './web/session.js';
import { signIn } from './web/sign-in.js';
import { WebGate } from './web/web-gate.js';

/** The original's own cap. */
const MAX_APPS = 200;
/** Time between two tries at what is no API request, milliseconds. */
const RETRY_EVERY_MS = 2000;

/** For what goes on the website. */
export interface WebOptions {
  /** Once aborted, failures are not tried again. */
  readonly signal?: AbortSignal;
}

/**
 * A hydra for the API of the 42 Intra: makes its apps on the website and keeps their secrets.
 *
 * What goes on the website is tried again every 2 seconds when network or server fail, until
 * `finish()` or the given signal, and fails at once when that cannot help: `HYDRA_WRONG_PASSWORD`,
 * `HYDRA_OTP_REQUIRED`, `HYDRA_OTP_REJECTED`, `HYDRA_PAGE_NOT_UNDERSTOOD`, `HYDRA_APP_NOT_MADE`.
 */
export class FtApiHydra extends ApiHydra {
  readonly #ft: ResolvedFtOptions;
  readonly #session: Session;
  /** Ids of apps that are not ours, so that their pages are read once. */
  readonly #foreignIds = new Set<string>();

  /**
   * @param options - all have defaults; login and password are needed when it has to sign in.
   * @param runtime - replaces time, chance or network, for tests and simulations.
   * @throws HydraError `HYDRA_INVALID_OPTION`, `HYDRA_APPS_FILE`.
   */
  constructor(options: FtApiHydraOptions = {}, runtime: Partial<Runtime> = {}) {
    const ft = resolveFtOptions(options);
    const recover = { app: (_app: App): Promise<App | undefined> => Promise.resolve(undefined) };
    super({ ...ft.rest, api: defineFtApi(ft.apiBase, (app) => recover.app(app)) }, runtime);
    this.#ft = ft;
    recover.app = (app) => this.#recover(app);
    const browser = new Browser(this.authContext, new WebGate(this.runtime.clock));
    this.#session = new Session(browser, ft.profileBase, () => this.#signIn(browser));
  }

  /**
   * Sees to it that the account has exactly `howMany` apps of ours, making or deleting as needed, and
   * puts them to use. Touches no app whose name has not the prefix. Signs in only if it must.
   *
   * @param howMany - a whole number from 0 to 200.
   * @throws HydraError `HYDRA_INVALID_OPTION` at once for any other.
   */
  async setNumberOfApps(howMany: number, options: WebOptions = {}): Promise<void> {
    if (!Number.isInteger(howMany) || howMany < 0 || howMany > MAX_APPS) {
      throw new HydraError(
        'HYDRA_INVALID_OPTION',
        `Expected the number of apps to be a whole number from 0 to ${MAX_APPS}, got ${describeValue(howMany)}.`,
        { name: 'howMany' },
      );
    }
    if (this.#ours().length === howMany) return;
    const website = this.#website(options.signal);
    await this.#takeIn(website);
    const names = this.#ours().map((app) => app.name ?? '');
    for (const name of unusedNames(names, this.#ft.appPrefix, howMany - names.length)) {
      await this.#make(website, name);
    }
    const surplus = this.#ours().toSorted((a, b) => this.#numberOf(b) - this.#numberOf(a));
    for (const app of surplus.slice(0, Math.max(0, surplus.length - howMany))) {
      await this.#discard(website, app.id);
    }
    this.logger.info(`${howMany} apps are ready`);
  }

  /** How many apps of ours are in use. */
  getNumberOfApps(): number {
    return this.#ours().length;
  }

  /**
   * Makes one more app and puts it to use.
   *
   * @returns its id.
   */
  async createApp(options: WebOptions = {}): Promise<string> {
    const website = this.#website(options.signal);
    await this.#takeIn(website);
    const names = this.#ours().map((app) => app.name ?? '');
    const [name = ''] = unusedNames(names, this.#ft.appPrefix, 1);
    return this.#make(website, name);
  }

  /**
   * Deletes an app of ours.
   *
   * @throws HydraError `HYDRA_INVALID_OPTION` when the id is none of ours.
   */
  async deleteApp(id: string, options: WebOptions = {}): Promise<void> {
    const website = this.#website(options.signal);
    if (!this.#ours().some((app) => app.id === id)) await this.#takeIn(website);
    if (!this.#ours().some((app) => app.id === id)) {
      throw new HydraError(
        'HYDRA_INVALID_OPTION',
        `Expected the id of an app whose name begins with ${JSON.stringify(this.#ft.appPrefix)}, got ${describeValue(id)}.`,
        { name: 'id', appId: id },
      );
    }
    await this.#discard(website, id);
  }

  /** Reads the apps anew from the website: takes over new secrets and limits, drops those gone. */
  async update(options: WebOptions = {}): Promise<void> {
    const website = this.#website(options.signal);
    await this.#takeIn(website);
    const fresh = new Map(
      (await website.readAll(this.#ours().map((app) => app.id))).map((app) => [app.id, app]),
    );
    for (const app of this.#ours()) {
      const found = fresh.get(app.id);
      if (found === undefined) this.removeApp(app.id);
      else this.replaceApp(toApp(found));
    }
    await this.saveApps();
  }

  /** Gets a new token for each app. */
  async refreshTokens(): Promise<void> {
    await this.renewTokens();
    await this.saveApps();
  }

  /** How many requests all our apps may still make this hour, and at most, as the website says. */
  async getRequestsLeftThisHour(options: WebOptions = {}): Promise<{ left: number; max: number }> {
    const usages = (await this.#readOurs(options)).map((app) => app.page.usage);
    const max = usages.reduce((sum, usage) => sum + (usage?.maxPerHour ?? 0), 0);
    const used = usages.reduce((sum, usage) => sum + (usage?.requestsLastHour ?? 0), 0);
    return { left: max - used, max };
  }

  /** How many requests all our apps have ever made, as the website says. */
  async getTotalNumberOfRequests(options: WebOptions = {}): Promise<number> {
    const usages = (await this.#readOurs(options)).map((app) => app.page.usage);
    return usages.reduce((sum, usage) => sum + (usage?.totalRequests ?? 0), 0);
  }

  /** Prints how much of each app is used, to stdout. */
  async printApiUsage(options: WebOptions = {}): Promise<void> {
    for (const line of usageTable(await this.#readOurs(options))) process.stdout.write(`${line}\n`);
  }

  protected override get noAppsHint(): string {
    return 'Call `await hydra.setNumberOfApps(n)` first.';
  }

  #ours(): App[] {
    return this.apps.filter((app) => this.#isOurs(app.name));
  }

  #isOurs(name: string | undefined): boolean {
    return name?.startsWith(this.#ft.appPrefix) === true;
  }

  #numberOf(app: App): number {
    return appNumber(app.name ?? '', this.#ft.appPrefix);
  }

  async #readOurs(options: WebOptions): Promise<WebApp[]> {
    return this.#website(options.signal).readAll(this.#ours().map((app) => app.id));
  }

  /** Puts to use the apps of ours that the website has, and drops those that it has no more. */
  async #takeIn(website: AppWebsite): Promise<void> {
    const ids = new Set(await website.listIds());
    for (const app of this.#ours()) {
      if (ids.has(app.id)) continue;
      this.logger.warn(`App ${app.id} is gone from the website: it is dropped`);
      this.removeApp(app.id);
    }
    const held = new Set(this.apps.map((app) => app.id));
    const unknown = [...ids].filter((id) => !held.has(id) && !this.#foreignIds.has(id));
    for (const app of await website.readAll(unknown)) {
      if (this.#isOurs(app.page.name)) this.addApp(toApp(app));
      else this.#foreignIds.add(app.id);
    }
    await this.saveApps();
  }

  async #make(website: AppWebsite, name: string): Promise<string> {
    const app = await website.create(name);
    this.addApp(toApp(app));
    await this.saveApps();
    this.logger.info(`Made app ${app.id} (${name})`);
    return app.id;
  }

  async #discard(website: AppWebsite, id: string): Promise<void> {
    await website.delete(id);
    this.removeApp(id);
    await this.saveApps();
    this.logger.info(`Deleted app ${id}`);
  }

  /** An app's secret was rejected: it may have been rotated, or the app be gone. */
  async #recover(app: App): Promise<App | undefined> {
    const found = await this.#website().read(app.id);
    if (found === undefined) return undefined;
    const fresh = toApp(found);
    if (fresh.credentials['clientSecret'] !== app.credentials['clientSecret']) return fresh;
    const { nextSecret, uid } = found.page;
    if (nextSecret === undefined) return undefined;
    return { ...fresh, credentials: { clientId: uid, clientSecret: nextSecret } };
  }

  async #signIn(browser: Browser): Promise<void> {
    const { intraLogin, intraPassword, intraOtp, profileBase } = this.#ft;
    if (intraLogin === undefined || intraPassword === undefined) {
      const name = intraLogin === undefined ? 'intraLogin' : 'intraPassword';
      throw new HydraError(
        'HYDRA_INVALID_OPTION',
        `Expected \`${name}\` to be given: it has to sign in on the website.`,
        {
          name,
        },
      );
    }
    this.logger.info(`Signing in at ${profileBase}`);
    const credentials = { profileBase, login: intraLogin, password: intraPassword, otp: intraOtp };
    await signIn(browser, credentials, () => this.runtime.clock.wallNow());
  }

  #website(signal?: AbortSignal): AppWebsite {
    const giveUp =
      signal === undefined ? this.finishing : AbortSignal.any([signal, this.finishing]);
    const persistently: Persistently = (what, task) =>
      persist(task, {
        clock: this.runtime.clock,
        everyMs: RETRY_EVERY_MS,
        signal: giveUp,
        isPermanent,
        onFailure: (error) =>
          this.logger.warn(
            `Could not ${what}, trying again in 2 s (${error instanceof Error ? error.message : String(error)})`,
          ),
      });
    return new AppWebsite(this.#session, persistently);
  }
}

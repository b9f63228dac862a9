import { ApiHydra, describeValue, HydraError, persist, type App, type Runtime } from '../index.js';
import { AppWebsite } from './app-website.js';
import { defineFtApi, toApp } from './ft-api.js';
import { checkNumberOfApps, resolveFtOptions } from './ft-options.js';
import type { FtApiHydraOptions, ResolvedFtOptions } from './ft-options.js';
import { OurApps } from './our-apps.js';
import { readAppName, readAppPage } from './pages/app-page.js';
import { readAppUsage, type AppUsage } from './pages/app-usage.js';
import { TakingTurns } from './taking-turns.js';
import { usageColumns, usageTable, type ApiUsage } from './usage-table.js';
import { Browser } from './web/browser.js';
import { credential } from './web/credential.js';
import { isPermanent, Session } from './web/session.js';
import { signIn } from './web/sign-in.js';
import { untilAborted } from './web/until-aborted.js';
import { WebGate } from './web/web-gate.js';

/** Time between two tries at what is no API request, milliseconds. */
const RETRY_EVERY_MS = 2000;

/** For what goes on the website. */
export interface WebOptions {
  /**
   * Once aborted, nothing more is asked of the website for this call, which rejects with
   * `HYDRA_ABORTED`, or with the failure that it was about to try again. What was done stays done.
   */
  readonly signal?: AbortSignal;
}

/**
 * A hydra for the API of the 42 Intra: makes its apps on the website and keeps their secrets.
 *
 * What goes on the website is tried again every 2 seconds when network or server fail, until
 * `finish()` or the given signal, and fails at once when that cannot help: `HYDRA_WRONG_PASSWORD`,
 * `HYDRA_OTP_REQUIRED`, `HYDRA_OTP_REJECTED`, `HYDRA_PAGE_NOT_UNDERSTOOD`, `HYDRA_APP_NOT_MADE`,
 * `HYDRA_FOREIGN_ORIGIN`; after `finish()` with `HYDRA_FINISHED`.
 */
export class FtApiHydra extends ApiHydra {
  readonly #ft: ResolvedFtOptions;
  readonly #session: Session;
  readonly #ours: OurApps;
  /** Who counts and names apps side by side makes too many. */
  readonly #turns = new TakingTurns();

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
    this.#ours = new OurApps({
      inUse: {
        list: () => this.apps,
        add: (app) => this.addApp(app),
        replace: (app) => this.replaceApp(app),
        remove: (appId) => this.removeApp(appId),
        save: () => this.saveApps(),
      },
      logger: this.logger,
      prefix: ft.appPrefix,
    });
    const gate = new WebGate({
      clock: this.runtime.clock,
      finishing: this.finishing,
      onHold: (holdMs) =>
        this.logger.warn(`The website refuses requests (429): waiting ${holdMs / 1000} s`),
    });
    this.#session = new Session({
      base: ft.profileBase,
      newBrowser: () => new Browser(this.authContext, gate),
      signIn: (browser) => this.#signIn(browser),
    });
  }

  /**
   * Sees to it that the account has exactly `howMany` apps of ours, making or deleting as needed, and
   * puts them to use. Touches no app whose name has not the prefix. Signs in only if it must.
   *
   * @param howMany - a whole number from 0 to 200.
   * @throws HydraError `HYDRA_INVALID_OPTION` at once for any other.
   */
  async setNumberOfApps(howMany: number, options: WebOptions = {}): Promise<void> {
    checkNumberOfApps(howMany);
    await this.#inTurn(options, async (website) => {
      if (this.#ours.list().length === howMany) return;
      await this.#ours.takeIn(website);
      await this.#ours.makeUpTo(howMany, website);
      await this.#ours.deleteDownTo(howMany, website);
      this.logger.info(`${this.#ours.list().length} apps are ready`);
    });
  }

  /** How many apps of ours are in use. */
  getNumberOfApps(): number {
    return this.#ours.list().length;
  }

  /**
   * Makes one more app and puts it to use.
   *
   * @returns its id.
   */
  createApp(options: WebOptions = {}): Promise<string> {
    return this.#inTurn(options, async (website) => {
      await this.#ours.takeIn(website);
      const ids = await this.#ours.makeUpTo(this.#ours.list().length + 1, website);
      return ids.join();
    });
  }

  /**
   * Deletes an app of ours.
   *
   * @throws HydraError `HYDRA_INVALID_OPTION` when the id is none of ours.
   */
  deleteApp(id: string, options: WebOptions = {}): Promise<void> {
    return this.#inTurn(options, async (website) => {
      if (!this.#ours.has(id)) await this.#ours.takeIn(website);
      if (this.#ours.has(id) && (await this.#ours.delete(id, website))) return;
      throw new HydraError(
        'HYDRA_INVALID_OPTION',
        `Expected the id of an app whose name begins with ${JSON.stringify(this.#ft.appPrefix)}, got ${describeValue(id)}.`,
        { name: 'id', appId: id },
      );
    });
  }

  /** Reads the apps anew from the website: takes over new secrets and limits, drops those gone. */
  update(options: WebOptions = {}): Promise<void> {
    return this.#inTurn(options, (website) => this.#ours.update(website));
  }

  /** Gets a new token for each app. */
  async refreshTokens(options: WebOptions = {}): Promise<void> {
    this.#checkNotFinished();
    await untilAborted(this.renewTokens(), options.signal);
    await this.saveApps();
  }

  /** How many requests all our apps may still make this hour, and at most, as the website says. */
  async getRequestsLeftThisHour(options: WebOptions = {}): Promise<{ left: number; max: number }> {
    const usages = await this.#usage(options, ['requestsLastHour', 'maxPerHour']);
    const max = usages.reduce((sum, usage) => sum + usage.maxPerHour, 0);
    const used = usages.reduce((sum, usage) => sum + usage.requestsLastHour, 0);
    return { left: max - used, max };
  }

  /** How many requests all our apps have ever made, as the website says. */
  async getTotalNumberOfRequests(options: WebOptions = {}): Promise<number> {
    const usages = await this.#usage(options, ['totalRequests']);
    return usages.reduce((sum, usage) => sum + usage.totalRequests, 0);
  }

  /** How much of each of our apps is used, as the website says. */
  getApiUsage(options: WebOptions = {}): Promise<ApiUsage[]> {
    return this.#usage(options, usageColumns);
  }

  /** Prints how much of each app is used, to stdout. */
  async printApiUsage(options: WebOptions = {}): Promise<void> {
    const lines = usageTable(await this.getApiUsage(options));
    for (const line of lines) process.stdout.write(`${line}\n`);
  }

  protected override get noAppsHint(): string {
    return 'Call `await hydra.setNumberOfApps(n)` first.';
  }

  async #usage<K extends keyof AppUsage>(
    options: WebOptions,
    fields: readonly K[],
  ): Promise<({ id: string; name: string } & Pick<AppUsage, K>)[]> {
    this.#checkNotFinished();
    const ids = this.#ours.list().map((app) => app.id);
    return await this.#website(options.signal).readAll(ids, (page, id) => ({
      id,
      name: readAppName(page),
      ...readAppUsage(page, fields),
    }));
  }

  /** An app's secret was rejected: it may have been rotated, or the app be gone. */
  async #recover(app: App): Promise<App | undefined> {
    // Nobody waits for this: a password that was rejected is not tried again for each app.
    if (this.#session.rejection !== undefined) throw this.#session.rejection;
    const page = await this.#website(undefined).read(app.id, readAppPage);
    if (page === undefined) return undefined;
    const fresh = toApp(app.id, page);
    if (fresh.credentials['clientSecret'] !== app.credentials['clientSecret']) return fresh;
    const { nextSecret, uid } = page;
    if (nextSecret === undefined) return undefined;
    return { ...fresh, credentials: { clientId: uid, clientSecret: nextSecret } };
  }

  async #signIn(browser: Browser): Promise<void> {
    const { intraLogin, intraPassword, intraOtp, profileBase } = this.#ft;
    const login = await credential('intraLogin', intraLogin);
    const password = await credential('intraPassword', intraPassword);
    this.logger.info(`Signing in at ${profileBase}`);
    const credentials = { profileBase, login, password, otp: intraOtp };
    await signIn(browser, credentials, () => this.runtime.clock.wallNow());
  }

  async #inTurn<T>(options: WebOptions, task: (website: AppWebsite) => Promise<T>): Promise<T> {
    this.#checkNotFinished();
    const { signal } = options;
    return await this.#turns.take(() => task(this.#website(signal)), signal);
  }

  #checkNotFinished(): void {
    if (!this.finishing.aborted) return;
    throw new HydraError('HYDRA_FINISHED', 'The website was asked for after finish().');
  }

  #website(signal: AbortSignal | undefined): AppWebsite {
    const { finishing } = this;
    return new AppWebsite({
      session: this.#session,
      signal,
      persistently: (what, task) =>
        persist(task, {
          clock: this.runtime.clock,
          everyMs: RETRY_EVERY_MS,
          signal: signal === undefined ? finishing : AbortSignal.any([signal, finishing]),
          isPermanent,
          onFailure: (error) =>
            this.logger.warn(
              `Could not ${what}, trying again in 2 s (${(error as Error).message})`,
            ),
        }),
    });
  }
}

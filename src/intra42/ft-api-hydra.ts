import { ApiHydra, describeValue, HydraError, type App, type Runtime } from '../index.js';
import type { AppWebsite } from './app-website.js';
import { defineFtApi, toApp } from './ft-api.js';
import { checkNumberOfApps, resolveFtOptions } from './ft-options.js';
import type { FtApiHydraOptions, ResolvedFtOptions } from './ft-options.js';
import { OurApps } from './our-apps.js';
import type { AppUsage } from './pages/app-usage.js';
import { TakingTurns } from './taking-turns.js';
import { usageColumns, usageTable, type ApiUsage } from './usage-table.js';
import { untilAborted } from './web/until-aborted.js';
import type { Website } from './website.js';

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
  readonly #ours: OurApps;
  /** Who counts and names apps side by side makes too many. */
  readonly #turns = new TakingTurns();
  #website: Promise<Website> | undefined;

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
    await this.#inTurn(options, async (visit) => {
      if (this.#ours.list().length === howMany) return;
      const website = await visit();
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
    return this.#inTurn(options, async (visit) => {
      const website = await visit();
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
    return this.#inTurn(options, async (visit) => {
      const website = await visit();
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
    return this.#inTurn(options, async (visit) => this.#ours.update(await visit()));
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
    if (ids.length === 0) return [];
    const applications = (await this.#openWebsite()).applications(options.signal);
    return await applications.readAll(ids, (shown) => ({
      id: shown.id,
      name: shown.name(),
      ...shown.usage(fields),
    }));
  }

  /** An app's secret was rejected: it may have been rotated, or the app be gone. */
  async #recover(app: App): Promise<App | undefined> {
    const website = await this.#openWebsite();
    // Nobody waits for this: a password that was rejected is not tried again for each app.
    if (website.rejection !== undefined) throw website.rejection;
    const page = await website.applications(undefined).read(app.id, (shown) => shown.details());
    if (page === undefined) return undefined;
    const fresh = toApp(app.id, page);
    if (fresh.credentials['clientSecret'] !== app.credentials['clientSecret']) return fresh;
    const { nextSecret, uid } = page;
    if (nextSecret === undefined) return undefined;
    return { ...fresh, credentials: { clientId: uid, clientSecret: nextSecret } };
  }

  /** @param task - is given a way to the applications on the website, to be gone only if it must. */
  async #inTurn<T>(
    { signal }: WebOptions,
    task: (visit: () => Promise<AppWebsite>) => Promise<T>,
  ): Promise<T> {
    this.#checkNotFinished();
    const visit = async (): Promise<AppWebsite> => (await this.#openWebsite()).applications(signal);
    return await this.#turns.take(() => task(visit), signal);
  }

  #checkNotFinished(): void {
    if (!this.finishing.aborted) return;
    throw new HydraError('HYDRA_FINISHED', 'The website was asked for after finish().');
  }

  #openWebsite(): Promise<Website> {
    return (this.#website ??= this.#loadWebsite());
  }

  async #loadWebsite(): Promise<Website> {
    const { Website } = await import('./website.js');
    return new Website({
      options: this.#ft,
      context: this.authContext,
      clock: this.runtime.clock,
      logger: this.logger,
      finishing: this.finishing,
    });
  }
}

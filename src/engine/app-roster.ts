/** The apps of a hydra: takes them in and lets them go, and keeps them in the apps file. */
import type { Api } from '../api.js';
import type { App, Token } from '../app.js';
import type { AppsFileContent, AppsKeeping, AppState } from './apps-file.js';
import { assumeUsed, type UnsavedTime } from './assumed-use.js';
import type { TokenKeeper } from '../auth/token-keeper.js';
import { clockTimes } from './clock-times.js';
import type { Clock, Timer } from '../clock.js';
import { HydraError } from '../errors.js';
import { effectiveLimits } from '../limits/effective-limits.js';
import { restoreCosts, usedCosts } from './kept-costs.js';
import { restoreScopes, usedScopes } from './kept-scopes.js';
import { requestLimits } from '../limits/cost-limits.js';
import { keyOfLimits, type Limit } from '../limits/limit.js';
import type { AppCosts } from '../scheduling/app-costs.js';
import { RateDiscovery, type FoundRate } from '../limits/rate-discovery.js';
import { SlidingWindows } from '../limits/sliding-windows.js';
import type { Logger } from '../logger.js';
import type { ResolvedOptions } from '../options.js';
import type { AppPool } from '../scheduling/app-pool.js';
import { AppSlot } from '../scheduling/app-slot.js';
import type { ScopeSlot } from '../scheduling/scope-slot.js';

/** While requests are sent, the file is written so often, milliseconds. */
const SAVE_EVERY_MS = 4000;
/** For so long after it was written, it says that more may have been sent than it knows of, milliseconds. */
const COVERED_MS = 5000;

/** Times of an earlier process are less sure: its clock was another, and so was the way. */
const RESTORED_MARGIN_MS = 30;

/** What the roster ties together. */
export interface AppRosterParts {
  readonly api: Api;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pool: AppPool;
  readonly tokens: TokenKeeper;
  readonly file: AppsKeeping | undefined;
  /** New windows of an app that count something else than requests, where the API has such limits. */
  readonly newCosts: () => AppCosts | undefined;
  /** What an app has for each scope that has limits. */
  readonly scopesOf: (slot: AppSlot) => readonly ScopeSlot[];
  /** Called after an app came, went or changed. */
  readonly onChange: () => void;
  /** True while requests are asked for or under way. */
  readonly isBusy: () => boolean;
}

/** All apps of a hydra. */
export class AppRoster {
  readonly #parts: AppRosterParts;
  /** Apps in the file that this hydra does not use: kept as they are. */
  #others: AppState[] = [];
  /** One list for all apps of the same limits: with many apps, there is less to look at. */
  readonly #sameLimits = new Map<string, readonly Limit[]>();
  #saveTimer: Timer | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Until when a crash would find the file saying that it does not know all. */
  #coveredUntilMs = -Infinity;
  #isClosed = false;

  constructor(parts: AppRosterParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#parts.pool.size;
  }

  /** The apps, in the order in which they came. */
  list(): App[] {
    return [...this.#parts.pool.all()].map((slot) => slot.app);
  }

  /**
   * Takes in the apps given in code, or else those of the file, with what the file knows of them.
   *
   * @throws HydraError `HYDRA_APPS_FILE`, or `HYDRA_INVALID_OPTION` for two apps of the same id, and for
   * one that cannot sign.
   */
  load(): void {
    const { file, options, api, clock, logger } = this.#parts;
    if (file === undefined && api.auth.rotatesTokens) {
      logger.warn(
        'Refresh tokens that replace the given ones are lost when this process ends: they are kept with the option `appsFile` only',
      );
    }
    file?.checkWritable();
    const content = file?.load();
    if (content !== undefined && content.baseUrl !== api.baseUrl) {
      throw new HydraError(
        'HYDRA_APPS_FILE',
        `The apps file ${file?.path} belongs to ${content.baseUrl}, expected ${api.baseUrl}: their secrets must not reach another API. Name another file with the option \`appsFile\`.`,
        { file: file?.path ?? '' },
      );
    }
    const known = new Map(content?.apps.map((state) => [state.app.id, state]));
    const apps = options.apps ?? [...known.values()].map((state) => state.app);
    for (const app of apps) {
      const state = known.get(app.id);
      const sentAt = clockTimes(clock, state?.sentAtMs ?? []);
      const slot = this.#add(app, state?.token, sentAt, state?.foundRate);
      const scoped = this.#parts.scopesOf(slot);
      restoreScopes(scoped, state?.scopes, clock, RESTORED_MARGIN_MS);
      restoreCosts(slot.costs, state?.costs, clock, RESTORED_MARGIN_MS);
      if (content !== undefined) assumeUsed(slot, scoped, this.#unsavedTime(content));
    }
    this.#others = [...known.values()].filter(
      ({ app }) => this.#parts.pool.get(app.id) === undefined,
    );
    this.#parts.onChange();
  }

  /**
   * Takes an app in.
   *
   * @throws HydraError `HYDRA_INVALID_OPTION` when there is one of this id.
   */
  put(app: App): void {
    this.#others = this.#others.filter((state) => state.app.id !== app.id);
    this.#add(app);
    this.#changed();
  }

  /** Lets an app go; what it has under way still comes home. */
  remove(appId: string): void {
    const slot = this.#parts.pool.get(appId);
    if (slot === undefined) return;
    this.#parts.pool.remove(slot);
    this.#parts.tokens.remove(appId);
    this.#changed();
  }

  /** Gives an app new credentials or limits; what it has used, and what answers told of it, is kept. */
  replace(app: App): void {
    const { clock, pool, tokens } = this.#parts;
    const slot = pool.get(app.id);
    if (slot === undefined) {
      this.put(app);
      return;
    }
    this.#parts.api.auth.checkApp?.(app);
    tokens.replace(app);
    slot.app = app;
    const limits = this.#limitsOf(app);
    if (limits.length > 0) {
      slot.knownLimits = limits;
      slot.discovery = undefined;
    }
    pool.setLimits(slot, slot.effectiveLimits, clock.now());
    this.#changed();
  }

  /** Notes that a request is sent at `nowMs`: the file must say so, or say that it does not know all. */
  noteSent(nowMs: number): void {
    if (this.#parts.file === undefined) return;
    if (nowMs >= this.#coveredUntilMs) void this.save();
    this.saveSoon();
  }

  /** Has the file written before long. */
  saveSoon(): void {
    if (this.#parts.file === undefined || this.#saveTimer !== undefined || this.#isClosed) return;
    this.#saveTimer = this.#parts.clock.setTimer(() => void this.save(), SAVE_EVERY_MS);
  }

  /** Writes the file now. A failure is logged; it does not stop anything. */
  save(): Promise<void> {
    const { clock, file, isBusy, logger } = this.#parts;
    if (file === undefined) return Promise.resolve();
    this.#saveTimer?.cancel();
    this.#saveTimer = undefined;
    this.#coveredUntilMs = isBusy() ? clock.now() + COVERED_MS : -Infinity;
    this.#saving = this.#saving.then(async () => {
      try {
        await file.save(this.#content());
      } catch (error) {
        logger.error(
          `${(error as Error).message} Apps and used-up windows are not kept until that works again.`,
        );
      }
    });
    return this.#saving;
  }

  /** Writes the file for the last time. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.save();
  }

  #content(): AppsFileContent {
    const { api, clock, pool, tokens, isBusy } = this.#parts;
    const now = clock.now();
    const wallOffset = clock.wallNow() - now;
    const used = [...pool.all()].map((slot) => ({
      app: slot.app,
      token: tokens.token(slot.app.id),
      sentAtMs: slot.windows.recent(now).map((time) => time + wallOffset),
      scopes: usedScopes(this.#parts.scopesOf(slot), clock),
      foundRate: slot.discovery?.found,
      costs: usedCosts(slot.costs, clock),
    }));
    return {
      baseUrl: api.baseUrl,
      savedAtMs: clock.wallNow(),
      unsavedMs: isBusy() ? COVERED_MS : 0,
      apps: [...used, ...this.#others],
    };
  }

  #add(app: App, token?: Token, sentAt: readonly number[] = [], found?: FoundRate): AppSlot {
    const { pool, tokens } = this.#parts;
    if (pool.get(app.id) !== undefined) {
      throw new HydraError(
        'HYDRA_INVALID_OPTION',
        `Expected apps of different ids, got two of id ${app.id}.`,
        { name: 'apps', appId: app.id },
      );
    }
    this.#parts.api.auth.checkApp?.(app);
    const slot = this.#newSlot(app, found);
    slot.costs = this.#parts.newCosts();
    for (const time of sentAt) slot.windows.record(time + RESTORED_MARGIN_MS);
    slot.canSign = tokens.add(app, token);
    pool.add(slot);
    return slot;
  }

  #unsavedTime({ savedAtMs, unsavedMs }: AppsFileContent): UnsavedTime {
    const { clock, options } = this.#parts;
    const [untilMs = 0] = clockTimes(clock, [savedAtMs + unsavedMs]);
    const { minRequestDelayMs } = options;
    return { untilMs, lengthMs: unsavedMs, minRequestDelayMs };
  }

  #newSlot(app: App, found: FoundRate | undefined): AppSlot {
    const limits = this.#limitsOf(app);
    if (limits.length > 0) return new AppSlot(app, new SlidingWindows(limits));
    const discovery = new RateDiscovery({}, found);
    return new AppSlot(app, new SlidingWindows([discovery.limit]), discovery);
  }

  /** The limits that an app is given; none where nobody knows them. */
  #limitsOf(app: App): readonly Limit[] {
    const { api, options } = this.#parts;
    const given = options.limits ?? app.limits ?? requestLimits(api.limits);
    const limits = effectiveLimits(given, options.requestsPerSecond);
    const key = keyOfLimits(limits);
    const same = this.#sameLimits.get(key) ?? limits;
    this.#sameLimits.set(key, same);
    return same;
  }

  #changed(): void {
    this.saveSoon();
    this.#parts.onChange();
  }
}

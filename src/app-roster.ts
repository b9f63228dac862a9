/** The apps of a hydra: takes them in and lets them go, and keeps them in the apps file. */
import type { Api } from './api.js';
import type { App, Token } from './app.js';
import type { AppsFile, AppState } from './apps-file.js';
import type { TokenKeeper } from './auth/token-keeper.js';
import type { Clock, Timer } from './clock.js';
import { HydraError } from './errors.js';
import { effectiveLimits } from './limits/effective-limits.js';
import { SlidingWindows } from './limits/sliding-windows.js';
import type { Logger } from './logger.js';
import type { ResolvedOptions } from './options.js';
import type { AppPool } from './scheduling/app-pool.js';
import { AppSlot } from './scheduling/app-slot.js';

/** The file is written at most so long after a request, milliseconds. */
const SAVE_AFTER_MS = 5000;

/** What the roster ties together. */
export interface AppRosterParts {
  readonly api: Api;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pool: AppPool;
  readonly tokens: TokenKeeper;
  readonly file: AppsFile | undefined;
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
  #saveTimer: Timer | undefined;
  #saving: Promise<void> = Promise.resolve();

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
   * @throws HydraError `HYDRA_APPS_FILE`, or `HYDRA_INVALID_OPTION` for two apps of the same id.
   */
  load(): void {
    const { file, options, api, clock } = this.#parts;
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
      known.delete(app.id);
      const assumed = content === undefined ? 0 : content.savedAtMs + content.unsavedMs;
      this.put(app, state?.token, clockTimes(clock, state?.sentAtMs ?? []));
      if (content !== undefined && content.unsavedMs > 0)
        this.#assumeUsed(app.id, assumed, content.unsavedMs);
    }
    this.#others = [...known.values()];
  }

  /**
   * Takes an app in.
   *
   * @param sentAt - when it sent lately, in the clock's milliseconds, oldest first.
   * @throws HydraError `HYDRA_INVALID_OPTION` when there is one of this id.
   */
  put(app: App, token?: Token, sentAt: readonly number[] = []): void {
    const { pool, tokens } = this.#parts;
    if (pool.get(app.id) !== undefined) {
      throw new HydraError(
        'HYDRA_INVALID_OPTION',
        `Expected apps of different ids, got two of id ${app.id}.`,
        {
          name: 'apps',
          appId: app.id,
        },
      );
    }
    this.#others = this.#others.filter((state) => state.app.id !== app.id);
    const slot = new AppSlot(app, this.#windowsOf(app));
    for (const time of sentAt) slot.windows.record(time);
    slot.canSign = tokens.add(app, token);
    pool.add(slot);
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

  /** Gives an app new credentials or limits; what it has used is kept. */
  replace(app: App): void {
    const slot = this.#parts.pool.get(app.id);
    if (slot === undefined) {
      this.put(app);
      return;
    }
    const sentAt = slot.windows.recent(this.#parts.clock.now());
    this.#parts.tokens.replace(app);
    slot.app = app;
    slot.windows = this.#windowsOf(app);
    for (const time of sentAt) slot.windows.record(time);
    this.#changed();
  }

  /** Notes that something was used up, so that the file is written soon. */
  touch(): void {
    if (this.#parts.file === undefined || this.#saveTimer !== undefined) return;
    this.#saveTimer = this.#parts.clock.setTimer(() => {
      this.#saveTimer = undefined;
      void this.save();
    }, SAVE_AFTER_MS);
  }

  /** Writes the file now. A failure is logged; it does not stop anything. */
  save(): Promise<void> {
    const { file, logger } = this.#parts;
    if (file === undefined) return Promise.resolve();
    this.#saveTimer?.cancel();
    this.#saveTimer = undefined;
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

  #content(): Parameters<AppsFile['save']>[0] {
    const { api, clock, pool, tokens, isBusy } = this.#parts;
    const now = clock.now();
    const wallOffset = clock.wallNow() - now;
    const used = [...pool.all()].map((slot) => ({
      app: slot.app,
      token: tokens.token(slot.app.id),
      sentAtMs: slot.windows.recent(now).map((time) => time + wallOffset),
    }));
    return {
      baseUrl: api.baseUrl,
      savedAtMs: clock.wallNow(),
      unsavedMs: isBusy() ? SAVE_AFTER_MS : 0,
      apps: [...used, ...this.#others],
    };
  }

  /** After a crash: what may have been sent after the last save counts as sent. */
  #assumeUsed(appId: string, untilWallMs: number, unsavedMs: number): void {
    const { clock, pool } = this.#parts;
    const slot = pool.get(appId);
    if (slot === undefined) return;
    const [until = 0] = clockTimes(clock, [untilWallMs]);
    const atMost = Math.ceil((slot.windows.shortestRate * unsavedMs) / 1000);
    for (let i = 0; i < atMost; i++) slot.windows.record(until);
  }

  #windowsOf(app: App): SlidingWindows {
    const { api, options } = this.#parts;
    const limits = options.limits ?? app.limits ?? api.limits;
    return new SlidingWindows(effectiveLimits(limits, options.requestsPerSecond));
  }

  #changed(): void {
    this.touch();
    this.#parts.onChange();
  }
}

/** Times since the epoch on the clock's scale; none in the future, should the system's time have gone back. */
function clockTimes(clock: Clock, wallTimes: readonly number[]): number[] {
  const now = clock.now();
  const offset = now - clock.wallNow();
  return wallTimes.map((time) => Math.min(time + offset, now));
}

/** One apps file for several hydras at once, of which each has one of its apps. */
import {
  AppsFile,
  type AppsFileContent,
  type AppsKeeping,
  type AppState,
} from '../../engine/apps-file.js';

/** Reads the file once, and writes whatever any of them says into all of it. */
export class SharedAppsFile {
  readonly #file: AppsFile;
  readonly #wallNow: () => number;
  readonly #found: AppsFileContent | undefined;
  readonly #states: Map<string, AppState>;
  /** The API that it belongs to, once it is there. */
  #baseUrl: string | undefined;
  /** Until when an app may send what the file does not know of, milliseconds since the epoch. */
  readonly #coveredUntilMs = new Map<string, number>();
  #saving: Promise<void> = Promise.resolve();

  /**
   * @param wallNow - milliseconds since the epoch.
   * @throws HydraError `HYDRA_APPS_FILE` when the file cannot be read, written or understood.
   */
  constructor(path: string, wallNow: () => number) {
    this.#file = new AppsFile(path);
    this.#wallNow = wallNow;
    this.#file.checkWritable();
    this.#found = this.#file.load();
    this.#baseUrl = this.#found?.baseUrl;
    this.#states = new Map(this.#found?.apps.map((state) => [state.app.id, state]));
  }

  /** Its apps in their order. */
  get states(): readonly AppState[] {
    return [...this.#states.values()];
  }

  /** The file as the hydra that has only this app sees it. */
  of(appId: string): AppsKeeping {
    return {
      path: this.#file.path,
      load: () => this.#load(appId),
      checkWritable: () => {},
      save: (content) => this.#save(appId, content),
    };
  }

  /** What hydras have saved meanwhile is there, too: the file may be that of several APIs. */
  #load(appId: string): AppsFileContent | undefined {
    if (this.#baseUrl === undefined) return undefined;
    const apps = this.states.filter(({ app }) => app.id === appId);
    const { savedAtMs, unsavedMs } = this.#found ?? { savedAtMs: this.#wallNow(), unsavedMs: 0 };
    return { baseUrl: this.#baseUrl, apps, savedAtMs, unsavedMs };
  }

  /** An app that its hydra has let go stays as it was: this is not the place where apps are dropped. */
  #save(appId: string, { apps, baseUrl, savedAtMs, unsavedMs }: AppsFileContent): Promise<void> {
    const state = apps.find(({ app }) => app.id === appId);
    this.#baseUrl = baseUrl;
    if (state !== undefined) this.#states.set(appId, state);
    this.#coveredUntilMs.set(appId, savedAtMs + unsavedMs);
    const saved = this.#saving.then(() => {
      const nowMs = this.#wallNow();
      return this.#file.save({
        baseUrl,
        apps: this.states,
        savedAtMs: nowMs,
        unsavedMs: Math.max(nowMs, ...this.#coveredUntilMs.values()) - nowMs,
      });
    });
    // One that failed is told to its hydra; the next is written all the same.
    this.#saving = saved.catch(() => {});
    return saved;
  }
}

/** Which apps are ours: takes them in from the website, makes and deletes them. */
import type { App, Logger } from '../index.js';
import { appNumber, unusedNames } from './app-names.js';
import type { AppWebsite } from './app-website.js';
import { toApp } from './ft-api.js';

/** The apps that a hydra uses, ours or not. */
interface AppsInUse {
  list(): readonly App[];
  add(app: App): void;
  replace(app: App): void;
  remove(appId: string): void;
  save(): Promise<void>;
}

/** What it needs. */
export interface OurAppsParts {
  readonly inUse: AppsInUse;
  readonly logger: Logger;
  /** Apps whose name begins so are ours. */
  readonly prefix: string;
}

/** The apps in use whose name has our prefix. All others are left alone. */
export class OurApps {
  readonly #parts: OurAppsParts;
  /** Ids of apps that are not ours, so that their pages are read once. */
  readonly #foreignIds = new Set<string>();

  constructor(parts: OurAppsParts) {
    this.#parts = parts;
  }

  list(): App[] {
    return this.#parts.inUse
      .list()
      .filter((app) => app.name !== undefined && this.#isOurs(app.name));
  }

  has(id: string): boolean {
    return this.list().some((app) => app.id === id);
  }

  /** Puts to use the apps of ours that the website has, and drops those that it has no more. */
  async takeIn(website: AppWebsite): Promise<void> {
    const { inUse } = this.#parts;
    const ids = await website.listIds();
    const listed = new Set(ids);
    for (const { id } of this.list()) if (!listed.has(id)) this.#drop(id);
    const known = this.#knownIds();
    const unknown = ids.filter((id) => !known.has(id));
    const found = await website.readAll(unknown, (shown) => ({
      id: shown.id,
      // Of an app that is not ours, nothing but its name is read: the rest may not be shown to us.
      app: this.#isOurs(shown.name()) ? toApp(shown.id, shown.details()) : undefined,
    }));
    for (const { id, app } of found) {
      if (app === undefined) this.#foreignIds.add(id);
      else inUse.add(app);
    }
    await inUse.save();
  }

  /** Makes apps until there are `howMany`, smallest unused numbers first. Returns their ids. */
  async makeUpTo(howMany: number, website: AppWebsite): Promise<string[]> {
    const names = this.list().map((app) => app.name ?? '');
    const ids: string[] = [];
    for (const name of unusedNames(names, this.#parts.prefix, howMany - names.length)) {
      ids.push(await this.#make(name, website));
    }
    return ids;
  }

  /** Deletes apps until there are `howMany`, highest numbers first. */
  async deleteDownTo(howMany: number, website: AppWebsite): Promise<void> {
    const numberOf = (app: App): number => appNumber(app.name ?? '', this.#parts.prefix);
    const apps = this.list().toSorted((a, b) => numberOf(b) - numberOf(a));
    for (const { id } of apps.slice(0, Math.max(0, apps.length - howMany))) {
      await this.delete(id, website);
    }
  }

  /** Deletes an app. Says false, and leaves it, when it has got a name that is none of ours. */
  async delete(id: string, website: AppWebsite): Promise<boolean> {
    const { inUse, logger } = this.#parts;
    const isGone = await website.delete(id, (name) => this.#isOurs(name));
    inUse.remove(id);
    await inUse.save();
    if (isGone) logger.info(`Deleted app ${id}`);
    else logger.warn(`App ${id} has another name now: it is left alone and no longer used`);
    return isGone;
  }

  /** Reads all anew: takes over new secrets, limits and names, drops those gone. */
  async update(website: AppWebsite): Promise<void> {
    const { inUse } = this.#parts;
    const before = this.list().map((app) => app.id);
    await this.takeIn(website);
    const held = before.filter((id) => this.has(id));
    const fresh = await website.readAll(held, (shown) => toApp(shown.id, shown.details()));
    const found = new Set(fresh.map((app) => app.id));
    for (const app of fresh) inUse.replace(app);
    for (const id of held) if (!found.has(id)) this.#drop(id);
    await inUse.save();
  }

  async #make(name: string, website: AppWebsite): Promise<string> {
    const { inUse, logger } = this.#parts;
    const { id, page } = await website.create(name, this.#knownIds());
    inUse.add(toApp(id, page));
    await inUse.save();
    logger.info(`Made app ${id} (${name})`);
    return id;
  }

  #drop(id: string): void {
    this.#parts.logger.warn(`App ${id} is gone from the website: it is dropped`);
    this.#parts.inUse.remove(id);
  }

  #knownIds(): Set<string> {
    return new Set([...this.#parts.inUse.list().map((app) => app.id), ...this.#foreignIds]);
  }

  #isOurs(name: string): boolean {
    return name.startsWith(this.#parts.prefix);
  }
}

/**
 * Answers are kept as the standard of caching has it (RFC 9111), by undici's cache. What it knows nothing
 * of are the apps, so this stands between the two.
 *
 * An answer that is fresh may be handed out whichever app it was given to: the hydra might have chosen
 * that app. Whether one that is stale still holds, only the app may ask that it was given to, where it
 * depends on the credential: servers name versions for each of them (GitHub does). So such a request
 * goes to that app if it is free, and to another without a condition. What is found not modified is
 * kept anew.
 */
import { cacheStores, interceptors, type Dispatcher } from 'undici';
import { NotModifiedHandler, type KeptAnswer } from './not-modified-handler.js';

type Store = NonNullable<NonNullable<Parameters<typeof interceptors.cache>[0]>['store']>;
type Key = Parameters<Store['get']>[0];
type Value = Parameters<Store['createWriteStream']>[1];

/** A request that asks whether an answer still holds. */
export interface Revalidation {
  /** The only app that may ask it; `undefined`: any. */
  readonly appId: string | undefined;
}

/** The key under which a request carries its {@link Revalidation}. */
export const revalidationKey: unique symbol = Symbol('apihydra.revalidation');

/** Which app an answer was given to: kept among its headers, and told to the request that asks again. */
const APP_HEADER = 'x-apihydra-app';

/** The answers that a hydra keeps, in memory: 1024 of up to 5 MB, 100 MB in all. */
export class AppCache {
  readonly #kept = new cacheStores.MemoryCacheStore();
  #answering = '';

  /** Answers requests from what is kept, and gives the others to `take`. */
  interceptor(take: Dispatcher.Dispatch): Dispatcher.Dispatch {
    const store: Store = {
      get: (key) => markApp(this.#get(key)),
      createWriteStream: (key, value) => this.#kept.createWriteStream(key, this.#signed(value)),
      delete: (key) => this.#kept.delete(key),
    };
    const ask: Dispatcher.Dispatch = (options, handler) => this.#ask(take, options, handler);
    return interceptors.cache({ store, type: 'private' })(ask);
  }

  /** Has what `tell` tells kept as an answer to the app. */
  during(appId: string, tell: () => void): void {
    this.#answering = appId;
    try {
      tell();
    } finally {
      this.#answering = '';
    }
  }

  #ask(
    take: Dispatcher.Dispatch,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const { [APP_HEADER]: appId, ...headers } = options.headers as Record<string, string>;
    const plain = { ...options, headers };
    if (appId === undefined) return take(plain, handler);
    const key = {
      origin: String(options.origin),
      method: options.method,
      path: options.path,
      headers,
    };
    const kept = this.#get(key);
    if (kept === undefined) return take(plain, handler);
    const revalidation: Revalidation = { appId: appId === '' ? undefined : appId };
    const asking = Object.assign(plain, { [revalidationKey]: revalidation });
    const { [APP_HEADER]: _app, ...told } = kept.headers;
    return take(asking, new NotModifiedHandler(handler, { ...kept, headers: told }));
  }

  #get(key: Key): KeptAnswer | undefined {
    return this.#kept.get(key) as KeptAnswer | undefined;
  }

  #signed(value: Value): Value {
    return { ...value, headers: { ...value.headers, [APP_HEADER]: this.#answering } };
  }
}

/**
 * True where an answer may be another one for another credential: for a single user, or with a say in it,
 * or not said to be for all (RFC 9111, section 3.5).
 */
export function dependsOnCredential({
  vary = {},
  cacheControlDirectives: { private: isPrivate, public: isPublic, ...others } = {},
}: Pick<Value, 'vary' | 'cacheControlDirectives'>): boolean {
  if (isPrivate !== undefined || 'authorization' in vary) return true;
  return !isPublic && others['s-maxage'] === undefined && !others['must-revalidate'];
}

/** The cache sends what an answer varies by along with the question whether it still holds. */
function markApp(kept: KeptAnswer | undefined): KeptAnswer | undefined {
  if (kept === undefined) return undefined;
  const { [APP_HEADER]: appId, ...headers } = kept.headers;
  const asker = dependsOnCredential(kept) ? (appId ?? '') : '';
  return { ...kept, headers, vary: { ...kept.vary, [APP_HEADER]: asker } };
}

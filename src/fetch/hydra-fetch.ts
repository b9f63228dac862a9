import type { Dispatcher } from 'undici';
import type { Api } from '../api.js';
import { HydraError } from '../errors.js';
import { targetUrl } from '../request/request-target.js';
import { AppCache } from './app-cache.js';
import { wishesKey, type FetchHost, type FetchWishes } from './fetch-host.js';
import { HydraDispatcher } from './hydra-dispatcher.js';

/** Node's own, also where a program has put the hydra's in its place. */
const nodeFetch = globalThis.fetch;

const PRIORITIES: Readonly<Record<string, number>> = { high: 1, low: -1 };

/** The two ways to ask for answers as streams: fetch, and a dispatcher for what is built on undici. */
export class HydraFetch {
  readonly dispatcher: Dispatcher;
  readonly #api: Api;
  readonly #defaultNames: readonly string[];
  readonly #own: HydraDispatcher;
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;

  /** @param isCaching - keeps answers, for both. */
  constructor(parts: Pick<FetchHost, 'api' | 'submit' | 'withdraw'>, isCaching: boolean) {
    const cache = isCaching ? new AppCache() : undefined;
    const host = {
      ...parts,
      waitFor: (task: Promise<unknown>): void => this.#waitFor(task),
      during: (appId: string, tell: () => void): void =>
        cache === undefined ? tell() : cache.during(appId, tell),
    };
    this.#api = parts.api;
    this.#defaultNames = ['user-agent', ...Object.keys(parts.api.headers)];
    // A fetch that has begun may be redirected while the hydra finishes.
    this.#own = new HydraDispatcher({ ...host, enter() {} }, cache);
    const enter = (): void => this.#refuseWhenClosed();
    this.dispatcher = new HydraDispatcher({ ...host, enter }, cache);
  }

  readonly fetch: typeof globalThis.fetch = (input, init) => {
    const answer = this.#fetch(input, init);
    this.#waitFor(answer);
    return answer;
  };

  /** Resolves when each fetch has its answer or its error, and the dispatcher has sent all it was given. */
  async answered(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  /** Takes nothing more. */
  close(): void {
    this.#isClosed = true;
  }

  #waitFor(task: Promise<unknown>): void {
    this.#underWay.add(task);
    const onEnd = (): void => void this.#underWay.delete(task);
    task.then(onEnd, onEnd);
  }

  #refuseWhenClosed(): void {
    if (!this.#isClosed) return;
    throw new HydraError('HYDRA_FINISHED', 'Something was asked for after finish().');
  }

  async #fetch(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
    const resolved = this.#resolve(input);
    const own = givenHeaders(input, init);
    // Fetch has some of its own, which would stand in the way of the API's.
    const notOwn = this.#defaultNames.filter(
      (name) => !own?.has(name) && !(name === 'content-type' && saysItsType(init?.body)),
    );
    const wishes = wishesOf(init, own);
    const dispatcher = {
      dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => {
        const headers = { ...(options.headers as Record<string, string>) };
        for (const name of notOwn) delete headers[name];
        return this.#own.dispatch({ ...options, headers, [wishesKey]: wishes }, handler);
      },
    };
    // Of what is no plain object, such as a Request, a copy would hold nothing.
    return isPlain(init)
      ? nodeFetch(resolved, { ...init, dispatcher } as RequestInit)
      : nodeFetch(new Request(resolved, init), { dispatcher } as RequestInit);
  }

  /** A path is appended to the API's base, as everywhere. */
  #resolve(input: string | URL | Request): string | URL | Request {
    try {
      this.#refuseWhenClosed();
      if (typeof input !== 'string' || !input.startsWith('/')) return input;
      return targetUrl(this.#api, input, undefined);
    } catch (error) {
      throw failed(error as HydraError);
    }
  }
}

/** As the standard has errors of the network; the cause says more. */
function failed(cause: HydraError): TypeError {
  return new TypeError('fetch failed', { cause });
}

/** The headers that the caller gives. */
function givenHeaders(
  input: string | URL | Request,
  init: RequestInit | undefined,
): Headers | undefined {
  if (init?.headers !== undefined) return new Headers(init.headers);
  return input instanceof Request ? input.headers : undefined;
}

function wishesOf(init: RequestInit | undefined, own: Headers | undefined): FetchWishes {
  const { priority = '' } = (init ?? {}) as { priority?: string };
  const body: unknown = init?.body;
  // Nobody but fetch itself says how long a body is, unless it is a stream of which the caller says so.
  const isRepeatable =
    body === undefined || body === null
      ? own?.has('content-length') !== true
      : !(typeof body === 'object' && Symbol.asyncIterator in body);
  return { isRepeatable, priority: PRIORITIES[priority] ?? 0 };
}

/** True for a body that tells its type by itself, with a boundary maybe. Text may be of any. */
function saysItsType(body: unknown): boolean {
  if (body instanceof Blob) return body.type !== '';
  return body instanceof FormData || body instanceof URLSearchParams;
}

function isPlain(init: RequestInit | undefined): boolean {
  if (init === undefined || init === null) return true;
  const prototype: unknown = Object.getPrototypeOf(init);
  return prototype === Object.prototype || prototype === null;
}

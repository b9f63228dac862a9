import type { Dispatcher } from 'undici';
import type { Api } from '../api.js';
import { HydraError } from '../errors.js';
import { targetUrl } from '../request/request-target.js';
import { version } from '../version.js';
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
    const request = new Request(this.#resolve(input), init);
    const wishes = wishesOf(request, init);
    for (const [name, value] of this.#defaultHeaders()) {
      if (!request.headers.has(name)) request.headers.set(name, value);
    }
    const dispatcher = {
      dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) =>
        this.#own.dispatch(Object.assign(options, { [wishesKey]: wishes }), handler),
    };
    return nodeFetch(request, { dispatcher } as RequestInit);
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

  /** Fetch has its own, which would stand in the way of the API's. */
  #defaultHeaders(): [string, string][] {
    return Object.entries({ 'user-agent': `apihydra/${version}`, ...this.#api.headers });
  }
}

/** As the standard has errors of the network; the cause says more. */
function failed(cause: HydraError): TypeError {
  return new TypeError('fetch failed', { cause });
}

function wishesOf(request: Request, init: RequestInit | undefined): FetchWishes {
  const { priority = '' } = (init ?? {}) as { priority?: string };
  const body: unknown = init?.body;
  // Nobody but fetch itself says how long a body is, unless it is a stream of which the caller says so.
  const isRepeatable =
    body === undefined || body === null
      ? !request.headers.has('content-length')
      : !(typeof body === 'object' && Symbol.asyncIterator in body);
  return { isRepeatable, priority: PRIORITIES[priority] ?? 0 };
}

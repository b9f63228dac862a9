import { Dispatcher } from 'undici';
import type { Api } from '../api.js';
import { revalidationKey, type AppCache, type Revalidation } from './app-cache.js';
import { Job } from '../engine/job.js';
import type { RequestMethod, RequestOptions } from '../request/request.js';
import { EarlyHandler, earlyKey } from './early-handler.js';
import { currentHandler } from './older-handler.js';
import { wishesKey, type FetchHost, type FetchWishes } from './fetch-host.js';
import { directBody, isReadFirst, readBody, type RequestBody } from './request-body.js';
import { checkMethod, requestHeaders, requestUrl } from './request-head.js';
import { StreamedRequest } from './streamed-request.js';

/** Methods of which sending twice does no harm: RFC 9110, section 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** Such requests have no number: no outcome of them is kept. */
const NO_ID = -1;

type Options = Dispatcher.DispatchOptions & {
  readonly [wishesKey]?: FetchWishes;
  readonly [revalidationKey]?: Revalidation;
  readonly [earlyKey]?: EarlyHandler;
};

/**
 * An undici dispatcher whose requests are the hydra's: each is sent with one of its apps, within their
 * limits, as often as it takes. It is the hydra's, so closing it only waits: see `ApiHydra.dispatcher`.
 */
export class HydraDispatcher extends Dispatcher {
  readonly #host: FetchHost;
  readonly #requests = new Set<StreamedRequest>();
  readonly #whenNone: (() => void)[] = [];

  readonly #dispatch: Dispatcher.Dispatch;

  /** @param cache - answers what it can. */
  constructor(host: FetchHost, cache: AppCache | undefined) {
    super();
    this.#host = host;
    const take: Dispatcher.Dispatch = (options, handler) => this.#take(options, handler);
    this.#dispatch = cache === undefined ? take : withCache(host.api, take, cache);
  }

  override dispatch(options: Options, handler: Dispatcher.DispatchHandler): boolean {
    return this.#dispatch(options, currentHandler(handler));
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | undefined {
    return inStyleOf(callback, this.#ended());
  }

  override destroy(): Promise<void>;
  override destroy(error: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(...given: (Error | (() => void) | null)[]): Promise<void> | undefined {
    const callback = given.find((one) => typeof one === 'function');
    const reason = given.find((one) => one instanceof Error);
    for (const request of this.#requests) request.abort(reason);
    return inStyleOf(callback, this.#ended());
  }

  #take(options: Options, handler: Dispatcher.DispatchHandler): boolean {
    const request = new StreamedRequest(handler, this.#host, (ended) => this.#onEnd(ended));
    this.#requests.add(request);
    const early = options[earlyKey];
    if (early !== undefined) early.underWay = request;
    try {
      this.#start(request, options);
    } catch (error) {
      request.fail(error as Error);
    }
    return true;
  }

  #start(request: StreamedRequest, options: Options): void {
    this.#host.enter();
    checkMethod(options);
    const url = requestUrl(this.#host.api, options);
    const headers = requestHeaders(options.headers);
    const wishes = options[wishesKey];
    const isRepeatable = wishes?.isRepeatable === true && headers['content-length'] !== undefined;
    request.begin();
    if (!isReadFirst(options.body, isRepeatable)) {
      this.#submit(request, options, url, headers, directBody(options.body));
      return;
    }
    const reading = readBody(options.body, isRepeatable)
      .then(({ body, type }) => {
        const typed = type === null ? headers : { 'content-type': type, ...headers };
        this.#submit(request, options, url, typed, body);
      })
      .catch((error: unknown) => request.fail(error as Error));
    this.#host.waitFor(reading);
  }

  #submit(
    request: StreamedRequest,
    { method, [wishesKey]: wishes, [revalidationKey]: revalidation }: Options,
    url: string,
    given: Readonly<Record<string, string>>,
    body: RequestBody,
  ): void {
    if (request.aborted) return;
    const { 'content-length': _length, ...others } = given;
    const options: RequestOptions = {
      headers: body.kind === 'stream' ? given : others,
      ...(body.kind === 'bytes' && body.bytes !== undefined ? { body: body.bytes } : {}),
      priority: wishes?.priority ?? 0,
      idempotent: IDEMPOTENT.has(method),
    };
    if (body.kind === 'stream') request.bodyStream = body.stream;
    request.revalidation = revalidation;
    // Fetch sends methods that the hydra's own do not: nobody but the transport looks at them.
    request.job = new Job(NO_ID, method as RequestMethod, url, options, request, request);
    this.#host.submit(request.job);
  }

  #onEnd(request: StreamedRequest): void {
    this.#requests.delete(request);
    if (this.#requests.size === 0) for (const resolve of this.#whenNone.splice(0)) resolve();
  }

  #ended(): Promise<void> {
    if (this.#requests.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenNone.push(resolve));
  }
}

/** Has what is asked looked for in the cache first, by its whole URL and without the caller's credentials. */
function withCache(api: Api, take: Dispatcher.Dispatch, cache: AppCache): Dispatcher.Dispatch {
  const cached = cache.interceptor(take);
  return (options, handler) => {
    let known: Options;
    try {
      const { origin, pathname, search } = new URL(requestUrl(api, options));
      const { query: _query, ...others } = options;
      const headers = requestHeaders(options.headers);
      known = { ...others, origin, path: pathname + search, headers };
    } catch {
      // There it fails in the same way, and is told of it.
      return take(options, handler);
    }
    const early = new EarlyHandler(handler);
    if (early.reason === null) return cached(Object.assign(known, { [earlyKey]: early }), early);
    handler.onResponseError?.(early, early.reason);
    return true;
  };
}

/** Undici's methods call back where they are given somebody to call, and return a promise where not. */
function inStyleOf(
  callback: (() => void) | undefined,
  task: Promise<void>,
): Promise<void> | undefined {
  if (callback === undefined) return task;
  void callAfter(task, callback);
  return undefined;
}

async function callAfter(task: Promise<void>, callback: () => void): Promise<void> {
  await task;
  callback();
}

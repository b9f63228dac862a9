import {
  Agent,
  EnvHttpProxyAgent,
  fetch as undiciFetch,
  type Dispatcher,
  type Response as UndiciResponse,
} from 'undici';
import type { Clock } from '../clock.js';
import { HydraError } from '../errors.js';
import { AttemptHandler } from './attempt-handler.js';
import { Deadlines } from './deadlines.js';
import { Http2Dispatcher } from './http2-dispatcher.js';
import { StreamHandler } from './stream-handler.js';
import type { AttemptUnderWay, Transport, TransportRequest, TransportResult } from './transport.js';

/** What an {@link UndiciTransport} must know. */
export interface UndiciTransportOptions {
  readonly clock: Clock;
  /** Time-out of {@link Transport.fetch}, milliseconds. */
  readonly timeoutMs: number;
  /** Connections at once to one server; what comes while all are in use waits for the next free one. */
  readonly maxConnections: number;
  /** Where `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (either case) are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sends attempts by HTTP/2 where the server offers it and no proxy is used; false by default. */
  readonly http2?: boolean | undefined;
  /** Certificates (PEM) to trust instead of the well-known authorities. */
  readonly ca?: string | undefined;
}

/**
 * Sends in this thread: through undici, with pooled keep-alive connections and a proxy where the
 * environment names one; by HTTP/2 where that is wanted and offered.
 */
export class UndiciTransport implements Transport {
  readonly #dispatcher: Dispatcher;
  readonly #http2: Http2Dispatcher | undefined;
  /** Which of the two takes attempts. */
  readonly #attempts: Pick<Dispatcher, 'dispatch'> | Http2Dispatcher;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #deadlines: Deadlines;

  /** @throws HydraError `HYDRA_INVALID_OPTION` when the environment names a proxy that is no URL. */
  constructor(options: UndiciTransportOptions) {
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs;
    this.#deadlines = new Deadlines(options.clock);
    const { env, http2, ca } = options;
    const proxies = proxiesOf(env);
    this.#dispatcher = createDispatcher(options, proxies);
    const isDirect = proxies.httpProxy === undefined && proxies.httpsProxy === undefined;
    this.#http2 = http2 && isDirect ? new Http2Dispatcher(this.#dispatcher, ca) : undefined;
    this.#attempts = this.#http2 ?? this.#dispatcher;
  }

  send(request: TransportRequest, settle: (result: TransportResult) => void): AttemptUnderWay {
    const handler = request.asStream
      ? new StreamHandler(this.#clock, this.#deadlines, request, settle)
      : new AttemptHandler(this.#clock, this.#deadlines, request.timeoutMs, settle);
    try {
      this.#attempts.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: handler instanceof StreamHandler ? handler.body : (request.body ?? null),
        },
        handler,
      );
    } catch (error) {
      handler.failLater(error as Error);
    }
    return handler;
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const limit = new AbortController();
    const timer = this.#clock.setTimer(
      () => limit.abort(new HydraError('HYDRA_TIMEOUT', `No answer within ${this.#timeoutMs} ms.`)),
      this.#timeoutMs,
    );
    try {
      const [url, given] = input instanceof Request ? await unpack(input, init) : [input, init];
      const signal = given?.signal ? AbortSignal.any([given.signal, limit.signal]) : limit.signal;
      const options = { ...given, signal, dispatcher: this.#dispatcher };
      const response = await undiciFetch(url, options as Parameters<typeof undiciFetch>[1]);
      // The body is read here, so that the time-out covers its last byte and no connection is kept.
      const body = await response.arrayBuffer();
      return rebuild(response, body);
    } finally {
      timer.cancel();
    }
  };

  async close(): Promise<void> {
    await Promise.all([this.#http2?.destroy(), this.#dispatcher.destroy()]);
  }
}

/** Node's `Request` is of another class than undici's, which does not know it: its parts are handed over. */
async function unpack(request: Request, init?: RequestInit): Promise<[string, RequestInit]> {
  const { method, redirect, signal } = request;
  const body = request.body === null ? null : await request.arrayBuffer();
  return [request.url, { method, redirect, signal, headers: [...request.headers], body, ...init }];
}

/** A response of the same head, whose body is at hand. Statuses without a body must not get one. */
function rebuild(response: UndiciResponse, body: ArrayBuffer): Response {
  const isNull = [101, 103, 204, 205, 304].includes(response.status);
  const rebuilt = new Response(isNull ? null : body, {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
  });
  Object.defineProperty(rebuilt, 'url', { value: response.url });
  Object.defineProperty(rebuilt, 'redirected', { value: response.redirected });
  return rebuilt;
}

interface Proxies {
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
}

/** The proxies that the environment names; an empty name is none. */
function proxiesOf(env: UndiciTransportOptions['env']): Proxies {
  const proxies = {
    httpProxy: (env['http_proxy'] ?? env['HTTP_PROXY']) || undefined,
    httpsProxy: (env['https_proxy'] ?? env['HTTPS_PROXY']) || undefined,
  };
  checkProxy('HTTP_PROXY', proxies.httpProxy);
  checkProxy('HTTPS_PROXY', proxies.httpsProxy);
  return proxies;
}

function createDispatcher(
  { env, ca, maxConnections }: UndiciTransportOptions,
  { httpProxy, httpsProxy }: Proxies,
): Dispatcher {
  // An attempt is bounded by its own timer, from dispatch to last byte.
  const options: Agent.Options = {
    // A connection rests for one turn of the event loop before it is used again: without a limit,
    // what is sent at once after an answer would open another one.
    connections: maxConnections,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 0, ...(ca === undefined ? {} : { ca }) },
    keepAliveTimeout: 10_000,
  };
  if (httpProxy === undefined && httpsProxy === undefined) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
  });
}

function checkProxy(name: string, value: string | undefined): void {
  if (value === undefined) return;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return;
  // The value is not shown: it may hold a password.
  const message = `Expected the environment's \`${name}\` to be an http or https URL such as "http://proxy.example.com:3128".`;
  throw new HydraError('HYDRA_INVALID_OPTION', message, { name });
}

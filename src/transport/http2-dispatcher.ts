import type { Dispatcher } from 'undici';
import { Http2Origin } from './http2-origin.js';

/** Sends by HTTP/2 to servers that offer it (over TLS, by ALPN), by another dispatcher to all others. */
export class Http2Dispatcher {
  readonly #http1: Pick<Dispatcher, 'dispatch'>;
  readonly #ca: string | undefined;
  readonly #origins = new Map<string, Http2Origin>();

  /** @param ca - trusted instead of the well-known authorities. */
  constructor(http1: Pick<Dispatcher, 'dispatch'>, ca: string | undefined) {
    this.#http1 = http1;
    this.#ca = ca;
  }

  /** @throws when the request cannot be sent at all. */
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const origin = String(request.origin);
    if (origin.startsWith('https:')) this.#origin(origin).dispatch(request, handler);
    else this.#http1.dispatch(request, handler);
  }

  /** Breaks off everything. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#origins.values()].map((origin) => origin.destroy()));
  }

  #origin(origin: string): Http2Origin {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const made = new Http2Origin({ origin, ca: this.#ca, http1: this.#http1 });
    this.#origins.set(origin, made);
    return made;
  }
}

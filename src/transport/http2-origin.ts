import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Dispatcher } from 'undici';
import { Http2Connection, MAX_STREAMS } from './http2-connection.js';

/** Time for making a connection, milliseconds. */
const CONNECT_MS = 10_000;

/** A request and who is told how it goes. */
type Waiting = readonly [Dispatcher.DispatchOptions, Dispatcher.DispatchHandler];

/** What an origin's connections are made with. */
export interface Http2OriginParts {
  readonly origin: string;
  readonly ca: string | undefined;
  /** Takes requests where the server does not offer HTTP/2. */
  readonly http1: Pick<Dispatcher, 'dispatch'>;
}

/** One server that may offer HTTP/2: finds out whether it does, and keeps the connections to it. */
export class Http2Origin {
  readonly #parts: Http2OriginParts;
  #offersHttp2: boolean | undefined;
  #connections: Http2Connection[] = [];
  #sockets = new Set<TLSSocket>();
  #waiting: Waiting[] = [];
  #session: Buffer | undefined;
  #isOpening = false;
  #isClosed = false;

  constructor(parts: Http2OriginParts) {
    this.#parts = parts;
  }

  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    if (this.#offersHttp2 === false) {
      this.#parts.http1.dispatch(request, handler);
      return;
    }
    const free = this.#waiting.length === 0 ? this.#firstFree() : undefined;
    if (free === undefined) {
      this.#waiting.push([request, handler]);
      this.#connectAsNeeded();
    } else {
      free.open(request, handler);
    }
  }

  /** Breaks off everything. */
  async destroy(): Promise<void> {
    this.#isClosed = true;
    this.#failWaiting(new Error('The transport was closed'));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#connections.map((connection) => connection.destroy()));
  }

  #firstFree(): Http2Connection | undefined {
    return this.#connections.find(({ freeStreams }) => freeStreams > 0);
  }

  /** One connection until it is known what the server offers; then as many as those who wait fill. */
  #connectAsNeeded(): void {
    const opening =
      this.#sockets.size + this.#connections.filter(({ isOpening }) => isOpening).length;
    const wanted = this.#offersHttp2 ? Math.ceil(this.#waiting.length / MAX_STREAMS) : 1;
    for (let count = opening; count < wanted; count++) this.#connect();
  }

  #connect(): void {
    const { hostname, port } = new URL(this.#parts.origin);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const socket = connect({
      host,
      port: Number(port || 443),
      ...(isIP(host) ? {} : { servername: host }),
      ...(this.#parts.ca === undefined ? {} : { ca: this.#parts.ca }),
      ...(this.#session === undefined ? {} : { session: this.#session }),
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    this.#sockets.add(socket);
    const tooLate = Object.assign(new Error('No connection in time'), {
      code: 'ETIMEDOUT',
      syscall: 'connect',
    });
    socket.setNoDelay(true);
    socket.setTimeout(CONNECT_MS, () => socket.destroy(tooLate));
    socket.on('session', (session) => (this.#session = session));
    socket.on('error', (error) => this.#onConnectError(socket, error));
    socket.on('close', () => this.#onConnectError(socket, new Error('The connection was closed')));
    socket.once('secureConnect', () => this.#onConnected(socket));
  }

  #onConnected(socket: TLSSocket): void {
    this.#sockets.delete(socket);
    socket.setTimeout(0);
    this.#offersHttp2 = socket.alpnProtocol === 'h2';
    if (!this.#offersHttp2) {
      socket.destroy();
      for (const waiting of this.#waiting.splice(0)) this.#sendByHttp1(waiting);
      return;
    }
    const connection: Http2Connection = new Http2Connection(this.#parts.origin, socket, {
      onFree: () => this.#openWaiting(),
      onOver: (error) => this.#onOver(connection, error),
    });
    this.#connections.push(connection);
  }

  #onConnectError(socket: TLSSocket, error: Error): void {
    // Once it is in use, its connection hears of it.
    if (!this.#sockets.delete(socket)) return;
    this.#failWaiting(error);
  }

  #onOver(connection: Http2Connection, error: Error | undefined): void {
    this.#connections = this.#connections.filter((other) => other !== connection);
    if (error !== undefined) this.#failWaiting(error);
    else if (this.#waiting.length > 0 && !this.#isClosed) this.#connectAsNeeded();
  }

  #openWaiting(): void {
    // One that was broken off while it waited frees its stream at once, which leads here again.
    if (this.#isOpening) return;
    this.#isOpening = true;
    for (let free = this.#firstFree(); free !== undefined; free = this.#firstFree()) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) break;
      free.open(...waiting);
    }
    this.#isOpening = false;
    if (this.#waiting.length > 0) this.#connectAsNeeded();
  }

  #sendByHttp1([request, handler]: Waiting): void {
    try {
      this.#parts.http1.dispatch(request, handler);
    } catch (error) {
      handler.onResponseError?.(neverStarted, error as Error);
    }
  }

  #failWaiting(error: Error): void {
    for (const [, handler] of this.#waiting.splice(0)) {
      handler.onResponseError?.(neverStarted, error);
    }
  }
}

/** Of a request that was never sent. */
const neverStarted: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort() {},
  pause() {},
  resume() {},
};

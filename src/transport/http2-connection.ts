import * as http2 from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Dispatcher } from 'undici';
import { Http2Stream, type OutgoingBody } from './http2-stream.js';

const {
  HTTP2_HEADER_AUTHORITY,
  HTTP2_HEADER_CONTENT_LENGTH,
  HTTP2_HEADER_METHOD,
  HTTP2_HEADER_PATH,
  HTTP2_HEADER_SCHEME,
} = http2.constants;

/** Streams at once, where the server allows more. */
export const MAX_STREAMS = 100;

/** What the server may send before it is told that it was read: bytes of one stream, and of all. */
const STREAM_WINDOW = 1 << 20;
const CONNECTION_WINDOW = 1 << 24;

/** A connection on which so long nothing was sent or came is closed, milliseconds. */
const IDLE_MS = 10_000;

/** Head fields that mean nothing in HTTP/2 (RFC 9113, section 8.2.2), and `host`, which has another name. */
const NOT_SENT = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** What a connection tells. */
export interface Http2ConnectionEvents {
  /** It may take more streams than before. */
  onFree(): void;
  /** It takes no more streams. `error` is there where it never took any. */
  onOver(error: Error | undefined): void;
}

/**
 * One HTTP/2 connection. Takes streams once the server has said how many it allows.
 *
 * Unlike undici's, it lets streams go on that the server still answers after it has said that it will
 * close the connection, tells those apart that the server has not looked at, and takes POST beside
 * other streams.
 */
export class Http2Connection {
  readonly #session: http2.ClientHttp2Session;
  readonly #events: Http2ConnectionEvents;
  readonly #authority: string;
  #streams = 0;
  #maxStreams = 0;
  #isOver = false;
  #isDoubted = false;

  constructor(origin: string, socket: TLSSocket, events: Http2ConnectionEvents) {
    this.#events = events;
    this.#authority = new URL(origin).host;
    this.#session = http2.connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
    });
    const session = this.#session;
    session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW));
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      this.#maxStreams = Math.min(MAX_STREAMS, maxConcurrentStreams ?? MAX_STREAMS);
      events.onFree();
    });
    // Each stream hears of it, too.
    session.on('error', (error) => this.#end(error));
    session.on('goaway', (code) => this.#end(new Error(`The server left with code ${code}`)));
    session.on('close', () => this.#end(new Error('The connection was closed')));
    session.setTimeout(IDLE_MS, () => this.#onIdle());
    session.unref();
  }

  /** Streams that it would take now. */
  get freeStreams(): number {
    if (this.#isOver || this.#isDoubted || this.#session.closed) return 0;
    return Math.max(0, this.#maxStreams - this.#streams);
  }

  /** True until the server has said how many streams it allows. */
  get isOpening(): boolean {
    return this.#maxStreams === 0 && !this.#isOver;
  }

  /** Sends a request on a stream of its own. */
  open(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#streams += 1;
    if (this.#streams === 1) this.#session.ref();
    const stream = new Http2Stream(handler, (isDoubtful) => this.#onStreamEnd(isDoubtful));
    const body = bodyOf(request);
    stream.start(() =>
      this.#session.request(this.#head(request), { endStream: body === undefined }),
    );
    if (body !== undefined) stream.write(body);
  }

  /** Breaks off all streams. */
  destroy(): Promise<void> {
    if (this.#session.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#session.once('close', resolve);
      this.#session.destroy(new Error('The transport was closed'));
    });
  }

  #head(request: Dispatcher.DispatchOptions): http2.OutgoingHttpHeaders {
    const { path, method } = request;
    const body = bodyOf(request);
    const given = request.headers as Record<string, string>;
    const head: http2.OutgoingHttpHeaders = {
      [HTTP2_HEADER_METHOD]: method,
      [HTTP2_HEADER_PATH]: path,
      [HTTP2_HEADER_SCHEME]: 'https',
      [HTTP2_HEADER_AUTHORITY]: given['host'] ?? this.#authority,
    };
    const length = byteLength(body);
    if (length !== undefined) head[HTTP2_HEADER_CONTENT_LENGTH] = length;
    for (const [name, value] of Object.entries(given)) {
      if (!NOT_SENT.has(name)) head[name] = value;
    }
    return head;
  }

  #onStreamEnd(isDoubtful: boolean): void {
    this.#streams -= 1;
    if (this.#streams === 0) this.#session.unref();
    if (isDoubtful) this.#askWhetherAlive();
    if (this.freeStreams > 0) this.#events.onFree();
  }

  /** After an attempt that was waited for in vain: a connection that is dead would hold up all others. */
  #askWhetherAlive(): void {
    if (this.#isOver || this.#isDoubted || this.#session.destroyed) return;
    this.#isDoubted = true;
    this.#session.ping((error) => {
      this.#isDoubted = false;
      if (error === null && this.freeStreams > 0) this.#events.onFree();
    });
  }

  #onIdle(): void {
    if (this.#isDoubted) this.#session.destroy(new Error('The connection is dead'));
    else if (this.#streams === 0) this.#session.close();
  }

  #end(error: Error): void {
    if (this.#isOver) return;
    const wasOpening = this.isOpening;
    this.#isOver = true;
    this.#events.onOver(wasOpening ? error : undefined);
  }
}

/** Bodies of attempts are bytes or text, or come piece by piece. */
function bodyOf({ body }: Dispatcher.DispatchOptions): OutgoingBody | undefined {
  return (body ?? undefined) as OutgoingBody | undefined;
}

function byteLength(body: OutgoingBody | undefined): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.byteLength : undefined;
}

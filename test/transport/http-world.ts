/** Real servers on 127.0.0.1 for tests of what goes over the wire. */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer, type SecureServerOptions } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { afterAll, describe, onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../src/clock.js';
import type { Transport, TransportRequest, TransportResult } from '../../src/index.js';
import { ThreadTransport } from '../../src/transport/thread-transport.js';
import { UndiciTransport } from '../../src/transport/undici-transport.js';

export interface Listening {
  readonly origin: string;
  readonly port: number;
  /** Connections that were made. */
  connections: number;
  /** Connections that are open. */
  readonly open: Set<Socket>;
}

/** An HTTP server for one test. */
export function listenHttp(listener: RequestListener): Promise<Listening> {
  return listen(createServer({ keepAliveTimeout: 30_000 }, listener));
}

/** A server that gets the bare connection. */
export function listenTcp(onSocket: (socket: Socket) => void): Promise<Listening> {
  return listen(createTcpServer(onSocket));
}

/** A certificate for 127.0.0.1, signed by itself, valid until 2126; and its key, which is no secret. */
const certificateFile = (name: string): string =>
  readFileSync(new URL(`./certificate/${name}`, import.meta.url), 'utf8');
const key = certificateFile('key.pem');
const certificate: string = certificateFile('certificate.pem');

/** A server that speaks HTTP/1.1 over TLS only. */
export function listenHttps(listener: RequestListener): Promise<Listening> {
  const server = createHttpsServer(
    { key, cert: certificate, keepAliveTimeout: 30_000, ALPNProtocols: ['http/1.1'] },
    listener,
  );
  return listen(server, 'https');
}

/** A server that speaks HTTP/2 over TLS, and nothing else. `act` makes what it does. */
export function listenHttp2(
  act: (server: Http2SecureServer) => void,
  options: SecureServerOptions = {},
): Promise<Listening> {
  const server = createSecureServer({ key, cert: certificate, ...options });
  // Clients go as they please.
  server.on('sessionError', () => {});
  server.on('stream', (stream) => stream.on('error', () => {}));
  act(server);
  return listen(server, 'https');
}

async function listen(
  server: Server | TcpServer | Http2SecureServer,
  scheme = 'http',
): Promise<Listening> {
  const open = new Set<Socket>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${scheme}://127.0.0.1:${port}`;
  const listening: Listening = { origin, port, connections: 0, open };
  server.on('connection', (socket: Socket) => {
    listening.connections += 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => {});
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return listening;
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a test may want of its transport. */
interface TransportWishes {
  readonly timeoutMs?: number;
  readonly maxConnections?: number;
  readonly clock?: Clock;
  readonly http2?: boolean;
}

/** Makes a transport for one test. It trusts the servers' certificate. */
export type MakeTransport = (env?: Record<string, string>, wishes?: TransportWishes) => Transport;

/** A transport in this thread. */
export const makeTransport: MakeTransport = (env = {}, wishes = {}) => {
  const transport = new UndiciTransport({
    clock: systemClock,
    timeoutMs: 30_000,
    maxConnections: 4000,
    env,
    ca: certificate,
    ...wishes,
  });
  onTestFinished(() => transport.close());
  return transport;
};

/** The built module that threads run: they cannot run TypeScript. */
const threadUrl = new URL('../../dist/transport/transport-thread.js', import.meta.url);

interface ThreadWishes extends TransportWishes {
  readonly threads?: number;
  readonly threadUrl?: URL;
}

/** A transport in threads, and what it says. */
interface ThreadWorld {
  readonly transport: ThreadTransport;
  readonly warnings: string[];
  readonly errors: string[];
}

/** A transport in two threads for one test. */
export function makeThreadTransport(
  env: Record<string, string> = {},
  wishes: ThreadWishes = {},
): ThreadWorld {
  const world = newThreadTransport(env, wishes);
  onTestFinished(() => world.transport.close());
  return world;
}

function newThreadTransport(env: Record<string, string>, wishes: ThreadWishes): ThreadWorld {
  const warnings: string[] = [];
  const errors: string[] = [];
  const transport = new ThreadTransport({
    clock: systemClock,
    timeoutMs: 30_000,
    maxConnections: 4000,
    env,
    ca: certificate,
    threads: 2,
    threadUrl,
    logger: {
      warn: (message) => void warnings.push(message),
      error: (message) => void errors.push(message),
    },
    ...wishes,
  });
  return { transport, warnings, errors };
}

/**
 * Says the same of attempts in this thread and in threads. Threads take a while to start: tests without
 * wishes share them, and must leave them open.
 */
export function describeTransports(
  subject: string,
  tests: (makeTransport: MakeTransport) => void,
): void {
  describe(`${subject}, in this thread,`, () => {
    tests(makeTransport);
  });
  describe(`${subject}, in threads,`, () => {
    const transport = sharedThreads();
    tests((env, wishes) =>
      env === undefined && wishes === undefined
        ? transport()
        : makeThreadTransport(env, { threads: 1, ...wishes }).transport,
    );
  });
}

/** Two threads for the tests of a block, started for the first that wants them. */
export function sharedThreads(wishes: TransportWishes = {}): () => Transport {
  let shared: ThreadTransport | undefined;
  afterAll(() => shared?.close());
  return () => (shared ??= newThreadTransport({}, wishes).transport);
}

export function request(origin: string, change: Partial<TransportRequest> = {}): TransportRequest {
  return {
    origin,
    path: '/',
    method: 'GET',
    headers: {},
    body: undefined,
    timeoutMs: 30_000,
    ...change,
  };
}

/** Sends it; resolves with its end. */
export function send(
  transport: Transport,
  what: TransportRequest,
  onAbort?: (abort: () => void) => void,
): Promise<TransportResult> {
  return new Promise((resolve) => {
    const attempt = transport.send(what, resolve);
    onAbort?.(() => attempt.abort());
  });
}

/** The body of a response as text; fails for any other end. */
export function textOf(result: TransportResult): string {
  if (result.kind !== 'response')
    throw new Error(`no response but ${result.kind}`, { cause: result });
  return new TextDecoder().decode(result.body);
}

/** Resolves once `test` holds, which a test waits for without looking at the time. */
export async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Real servers on 127.0.0.1 for tests of what goes over the wire. */
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../../src/clock.js';
import type { TransportRequest, TransportResult } from '../../src/index.js';
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

async function listen(server: Server | TcpServer): Promise<Listening> {
  const open = new Set<Socket>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const listening: Listening = { origin: `http://127.0.0.1:${port}`, port, connections: 0, open };
  server.on('connection', (socket: Socket) => {
    listening.connections += 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
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

/** A transport for one test. */
export function makeTransport(
  env: Record<string, string> = {},
  {
    timeoutMs = 30_000,
    maxConnections = 4000,
    clock = systemClock,
  }: { timeoutMs?: number; maxConnections?: number; clock?: Clock } = {},
): UndiciTransport {
  const transport = new UndiciTransport({ clock, timeoutMs, maxConnections, env });
  onTestFinished(() => transport.close());
  return transport;
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
  transport: UndiciTransport,
  what: TransportRequest,
  onAbort?: (abort: () => void) => void,
): Promise<TransportResult> {
  return new Promise((resolve) => {
    const abort = transport.send(what, resolve);
    onAbort?.(abort);
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

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request that came. */
interface Received {
  readonly token: string;
  readonly path: string;
}

/** A small API with bearer tokens, which ends with the test. */
export interface BearerServer {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  /** The most requests that were open at once. */
  readonly mostAtOnce: number;
  /** Paths that are answered with 404. */
  readonly missing: Set<string>;
}

/** How it answers. */
interface BearerServerOptions {
  /** So many requests are awaited before the first is answered; then the last that came goes first. */
  readonly together?: number;
  /** Milliseconds. */
  readonly answerAfterMs?: number;
}

/**
 * Takes tokens that begin with `good-`. One that begins with `used-` is used up (429), one with `held-` is told to
 * wait (403), for one with `down-` it is down (503), and any other is unknown (401).
 */
export async function bearerServer(options: BearerServerOptions = {}): Promise<BearerServer> {
  const { together = 1, answerAfterMs = 0 } = options;
  const received: Received[] = [];
  const missing = new Set(['/v1/nowhere']);
  const held: (() => void)[] = [];
  const open = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    const [token, path] = [tokenOf(request), request.url ?? ''];
    received.push({ token, path });
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    held.push(() => {
      open.now -= 1;
      const status = missing.has(path) ? 404 : statusOf(token);
      response.writeHead(status, status === 403 ? { ...headers, 'retry-after': '60' } : headers);
      response.end(JSON.stringify({ path }));
    });
    if (received.length < together) return;
    for (const answer of held.splice(0).toReversed()) {
      if (answerAfterMs === 0) answer();
      else setTimeout(answer, answerAfterMs);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    received,
    missing,
    get mostAtOnce() {
      return open.most;
    },
  };
}

const headers = {
  'content-type': 'application/json',
  'x-ratelimit-limit': '100',
  'x-ratelimit-remaining': '99',
};

function tokenOf(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace(/^Bearer /, '');
}

function statusOf(token: string): number {
  const [kind = ''] = token.split('-', 1);
  return { good: 200, used: 429, held: 403, down: 503 }[kind] ?? 401;
}

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
}

/** Takes tokens that begin with `good`; one that begins with `used` is used up, any other unknown. */
export async function bearerServer(): Promise<BearerServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const token = tokenOf(request);
    received.push({ token, path: request.url ?? '' });
    const headers = {
      'content-type': 'application/json',
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '99',
    };
    response.writeHead(statusOf(token, request.url ?? ''), headers);
    response.end(JSON.stringify({ path: request.url }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, received };
}

function tokenOf(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace(/^Bearer /, '');
}

function statusOf(token: string, path: string): number {
  if (token.startsWith('used')) return 429;
  if (!token.startsWith('good')) return 401;
  return path.endsWith('/nowhere') ? 404 : 200;
}

/** A hydra with several tokens, and a server that writes down what it received. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { ApiHydra, bearerToken, defineApi } from '../../src/index.js';
import type { ApiDefinition, ApiHydraOptions, Runtime } from '../../src/index.js';
import { listenHttp, type Listening } from '../transport/http-world.js';

interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export interface World {
  readonly origin: string;
  readonly arrived: Arrived[];
  /** Connections that are open. */
  readonly open: ReadonlySet<unknown>;
  readonly server: Listening;
  readonly hydra: ApiHydra;
}

export interface Wishes {
  readonly api?: Partial<ApiDefinition>;
  readonly apps?: number;
  readonly options?: Partial<ApiHydraOptions>;
  readonly runtime?: Partial<Runtime>;
}

/** What a server does; a client that goes away in the middle is none of its errors. */
export type Act = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** An API under `/v1` that does what `act` says. */
export async function makeWorld(act: Act, wishes: Wishes = {}): Promise<World> {
  const arrived: Arrived[] = [];
  const server = await listenHttp((request, response) => {
    const { method = '', url = '', headers } = request;
    arrived.push({ method, url, headers });
    Promise.resolve(act(request, response)).catch(() => response.destroy());
  });
  const hydra = makeHydra(server.origin, wishes);
  return { origin: server.origin, arrived, open: server.open, server, hydra };
}

/** A hydra that asks without delay, unless wished otherwise. */
export function makeHydra(
  origin: string,
  { api, apps = 2, options, runtime }: Wishes = {},
): ApiHydra {
  const hydra = new ApiHydra(
    {
      api: defineApi({
        baseUrl: `${origin}/v1`,
        limits: [{ requests: 1000, perMs: 1000 }],
        auth: bearerToken(),
        ...api,
      }),
      apps: Array.from({ length: apps }, (_, i) => ({
        id: `app${i}`,
        credentials: { token: `secret${i}` },
      })),
      appsFile: false,
      store: false,
      minRequestDelayMs: 0,
      retryDelayMs: 1,
      maxRetryDelayMs: 1,
      logLevel: 'fatal',
      ...options,
    },
    runtime,
  );
  onTestFinished(() => hydra.finish());
  return hydra;
}

/** The whole body of a request. */
export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Answers with JSON that says what came. */
export async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readAll(request);
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ method: request.method, url: request.url, body: body.toString('latin1') }),
  );
}

/** What a task rejects with. */
export async function errorOf(
  task: PromiseLike<unknown>,
): Promise<Error & { code?: string; cause?: unknown }> {
  try {
    await task;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not reject');
}

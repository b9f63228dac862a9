/** Servers with limiters that we did not write, on a free port; each app is known by its token. */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import fastifyRateLimit from '@fastify/rate-limit';
import express from 'express';
import { rateLimit, type DraftHeadersVersion } from 'express-rate-limit';
import fastify from 'fastify';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

export interface LimitedServer {
  readonly url: string;
  /** Status of each answer, in the order of answering. */
  readonly statuses: readonly number[];
  close(): Promise<unknown>;
}

/** What each server limits an app to; `perMs` is whole seconds where the limiter knows no less. */
export interface ServerLimit {
  readonly requests: number;
  readonly perMs: number;
}

const keyOf = (headers: http.IncomingHttpHeaders): string => headers.authorization ?? '';
const jsonOk = JSON.stringify({ ok: true });

async function listen(server: http.Server, statuses: readonly number[]): Promise<LimitedServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    statuses,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** express-rate-limit, with the headers of a draft, or the older `X-RateLimit-*`. */
export function expressServer(
  { requests, perMs }: ServerLimit,
  headers: DraftHeadersVersion | 'legacy',
): Promise<LimitedServer> {
  const statuses: number[] = [];
  const app = express();
  app.use((_request, response, next) => {
    response.on('finish', () => statuses.push(response.statusCode));
    next();
  });
  app.use(
    rateLimit({
      limit: requests,
      windowMs: perMs,
      standardHeaders: headers === 'legacy' ? false : headers,
      legacyHeaders: headers === 'legacy',
      keyGenerator: (request) => keyOf(request.headers),
    }),
  );
  app.get('/{*path}', (_request, response) => {
    response.type('json').send(jsonOk);
  });
  return listen(http.createServer(app), statuses);
}

/** `@fastify/rate-limit`, with `X-RateLimit-*`, or with the `RateLimit-*` of an older draft. */
export async function fastifyServer(
  { requests, perMs }: ServerLimit,
  headers: 'x' | 'draft',
): Promise<LimitedServer> {
  const statuses: number[] = [];
  const app = fastify();
  app.addHook('onResponse', async (_request, reply) => void statuses.push(reply.statusCode));
  await app.register(fastifyRateLimit, {
    max: requests,
    timeWindow: perMs,
    enableDraftSpec: headers === 'draft',
    keyGenerator: (request) => keyOf(request.headers),
  });
  app.get('/*', async () => ({ ok: true }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url, statuses, close: () => app.close() };
}

/** rate-limiter-flexible in memory, with the headers that its documentation shows. */
export function flexibleServer({ requests, perMs }: ServerLimit): Promise<LimitedServer> {
  const statuses: number[] = [];
  const limiter = new RateLimiterMemory({ points: requests, duration: perMs / 1000 });
  const answer = (status: number, told: RateLimiterRes, response: http.ServerResponse): void => {
    statuses.push(status);
    const resetAt = Math.ceil((Date.now() + told.msBeforeNext) / 1000);
    response.setHeader('content-type', 'application/json');
    response.setHeader('x-ratelimit-limit', requests);
    response.setHeader('x-ratelimit-remaining', told.remainingPoints);
    response.setHeader('x-ratelimit-reset', resetAt);
    if (status === 429) response.setHeader('retry-after', told.msBeforeNext / 1000);
    response.statusCode = status;
    response.end(jsonOk);
  };
  const server = http.createServer((request, response) => {
    limiter.consume(keyOf(request.headers)).then(
      (told) => answer(200, told, response),
      (told: RateLimiterRes) => answer(429, told, response),
    );
  });
  return listen(server, statuses);
}

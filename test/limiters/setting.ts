/** The servers of these tests, and asking them with two apps. */
import { expect, onTestFinished } from 'vitest';
import { ApiHydra, bearerToken, defineApi, type Api } from '../../src/index.js';
import {
  expressServer,
  fastifyServer,
  flexibleServer,
  type LimitedServer,
  type ServerLimit,
} from './limited-server.js';

export const twentyASecond = { requests: 20, perMs: 1000 };

/** All of them count in fixed windows, each from the first request that comes after the one before. */
export const servers: {
  name: string;
  tellsLength: boolean;
  start: (limit: ServerLimit) => Promise<LimitedServer>;
}[] = [
  {
    name: 'express-rate-limit, draft-6',
    tellsLength: true,
    start: (limit) => expressServer(limit, 'draft-6'),
  },
  {
    name: 'express-rate-limit, draft-7',
    tellsLength: true,
    start: (limit) => expressServer(limit, 'draft-7'),
  },
  {
    name: 'express-rate-limit, draft-8',
    tellsLength: true,
    start: (limit) => expressServer(limit, 'draft-8'),
  },
  {
    name: 'express-rate-limit, legacy headers',
    tellsLength: false,
    start: (limit) => expressServer(limit, 'legacy'),
  },
  { name: '@fastify/rate-limit', tellsLength: false, start: (limit) => fastifyServer(limit, 'x') },
  {
    name: '@fastify/rate-limit, draft headers',
    tellsLength: false,
    start: (limit) => fastifyServer(limit, 'draft'),
  },
  { name: 'rate-limiter-flexible', tellsLength: false, start: flexibleServer },
];

/** Asks for so much with two apps; returns how often the server accepted and refused. */
export async function ask(
  server: LimitedServer,
  limits: Api['limits'],
  requests: number,
): Promise<{ accepted: number; refused: number; hydra: ApiHydra }> {
  const hydra = new ApiHydra({
    api: defineApi({ baseUrl: server.url, limits, auth: bearerToken(), responseType: 'json' }),
    apps: ['a', 'b'].map((id) => ({ id, credentials: { token: id } })),
    appsFile: false,
    store: false,
    minRequestDelayMs: 0,
    logLevel: 'fatal',
  });
  onTestFinished(async () => {
    await hydra.finish();
    await server.close();
  });
  for (let i = 0; i < requests; i++) hydra.get(`/${i}`);
  await hydra.join();
  expect(hydra.stats).toMatchObject({ succeeded: requests, failed: 0 });
  const refused = server.statuses.filter((status) => status === 429).length;
  return { accepted: server.statuses.length - refused, refused, hydra };
}

/** Programs of others with the hydra's fetch in them, against limiters: what the server received is judged. */
import { Octokit } from '@octokit/core';
import { create, type AxiosRequestConfig } from 'axios';
import ky from 'ky';
import createClient from 'openapi-fetch';
import { describe, expect, it } from 'vitest';
import type { ApiHydra } from '../../src/index.js';
import { mostIn, slidingServer } from './sliding-server.js';
import { makeHydra } from './setting.js';

const limit = { requests: 10, perMs: 200 };
/** So much later than another a request may come that was sent at the same time. */
const delayMs = 40;
const tokens = 4;
const asked = 60;

/** The paths that OpenAPI's generator would have made a type of. */
interface Paths {
  '/items/{id}': {
    get: {
      parameters: { path: { id: number } };
      responses: { 200: { content: { 'application/json': { id: number } } } };
    };
  };
}

/** The types of axios know the bodies of browsers. */
const axiosEnv = ({ fetch }: ApiHydra): NonNullable<AxiosRequestConfig['env']> =>
  ({ fetch, Request, Response }) as unknown as NonNullable<AxiosRequestConfig['env']>;

type Ask = (hydra: ApiHydra, base: string) => (id: number) => Promise<number>;

const clients: Readonly<Record<string, Ask>> = {
  '@octokit/core': (hydra, base) => {
    const octokit = new Octokit({ baseUrl: base, request: { fetch: hydra.fetch } });
    return async (id) => (await octokit.request('GET /items/{id}', { id })).data.id as number;
  },
  ky: (hydra, base) => {
    const api = ky.create({ prefixUrl: base, fetch: hydra.fetch });
    return async (id) => (await api.get(`items/${id}`).json<{ id: number }>()).id;
  },
  'axios, with its fetch adapter': (hydra, base) => {
    const api = create({
      baseURL: base,
      adapter: 'fetch',
      env: axiosEnv(hydra),
    });
    return async (id) => (await api.get<{ id: number }>(`/items/${id}`)).data.id;
  },
  'openapi-fetch': (hydra, base) => {
    const api = createClient<Paths>({ baseUrl: base, fetch: hydra.fetch });
    return async (id) => {
      const { data } = await api.GET('/items/{id}', { params: { path: { id } } });
      return data?.id ?? -1;
    };
  },
};

describe('with several tokens', () => {
  it.each(Object.entries(clients))(
    '%s gets all answers, each token within its limit',
    async (_name, ask) => {
      const server = await slidingServer(limit);
      const hydra = makeHydra(server.origin, { apps: tokens, api: { limits: [limit] } });
      const one = ask(hydra, `${server.origin}/v1`);
      const ids = Array.from({ length: asked }, (_, id) => id);
      expect(await Promise.all(ids.map((id) => one(id)))).toEqual(ids);
      expect(server.accepted).toBe(asked);
      expect(server.arrivals.size).toBe(tokens);
      // All that came is counted, what was refused as well. Who sends as fast as it can sends 15 with each
      // token in one window. The guard bears with what delays a request on its way to a busy machine.
      for (const times of server.arrivals.values()) {
        expect(mostIn(times, limit.perMs - delayMs)).toBeLessThanOrEqual(limit.requests);
      }
    },
  );
});

describe('a client', () => {
  it.each(Object.entries(clients))('%s is told of an error by its status', async (_name, ask) => {
    const server = await slidingServer(limit);
    const hydra = makeHydra(server.origin, { api: { limits: [limit] } });
    const error = await ask(hydra, `${server.origin}/v1`)(422).catch((thrown: unknown) => thrown);
    const { status, response } = Object(error) as {
      status?: number;
      response?: { status: number };
    };
    // openapi-fetch returns errors instead of throwing them.
    expect(error === -1 ? 422 : (status ?? response?.status)).toBe(422);
  });

  it('octokit sends what it writes, and reads the answer', async () => {
    const server = await slidingServer(limit);
    const hydra = makeHydra(server.origin, { api: { limits: [limit] } });
    const octokit = new Octokit({
      baseUrl: `${server.origin}/v1`,
      auth: 'of its own, which is not sent',
      request: { fetch: hydra.fetch },
    });
    const answer = await octokit.request('POST /items', { title: 'täxt' });
    expect([answer.status, answer.data]).toEqual([201, { title: 'täxt' }]);
    expect([...server.arrivals.keys()]).toEqual([expect.stringMatching(/^Bearer secret\d$/)]);
  });

  it('ky and axios break off what they were told to', async () => {
    const server = await slidingServer(limit);
    const hydra = makeHydra(server.origin, { api: { limits: [limit] } });
    const url = `${server.origin}/v1/slow`;
    const timeOut = ky.get(url, { fetch: hydra.fetch, timeout: 30, retry: 0 });
    await expect(timeOut).rejects.toMatchObject({ name: 'TimeoutError' });
    const abort = new AbortController();
    const asking = create().get(url, {
      adapter: 'fetch',
      env: axiosEnv(hydra),
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(), 10);
    await expect(asking).rejects.toMatchObject({ code: 'ERR_CANCELED' });
    expect(hydra.stats).toMatchObject({ waiting: 0, inFlight: 0 });
  });
});

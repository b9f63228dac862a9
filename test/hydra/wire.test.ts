/** ApiHydra over real connections: what a server gets to see. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ApiHydra,
  bearerToken,
  defineApi,
  HydraError,
  type ApiDefinition,
  type ApiHydraOptions,
  type Logger,
  type RequestMethod,
} from '../../src/index.js';
import { version } from '../../src/version.js';

const SECRET = 'the-secret-token-of-this-app';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Stage {
  readonly origin: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

/** Answers `/status/<n>`, `/to?<url>`, `/reset`, `/html`, `/half` as they say, and all else with JSON. */
async function startServer(): Promise<Stage> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      const { method, url = '', headers } = request;
      seen.push({ method, url, headers, body });
      const status = /^\/v2\/status\/(\d+)/.exec(url)?.[1];
      const to = /^\/v2\/to\?(.*)/.exec(url)?.[1];
      if (status !== undefined) response.writeHead(Number(status)).end();
      else if (to !== undefined)
        response.writeHead(302, { location: decodeURIComponent(to) }).end();
      else if (url === '/v2/reset') request.socket.resetAndDestroy();
      else if (url === '/v2/html')
        response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
      else if (url === '/v2/half') {
        response
          .writeHead(200, { 'content-length': '99' })
          .write('{', () => request.socket.destroy());
      } else
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ url }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let stage: Stage;
let elsewhere: Stage;
let lines: string[] = [];
let hydras: ApiHydra[] = [];
let folder = '';
beforeEach(async () => {
  stage = await startServer();
  elsewhere = await startServer();
  lines = [];
  hydras = [];
  folder = mkdtempSync(join(tmpdir(), 'apihydra-test-'));
});
afterEach(async () => {
  await Promise.all(hydras.map((hydra) => hydra.finish()));
  await stage.close();
  await elsewhere.close();
  rmSync(folder, { recursive: true });
});

const keep = (message: string): void => void lines.push(message);

function makeHydra(
  options: Partial<ApiHydraOptions> = {},
  definition: Partial<ApiDefinition> = {},
): ApiHydra {
  const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep, fatal: keep };
  const api = defineApi({
    baseUrl: `${stage.origin}/v2`,
    limits: [{ requests: 1000, perMs: 1000 }],
    auth: bearerToken(),
    ...definition,
  });
  const hydra = new ApiHydra({
    api,
    apps: [{ id: 'a', credentials: { token: SECRET } }],
    appsFile: false,
    responsesFilePathTemplate: join(folder, 'responses_%s_%s.json'),
    minRequestDelayMs: 0,
    retryDelayMs: 0,
    maxRetries: 1,
    logger,
    ...options,
  });
  hydras.push(hydra);
  return hydra;
}

describe('a request on the wire', () => {
  it('names the library, what it takes, and its signature', async () => {
    await makeHydra({}, { responseType: 'json' }).get('/x');
    expect(stage.seen[0]?.headers).toMatchObject({
      'user-agent': `apihydra/${version}`,
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate, br',
      authorization: `Bearer ${SECRET}`,
    });
  });

  it("carries the API's headers, its own in their place, and the signature in any case", async () => {
    const hydra = makeHydra({}, { headers: { accept: 'text/csv', 'x-one': '1', 'x-two': '2' } });
    await hydra.get('/x', {
      headers: { 'X-Two': 'mine', Authorization: 'Bearer other', AUTHORIZATION: 'Basic other' },
    });
    expect(stage.seen[0]?.headers).toMatchObject({
      accept: 'text/csv',
      'x-one': '1',
      'x-two': 'mine',
      authorization: `Bearer ${SECRET}`,
    });
  });

  it.each(['post', 'put', 'patch', 'delete'] as const)('sends JSON with %s', async (method) => {
    const response = await makeHydra()[method]('/x', { json: { name: 'ä', list: [1, null] } });
    expect(response.method).toBe(method.toUpperCase() as RequestMethod);
    expect(stage.seen[0]).toMatchObject({
      method: method.toUpperCase(),
      body: '{"name":"ä","list":[1,null]}',
    });
    expect(stage.seen[0]?.headers['content-type']).toBe('application/json');
  });

  it('sends text and bytes as they are, with the content type that the caller gives', async () => {
    const hydra = makeHydra();
    await hydra.post('/x', { body: 'a=1', headers: { 'Content-Type': 'text/plain' } });
    await hydra.post('/x', { body: new TextEncoder().encode('bytes') });
    expect(stage.seen.map(({ body }) => body)).toEqual(['a=1', 'bytes']);
    expect(stage.seen.map(({ headers }) => headers['content-type'])).toEqual([
      'text/plain',
      undefined,
    ]);
  });

  it('sends the query, percent-encoded', async () => {
    await makeHydra().get('/x?a=1', { query: { 'filter[login]': 'ö&c', page: 2 } });
    const url = new URL(stage.seen[0]?.url ?? '', stage.origin);
    expect(url.pathname).toBe('/v2/x');
    expect([...url.searchParams]).toEqual([
      ['a', '1'],
      ['filter[login]', 'ö&c'],
      ['page', '2'],
    ]);
  });

  it('brings home what was answered', async () => {
    const response = await makeHydra().get('/x', { key: 'mine' });
    expect(response).toMatchObject({
      id: 0,
      url: `${stage.origin}/v2/x`,
      key: 'mine',
      status: 200,
      attempts: 1,
      appId: 'a',
    });
    expect(response.json()).toEqual({ url: '/v2/x' });
    expect(response.durationMs).toBeGreaterThan(0);
  });
});

describe('another host', () => {
  it('gets no request and no token by a redirect', async () => {
    const to = encodeURIComponent(`${elsewhere.origin}/v2/x`);
    await expect(makeHydra().get(`/to?${to}`)).rejects.toMatchObject({
      code: 'HYDRA_FOREIGN_ORIGIN',
    });
    expect(elsewhere.seen).toEqual([]);
  });

  it('gets no request and no token by an absolute URL', () => {
    expect(() => makeHydra().get(`${elsewhere.origin}/v2/x`)).toThrow(
      expect.objectContaining({ code: 'HYDRA_FOREIGN_ORIGIN' }),
    );
    expect(elsewhere.seen).toEqual([]);
  });

  it('does not matter to redirects within the origin, which keep the signature', async () => {
    const response = await makeHydra().get(`/to?${encodeURIComponent('/v2/there')}`);
    expect(response.json()).toEqual({ url: '/v2/there' });
    expect(stage.seen.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${SECRET}`,
      `Bearer ${SECRET}`,
    ]);
  });
});

describe('bad answers', () => {
  it.each([
    ['/status/400', 'HYDRA_HTTP_STATUS', 1],
    ['/status/500', 'HYDRA_HTTP_STATUS', 2],
    ['/reset', 'HYDRA_NETWORK', 2],
    ['/half', 'HYDRA_NETWORK', 2],
    ['/html', 'HYDRA_UNEXPECTED_BODY', 2],
    ['/status/200', 'HYDRA_UNEXPECTED_BODY', 2],
  ])('of %s end in %s', async (path, code, attempts) => {
    const error: unknown = await makeHydra({}, { responseType: 'json' })
      .get(path)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, facts: { attempts, appId: 'a' } });
    expect(stage.seen).toHaveLength(attempts);
  });

  it('of a time-out end in HYDRA_TIMEOUT', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const pending = makeHydra({ timeoutMs: 30 }, { baseUrl }).get('/x');
    await expect(pending).rejects.toMatchObject({ code: 'HYDRA_TIMEOUT' });
    silent.closeAllConnections();
    silent.close();
  });

  it('are JSON when asked for, or HYDRA_BODY_NOT_JSON', async () => {
    const hydra = makeHydra();
    expect(await hydra.get('/x').json()).toEqual({ url: '/v2/x' });
    await expect(hydra.get('/html').json()).rejects.toMatchObject({ code: 'HYDRA_BODY_NOT_JSON' });
  });
});

describe('secrets', () => {
  it('are in no log line and in no form of an error', async () => {
    const hydra = makeHydra({ stats: true }, { responseType: 'json' });
    const to = encodeURIComponent(`${elsewhere.origin}/`);
    const paths = [
      '/x',
      '/status/401',
      '/status/403',
      '/status/500',
      '/reset',
      '/half',
      '/html',
      `/to?${to}`,
    ];
    for (const path of paths) {
      hydra.get(path, { headers: { 'x-password': 'hunter2' } });
    }
    hydra.post('/status/500', { json: { password: 'hunter2' } });
    const failures = await hydra.failures();
    expect(failures).toHaveLength(8);
    await hydra.finish();
    const forms = failures.flatMap(({ error }) => [
      error.message,
      String(error.stack),
      JSON.stringify(error),
      inspect(error, { depth: 10, showHidden: true }),
    ]);
    expect(failures.every(({ error }) => error instanceof HydraError)).toBe(true);
    expect(lines.length).toBeGreaterThan(8);
    for (const text of [...lines, ...forms]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('hunter2');
    }
  });

  it('that are missing are named at once, and those that are there not shown', () => {
    const make = (): ApiHydra => makeHydra({ apps: [{ id: 'a', credentials: { tokn: SECRET } }] });
    expect(make).toThrow(/app a to have the credential `token`; it has tokn/);
    expect(make).toThrow(expect.objectContaining({ code: 'HYDRA_INVALID_OPTION' }));
    expect(make).not.toThrow(SECRET);
  });
});

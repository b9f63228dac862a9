/** A key in the query: what the server sees, and where else it could turn up. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiHydra, apiKey, defineApi, type ApiDefinition } from '../../src/index.js';
import { listenHttp } from '../transport/http-world.js';

const SECRET = 'key-in-the-query-of-this-app';

let folder = '';
let lines: string[] = [];
beforeEach(() => {
  lines = [];
  folder = mkdtempSync(join(tmpdir(), 'apihydra-query-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface World {
  readonly hydra: ApiHydra;
  readonly origin: string;
  readonly seen: string[];
}

/** A server whose redirects and links repeat the whole query, as many do. */
async function openWorld(auth: ApiDefinition['auth']): Promise<World> {
  const seen: string[] = [];
  const { origin } = await listenHttp((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    seen.push(request.url ?? '');
    const there = (path: string): string => `${path}${url.search}`;
    if (url.pathname === '/moved') response.writeHead(302, { location: there('/there') }).end();
    else if (url.pathname === '/away')
      response.writeHead(302, { location: there('http://[bad/') }).end();
    else if (url.pathname === '/loop') response.writeHead(302, { location: there('/loop') }).end();
    else if (url.pathname === '/no') response.writeHead(403).end();
    else
      response
        .writeHead(200, {
          'content-type': 'application/json',
          link: `<${origin}${there('/next')}>; rel="next"`,
        })
        .end('{}');
  });
  const keep = (message: string): void => void lines.push(message);
  const hydra = new ApiHydra({
    api: defineApi({ baseUrl: origin, limits: [{ requests: 1000, perMs: 1000 }], auth }),
    apps: [{ id: 'a', credentials: { key: SECRET } }],
    appsFile: join(folder, 'apps.json'),
    responsesFilePathTemplate: join(folder, 'responses_%s_%s.json'),
    minRequestDelayMs: 0,
    maxRetries: 0,
    logger: { debug: keep, info: keep, warn: keep, error: keep, fatal: keep },
  });
  return { hydra, origin, seen };
}

const waysToSign: [string, ApiDefinition['auth']][] = [
  ['apiKey', apiKey({ in: 'query', name: 'api_key' })],
  [
    'a function',
    ({ credentials }) => ({ headers: {}, query: { api_key: credentials['key'] ?? '' } }),
  ],
];

describe.each(waysToSign)('a key in the query, by %s,', (_name, auth) => {
  it('is sent after what the caller asks for, with redirects too, once', async () => {
    const { hydra, seen } = await openWorld(auth);
    await hydra.get('/x');
    await hydra.get('/x?a=1', { query: { b: 2 } });
    await hydra.get('/moved?a=1&api_key=another');
    expect(seen).toEqual([
      `/x?api_key=${SECRET}`,
      `/x?a=1&b=2&api_key=${SECRET}`,
      `/moved?a=1&api_key=${SECRET}`,
      `/there?a=1&api_key=${SECRET}`,
    ]);
    await hydra.finish();
  });

  it('is in no URL, header, failure, log line or file but the apps file', async () => {
    const { hydra, seen, origin } = await openWorld(auth);
    const first = await hydra.get('/x?a=1');
    expect(first.url).toBe(`${origin}/x?a=1`);
    const next = /<(.*)>/.exec(String(first.headers['link']))?.[1] ?? '';
    expect(next).toBe(`${origin}/next?a=1`);
    // A server may tell the next page in its body, too.
    const second = await hydra.get(`${origin}/next?api_key=${SECRET}`);
    for (const path of ['/moved', '/away', '/loop', '/no']) hydra.get(path);
    const run = hydra.run(['/run', '/no'], { directory: join(folder, 'run') });
    await run.done;
    const failures = await hydra.failures();
    expect(failures.map(({ url }) => url)).toEqual([
      `${origin}/away`,
      `${origin}/loop`,
      `${origin}/no`,
    ]);
    await hydra.finish();
    expect(seen.every((url) => url.includes(`api_key=${SECRET}`))).toBe(true);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'apps.json')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(files.length).toBeGreaterThan(3);
    const shown = [first, second, ...failures].map((one) =>
      inspect(one, { depth: 10, showHidden: true }),
    );
    for (const text of [...lines, ...files, ...shown]) expect(text).not.toContain(SECRET);
  });
});

describe('a query that was not announced', () => {
  it('is never sent: the app is dropped with an error that says what to do', async () => {
    const { hydra, seen } = await openWorld({
      authorize: () => ({ headers: {}, query: { sig: SECRET } }),
    });
    const failure: unknown = await hydra.get('/x').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'HYDRA_NO_APPS',
      cause: { code: 'HYDRA_INVALID_OPTION', facts: { name: 'auth.queryNames' } },
    });
    expect(seen).toEqual([]);
    await hydra.finish();
  });
});

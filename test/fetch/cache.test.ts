import type { ServerResponse } from 'node:http';
import * as undici from 'undici';
import { describe, expect, it } from 'vitest';
import { until } from '../transport/http-world.js';
import { errorOf, makeWorld, type Wishes, type World } from './setting.js';

interface Cached extends World {
  /** The body that is answered; another one is another version. */
  version: number;
}

/** How servers make their versions: of the content alone, or of the token, too, as GitHub does. */
const tags = {
  content: (version: number, _token: string) => `"v${version}"`,
  token: (version: number, token: string) => `W/"v${version}-${token}"`,
};

/** A server that answers 304 where the version is the one that was asked for, with `headers`. */
async function cached(
  headers: Readonly<Record<string, string>>,
  { tag = tags.content, ...wishes }: Wishes & { tag?: (typeof tags)['content'] } = {},
): Promise<Cached> {
  const world = await makeWorld(
    (request, response) => {
      const token = String(request.headers.authorization).replace('Bearer ', '');
      const etag = tag(made.version, token);
      const isSame = request.headers['if-none-match'] === etag;
      tell(response.writeHead(isSame ? 304 : 200, { ...headers, etag }), isSame, made.version);
    },
    { ...wishes, options: { cache: true, ...wishes.options } },
  );
  const made: Cached = { ...world, version: 1 };
  return made;
}

function tell(response: ServerResponse, isSame: boolean, version: number): void {
  response.end(isSame ? undefined : `version ${version}`);
}

const textOf = async (asked: Promise<Response>): Promise<string> => (await asked).text();

/** What each request that arrived was: a question whether an answer still holds, or a plain one. */
const kinds = ({ arrived }: World): string[] =>
  arrived.map(({ headers }) => (headers['if-none-match'] === undefined ? 'plain' : 'question'));

describe('an answer that is fresh', () => {
  it.each(['max-age=60', 'private, max-age=60', 'public, max-age=60'])(
    'is handed out without a request: %s',
    async (control) => {
      const world = await cached({ 'cache-control': control, 'content-type': 'text/plain' });
      for (let i = 0; i < 4; i++) {
        const answer = await world.hydra.fetch('/x');
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain']);
        expect(await answer.text()).toBe('version 1');
        expect(answer.headers.has('x-apihydra-app')).toBe(false);
      }
      expect(world.arrived).toHaveLength(1);
      expect(world.hydra.stats).toMatchObject({ requested: 1, attempts: 1 });
    },
  );

  it('is handed out also while no app is free, and through the dispatcher', async () => {
    const world = await cached(
      { 'cache-control': 'max-age=60' },
      { apps: 1, api: { limits: [{ requests: 1, perMs: 3_600_000 }] } },
    );
    expect(await textOf(world.hydra.fetch('/x'))).toBe('version 1');
    expect(await textOf(world.hydra.fetch('/x'))).toBe('version 1');
    const { dispatcher } = world.hydra;
    const { body } = await undici.request(`${world.origin}/v1/x`, { dispatcher });
    expect(await body.text()).toBe('version 1');
    expect(world.arrived).toHaveLength(1);
  });

  it('is another one for another path, query, or header that it varies by', async () => {
    const world = await cached({ 'cache-control': 'max-age=60', vary: 'accept' });
    for (let i = 0; i < 2; i++) {
      for (const path of ['/x', '/y', '/x?a=1']) await textOf(world.hydra.fetch(path));
      await textOf(world.hydra.fetch('/x', { headers: { accept: 'text/plain' } }));
    }
    expect(world.arrived).toHaveLength(4);
  });

  it('is kept whether or not the caller sends an Authorization, which is none of its own', async () => {
    const world = await cached({ 'cache-control': 'private, max-age=60', vary: 'Authorization' });
    for (const authorization of ['a', 'b']) {
      await textOf(world.hydra.fetch('/x', { headers: { authorization } }));
    }
    expect(world.arrived).toHaveLength(1);
  });

  it('is not handed out after the server was written to at that place', async () => {
    const world = await cached({ 'cache-control': 'max-age=60' });
    await textOf(world.hydra.fetch('/x'));
    await textOf(world.hydra.fetch('/x', { method: 'PUT', body: 'x' }));
    await textOf(world.hydra.fetch('/x'));
    expect(world.arrived.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET']);
  });

  it.each([
    ['no-store', 'GET'],
    ['max-age=60', 'POST'],
  ])('is there only where that is allowed: %s, %s', async (control, method) => {
    const world = await cached({ 'cache-control': control });
    for (let i = 0; i < 2; i++) await textOf(world.hydra.fetch('/x', { method }));
    expect(world.arrived).toHaveLength(2);
  });

  it('is not kept without `cache`, nor by get()', async () => {
    const headers = { 'cache-control': 'max-age=60' };
    const off = await cached(headers, { options: { cache: false } });
    const on = await cached(headers);
    for (let i = 0; i < 2; i++) {
      await textOf(off.hydra.fetch('/x'));
      await on.hydra.get('/x');
    }
    expect([off.arrived.length, on.arrived.length]).toEqual([2, 2]);
  });
});

describe('an answer that is stale', () => {
  const stale = { 'cache-control': 'private, max-age=0, must-revalidate' };

  it('is asked for by its version, handed out while it holds, and replaced when not', async () => {
    const world = await cached(stale, { apps: 1 });
    for (let i = 0; i < 3; i++) {
      const answer = await world.hydra.fetch('/x');
      expect([answer.status, await answer.text()]).toEqual([200, 'version 1']);
    }
    world.version = 2;
    expect(await textOf(world.hydra.fetch('/x'))).toBe('version 2');
    expect(await textOf(world.hydra.fetch('/x'))).toBe('version 2');
    expect(kinds(world)).toEqual(['plain', 'question', 'question', 'question', 'question']);
  });

  it('is fresh again for as long as the server then says', async () => {
    let control = 'max-age=0';
    const { hydra, arrived } = await makeWorld(
      (request, response) => {
        const isSame = request.headers['if-none-match'] === '"v"';
        response.writeHead(isSame ? 304 : 200, { 'cache-control': control, etag: '"v"' });
        response.end(isSame ? undefined : 'body');
      },
      { options: { cache: true } },
    );
    await textOf(hydra.fetch('/x'));
    control = 'max-age=60';
    for (let i = 0; i < 3; i++) expect(await textOf(hydra.fetch('/x'))).toBe('body');
    expect(arrived).toHaveLength(2);
  });

  it('is asked for by the app that it was given to, whichever would have its turn', async () => {
    const world = await cached({ ...stale, vary: 'Authorization' }, { apps: 5, tag: tags.token });
    for (let i = 0; i < 8; i++) expect(await textOf(world.hydra.fetch('/x'))).toBe('version 1');
    expect(kinds(world)).toEqual(['plain', ...Array<string>(7).fill('question')]);
    expect(new Set(world.arrived.map(({ headers }) => headers.authorization)).size).toBe(1);
  });

  it('is asked for plainly by another app while that one is used up, since it may get another', async () => {
    const world = await cached(stale, {
      apps: 2,
      api: { limits: [{ requests: 2, perMs: 3_600_000 }] },
    });
    for (let i = 0; i < 4; i++) expect(await textOf(world.hydra.fetch('/x'))).toBe('version 1');
    expect(kinds(world)).toEqual(['plain', 'question', 'plain', 'question']);
    const [a, b, c, d] = world.arrived.map(({ headers }) => headers.authorization);
    expect([a === b, b === c, c === d]).toEqual([true, false, true]);
  });

  it('is asked for by any app where it is the same for all', async () => {
    const world = await cached({ 'cache-control': 'public, max-age=0' }, { apps: 2 });
    for (let i = 0; i < 4; i++) expect(await textOf(world.hydra.fetch('/x'))).toBe('version 1');
    expect(kinds(world)).toEqual(['plain', 'question', 'question', 'question']);
    expect(new Set(world.arrived.map(({ headers }) => headers.authorization)).size).toBe(2);
  });
});

describe('a request that is answered with 304', () => {
  const limits = [{ requests: 2, perMs: 3_600_000 }];
  const stale = { 'cache-control': 'private, max-age=0' };

  it('does not say in its headers which app was asked', async () => {
    const world = await cached(stale, { apps: 1 });
    for (let i = 0; i < 3; i++) {
      const answer = await world.hydra.fetch('/x');
      expect(answer.headers.has('x-apihydra-app')).toBe(false);
      await answer.text();
    }
    expect(kinds(world)).toEqual(['plain', 'question', 'question']);
  });

  it('costs nothing where the API says so', async () => {
    const api = { limits, notModifiedIsFree: true };
    const world = await cached(stale, { apps: 10, api });
    for (let i = 0; i < 6; i++) expect(await textOf(world.hydra.fetch('/x'))).toBe('version 1');
    expect(kinds(world)).toEqual(['plain', ...Array<string>(5).fill('question')]);
    expect(new Set(world.arrived.map(({ headers }) => headers.authorization)).size).toBe(1);
  });

  it('costs one where it does not say so, and can be broken off while it waits', async () => {
    const world = await cached(stale, { apps: 1, api: { limits } });
    for (let i = 0; i < 2; i++) await textOf(world.hydra.fetch('/x'));
    const abort = new AbortController();
    const late = world.hydra.fetch('/x', { signal: abort.signal });
    await until(() => world.hydra.stats.waiting === 1);
    abort.abort();
    expect((await errorOf(late)).name).toBe('AbortError');
    expect(world.arrived).toHaveLength(2);
  });

  it('costs nothing either where the caller asked with a version of its own, with get()', async () => {
    const api = { limits, notModifiedIsFree: true };
    const world = await cached(stale, { apps: 1, api });
    for (let i = 0; i < 3; i++) {
      const answer = await world.hydra.get('/x', { headers: { 'if-none-match': '"v1"' } });
      expect(answer.status).toBe(304);
    }
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiHydra } from '../../src/index.js';
import { until, deadPort } from '../transport/http-world.js';
import { echo, errorOf, makeHydra, makeWorld, readAll } from './setting.js';

type Body = NonNullable<RequestInit['body']>;

function form(fields: Readonly<Record<string, string>>): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.append(name, value);
  return made;
}

const formText = (boundary: string): string =>
  [
    `--${boundary}`,
    'Content-Disposition: form-data; name="a"',
    '',
    'b',
    `--${boundary}--`,
    '',
  ].join('\r\n');

describe('fetch', () => {
  it('signs with the apps in turn, in place of an Authorization of the caller', async () => {
    const { hydra, origin, arrived } = await makeWorld((_request, response) => void response.end());
    const headers = { Authorization: 'Bearer mine', 'Proxy-Authorization': 'Basic eDp5' };
    for (let i = 0; i < 4; i++) await hydra.fetch(`${origin}/v1/x`, { headers });
    const tokens = arrived.map((one) => one.headers.authorization);
    expect([...new Set(tokens)]).toEqual([0, 1].map((n) => `Bearer secret${n}`));
    expect(tokens).toEqual([...tokens.slice(0, 2), ...tokens.slice(0, 2)]);
    expect(arrived[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it('may be taken off the hydra, and takes paths', async () => {
    const { hydra, arrived } = await makeWorld((request, response) => void echo(request, response));
    const { fetch } = hydra;
    const answer = await fetch('/users?page=2', { method: 'POST', body: 'x' });
    expect(await answer.json()).toEqual({ method: 'POST', url: '/v1/users?page=2', body: 'x' });
    expect(hydra.fetch).toBe(fetch);
    expect(arrived).toHaveLength(1);
  });

  it("sends the API's headers where the caller has none of that name", async () => {
    const api = { headers: { accept: 'application/vnd.x+json', 'x-version': '3' } };
    const { hydra, arrived } = await makeWorld((_request, response) => void response.end(), {
      api,
    });
    await hydra.fetch('/x');
    await hydra.fetch('/x', { headers: { accept: 'text/plain', 'user-agent': 'sdk' } });
    expect(arrived.map(({ headers }) => [headers.accept, headers['x-version']])).toEqual([
      ['application/vnd.x+json', '3'],
      ['text/plain', '3'],
    ]);
    expect(arrived.map(({ headers }) => headers['user-agent'])).toEqual([
      expect.stringMatching(/^apihydra\//),
      'sdk',
    ]);
  });

  it.each<[string, Body, RegExp]>([
    ['a form', form({ a: 'b' }), /^multipart\/form-data; boundary=(.+)$/],
    [
      'parameters',
      new URLSearchParams({ a: 'b' }),
      /^application\/x-www-form-urlencoded;charset=UTF-8$/,
    ],
    ['a Blob of a type', new Blob(['x'], { type: 'image/png' }), /^image\/png$/],
    ['a Blob of none', new Blob(['{}']), /^application\/json$/],
    ['text', '{}', /^application\/json$/],
    ['bytes', new Uint8Array([123, 125]), /^application\/json$/],
  ])("says what type a body has, else the API's: %s", async (_kind, body, expected) => {
    const { hydra, arrived } = await makeWorld(
      (request, response) => void echo(request, response),
      {
        api: { headers: { 'Content-Type': 'application/json' } },
      },
    );
    const answer = await hydra.fetch('/x', { method: 'POST', body });
    await hydra.fetch('/x', { method: 'POST', body, headers: { 'content-type': 'own/type' } });
    const [type = '', own] = arrived.map(({ headers }) => headers['content-type']);
    expect(type).toMatch(expected);
    expect(own).toBe('own/type');
    const boundary = expected.exec(type)?.[1] ?? '';
    const echoed = (await answer.json()) as { body: string };
    expect(echoed.body).toContain(boundary);
  });

  it('keeps no outcomes, and counts as any request', async () => {
    const { hydra } = await makeWorld((request, response) => {
      response.writeHead(request.url === '/v1/bad' ? 400 : 200).end('{}');
    });
    await hydra.get('/kept');
    await hydra.fetch('/x');
    await hydra.fetch('/bad');
    expect((await hydra.getResponses()).map(({ url }) => new URL(url).pathname)).toEqual([
      '/v1/kept',
    ]);
    expect(await hydra.failures()).toEqual([]);
    expect(hydra.stats).toMatchObject({ requested: 3, succeeded: 3, failed: 0, inFlight: 0 });
  });

  it('keeps to the limits of the apps, each hop of a redirect counted', async () => {
    const { hydra, arrived } = await makeWorld(
      (request, response) => {
        if (request.url === '/v1/0') response.writeHead(302, { location: '/v1/there' }).end();
        else response.end();
      },
      { apps: 1, api: { limits: [{ requests: 3, perMs: 60_000 }] } },
    );
    const answers = [0, 1].map((n) => hydra.fetch(`/${n}`));
    await Promise.all(answers);
    expect(arrived).toHaveLength(3);
    const abort = new AbortController();
    const late = hydra.fetch('/late', { signal: abort.signal });
    await until(() => hydra.stats.waiting === 1);
    abort.abort();
    expect((await errorOf(late)).name).toBe('AbortError');
    expect(hydra.stats).toMatchObject({ waiting: 0, attempts: 3 });
  });
});

describe('an answer of another status than 2xx', () => {
  it('is handed over once the retries are through, with its body', async () => {
    const { hydra, arrived } = await makeWorld(
      (_request, response) => void response.writeHead(500).end('broken'),
      { options: { maxRetries: 2 } },
    );
    const answer = await hydra.fetch('/x');
    expect([answer.status, answer.ok, await answer.text()]).toEqual([500, false, 'broken']);
    expect(arrived).toHaveLength(3);
  });

  it.each([
    [404, { maxNotFoundRetries: 1 }, 2],
    [401, { maxRetries: 0 }, 1],
    [422, {}, 1],
  ])('is handed over: %d', async (status, options, attempts) => {
    const { hydra, arrived } = await makeWorld(
      (_request, response) => void response.writeHead(status).end('why'),
      { options },
    );
    const answer = await hydra.fetch('/x');
    expect([answer.status, await answer.text()]).toEqual([status, 'why']);
    expect(arrived).toHaveLength(attempts);
  });

  it('is handed over at once for what must not be sent twice', async () => {
    const { hydra, arrived } = await makeWorld(
      (_request, response) => void response.writeHead(502).end(),
    );
    expect((await hydra.fetch('/x', { method: 'POST', body: 'x' })).status).toBe(502);
    expect(arrived).toHaveLength(1);
  });

  it.each([
    ['text', (): Body => 'a=b'],
    ['bytes', (): Body => new Uint8Array([97, 61, 98])],
    ['parameters', (): Body => new URLSearchParams({ a: 'b' })],
    ['a Blob', (): Body => new Blob(['a=b'])],
    ['a form', (): Body => form({ a: 'b' })],
  ])('has a refused request sent with another app, its body again: %s', async (_kind, make) => {
    const init = (): RequestInit => ({ method: 'POST', body: make() });
    const asks: ((hydra: ApiHydra, url: string) => Promise<Response>)[] = [
      (hydra, url) => hydra.fetch(url, init()),
      // As ky and openapi-fetch do it.
      (hydra, url) => hydra.fetch(new Request(url, init())),
    ];
    for (const ask of asks) {
      const bodies: string[] = [];
      const { hydra, origin, arrived } = await makeWorld(async (request, response) => {
        bodies.push((await readAll(request)).toString());
        response.writeHead(bodies.length === 1 ? 429 : 201, { 'retry-after': '60' }).end('{}');
      });
      expect((await ask(hydra, `${origin}/v1/x`)).status).toBe(201);
      const type = arrived[0]?.headers['content-type'] ?? '';
      const boundary = /boundary=(.+)/.exec(type)?.[1];
      const expected = boundary === undefined ? 'a=b' : formText(boundary);
      expect(bodies).toEqual([expected, expected]);
      expect(new Set(arrived.map(({ headers }) => headers.authorization)).size).toBe(2);
      expect(new Set(arrived.map(({ headers }) => headers['content-type'])).size).toBe(1);
    }
  });
});

describe('what fails', () => {
  it('is a TypeError with the reason: another origin, to which nothing is sent', async () => {
    let received = 0;
    const foreign = createServer((_request, response) => {
      received += 1;
      response.end();
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void foreign.close());
    const elsewhere = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/v1/x`;
    const { hydra } = await makeWorld((_request, response) => {
      response.writeHead(302, { location: elsewhere }).end();
    });
    for (const url of [elsewhere, '/redirected']) {
      const error = await errorOf(hydra.fetch(url));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.cause).toMatchObject({ code: 'HYDRA_FOREIGN_ORIGIN' });
    }
    expect(received).toBe(0);
  });

  it('is a TypeError with the reason: a server that cannot be reached', async () => {
    const hydra = makeHydra(`http://127.0.0.1:${await deadPort()}`, { options: { maxRetries: 1 } });
    const error = await errorOf(hydra.fetch('/x', { method: 'POST', body: 'x' }));
    expect([error.constructor, error.message]).toEqual([TypeError, 'fetch failed']);
    expect(error.cause).toMatchObject({ code: 'HYDRA_NETWORK', facts: { attempts: 2 } });
    expect((await hydra.failures()).length).toBe(0);
  });

  it('is a TypeError with the reason: no head in time', async () => {
    const { hydra } = await makeWorld(() => {}, { options: { timeoutMs: 50, maxRetries: 0 } });
    expect((await errorOf(hydra.fetch('/x'))).cause).toMatchObject({ code: 'HYDRA_TIMEOUT' });
  });

  it('is an error of the body: no further byte in time', async () => {
    const { hydra } = await makeWorld(
      (_request, response) => void response.writeHead(200).write('begun'),
      { options: { timeoutMs: 50 } },
    );
    const answer = await hydra.fetch('/x');
    const error = await errorOf(answer.text());
    expect([error.constructor, error.message]).toEqual([TypeError, 'terminated']);
    expect(error.cause).toMatchObject({ code: 'HYDRA_TIMEOUT' });
  });

  it('is an error of the body: the connection breaks', async () => {
    const { hydra } = await makeWorld((_request, response) => {
      response.writeHead(200, { 'content-length': '9' });
      response.write('begun', () => response.destroy());
    });
    const error = await errorOf((await hydra.fetch('/x')).text());
    expect(error.cause).toMatchObject({ code: 'HYDRA_NETWORK', facts: { status: 200 } });
  });

  it('is told of no apps, and of a hydra that has finished', async () => {
    const { hydra } = await makeWorld(() => {}, { apps: 0 });
    expect((await errorOf(hydra.fetch('/x'))).cause).toMatchObject({ code: 'HYDRA_NO_APPS' });
    await hydra.finish();
    expect((await errorOf(hydra.fetch('/x'))).cause).toMatchObject({ code: 'HYDRA_FINISHED' });
  });
});

describe('finishing', () => {
  it('waits for a fetch that was just begun, its redirects and its body', async () => {
    const { hydra } = await makeWorld((request, response) => {
      if (request.url === '/v1/a') response.writeHead(302, { location: '/v1/b' }).end();
      else response.end('x'.repeat(300_000));
    });
    const answer = hydra.fetch('/a', { method: 'PUT', body: 'x' }).then((one) => one.text());
    await hydra.finish();
    expect((await answer).length).toBe(300_000);
  });
});

describe('a signal', () => {
  it('ends the attempt under way', async () => {
    const { hydra, arrived, open } = await makeWorld(() => {});
    const abort = new AbortController();
    const answer = errorOf(hydra.fetch('/x', { signal: abort.signal }));
    await until(() => arrived.length === 1);
    const reason = new RangeError('enough');
    abort.abort(reason);
    expect(await answer).toBe(reason);
    await until(() => open.size === 0);
    expect(hydra.stats).toMatchObject({ waiting: 0, inFlight: 0 });
  });

  it('ends a request that waits for its next attempt', async () => {
    const { hydra, arrived } = await makeWorld(
      (_request, response) => void response.writeHead(429, { 'retry-after': '100' }).end(),
    );
    const abort = new AbortController();
    const answer = errorOf(hydra.fetch('/x', { signal: abort.signal }));
    await until(() => arrived.length === 2 && hydra.stats.inFlight === 0);
    abort.abort();
    expect((await answer).name).toBe('AbortError');
    expect(hydra.stats.waiting).toBe(0);
  });

  it('ends the body while it is read', async () => {
    const { hydra, open } = await makeWorld(
      (_request, response) => void response.writeHead(200).write('begun'),
    );
    const abort = new AbortController();
    const answer = await hydra.fetch('/x', { signal: abort.signal });
    const reading = errorOf(answer.text());
    abort.abort();
    expect((await reading).name).toBe('AbortError');
    await until(() => open.size === 0 && hydra.stats.inFlight === 0);
  });

  it('of the time that a program gives ends it as the standard has it', async () => {
    const { hydra } = await makeWorld(() => {});
    const error = await errorOf(hydra.fetch('/x', { signal: AbortSignal.timeout(20) }));
    expect(error.name).toBe('TimeoutError');
  });
});

/**
 * Each case goes through the standard's fetch and through the hydra's, to the same server: the answer or
 * the error must be the same.
 */
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { makeWorld, readAll } from './setting.js';

type Fetch = typeof globalThis.fetch;

const text = 'täxt '.repeat(1000);

const acts: Readonly<Record<string, RequestListener>> = {
  '/v1/json': (_request, response) => {
    response.setHeader('content-type', 'application/json').setHeader('x-own', 'a, b');
    response.setHeader('set-cookie', ['a=1', 'b=2; Path=/']).end('{"a":[1,2]}');
  },
  '/v1/echo': (request, response) => {
    void readAll(request).then((body) => {
      const { host: _host, authorization: _signed, ...headers } = request.headers;
      for (const name of ['user-agent', 'connection', 'transfer-encoding']) delete headers[name];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify([request.method, request.url, headers, body.toString('latin1')]));
    });
  },
  '/v1/empty': (_request, response) => void response.writeHead(204).end(),
  '/v1/reset': (_request, response) => void response.writeHead(205).end(),
  '/v1/unmodified': (_request, response) => void response.writeHead(304, { etag: '"x"' }).end(),
  '/v1/teapot': (_request, response) => void response.writeHead(418, 'Short and stout').end('no'),
  '/v1/forbidden': (_request, response) => void response.writeHead(403).end('{"message":"no"}'),
  '/v1/hints': (_request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.end('after hints');
  },
  '/v1/gzip': (_request, response) =>
    void response.setHeader('content-encoding', 'gzip').end(gzipSync(text)),
  '/v1/deflate': (_request, response) =>
    void response.setHeader('content-encoding', 'deflate').end(deflateSync(text)),
  '/v1/brotli': (_request, response) =>
    void response.setHeader('content-encoding', 'br').end(brotliCompressSync(text)),
  '/v1/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('begun', () => response.destroy());
  },
  '/v1/to-json': (_request, response) =>
    void response.writeHead(302, { location: '/v1/json' }).end(),
  '/v1/to-echo-303': (_request, response) =>
    void response.writeHead(303, { location: 'echo?x=1' }).end(),
  '/v1/to-echo-302': (_request, response) =>
    void response.writeHead(302, { location: 'echo' }).end(),
  '/v1/to-echo-307': (_request, response) =>
    void response.writeHead(307, { location: 'echo' }).end(),
  '/v1/to-nowhere': (_request, response) => void response.writeHead(302).end('no location'),
  '/v1/to-bad': (_request, response) =>
    void response.writeHead(302, { location: 'http://[' }).end(),
  '/v1/loop': (_request, response) => void response.writeHead(301, { location: '/v1/loop' }).end(),
  '/v1/to-part': (_request, response) =>
    void response.writeHead(302, { location: 'json#part' }).end(),
};

const act: RequestListener = (request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://x');
  const known = acts[pathname];
  if (known === undefined) response.writeHead(404).end('unknown');
  else known(request, response);
};

function stream(...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
}

const form = (): FormData => {
  const made = new FormData();
  made.append('name', 'välue');
  return made;
};

const cases: Readonly<Record<string, (fetch: Fetch, base: string) => Promise<Response>>> = {
  'a URL as a string': (fetch, base) => fetch(`${base}/json`),
  'a URL object': (fetch, base) => fetch(new URL(`${base}/json`)),
  'a Request': (fetch, base) => fetch(new Request(`${base}/echo`, { headers: { 'x-a': '1' } })),
  'init over a Request': (fetch, base) =>
    fetch(new Request(`${base}/echo`, { method: 'POST', body: 'a', headers: { 'x-a': '1' } }), {
      method: 'PUT',
      body: 'b',
      headers: { 'x-b': '2' },
    }),
  'a Request as init': (fetch, base) =>
    fetch(`${base}/echo`, new Request(base, { method: 'POST', body: 'x' })),
  'Headers, several of a name': (fetch, base) => {
    const headers = new Headers([
      ['x-a', '1'],
      ['x-a', '2'],
      ['Cookie', 'c=1'],
    ]);
    return fetch(`${base}/echo`, { headers });
  },
  HEAD: (fetch, base) => fetch(`${base}/json`, { method: 'HEAD' }),
  OPTIONS: (fetch, base) => fetch(`${base}/echo`, { method: 'options' }),
  'text as a body': (fetch, base) => fetch(`${base}/echo`, { method: 'POST', body: 'täxt' }),
  'bytes as a body': (fetch, base) =>
    fetch(`${base}/echo`, { method: 'PUT', body: new Uint8Array([0, 255, 1]).subarray(1) }),
  'parameters as a body': (fetch, base) =>
    fetch(`${base}/echo`, { method: 'PATCH', body: new URLSearchParams({ a: 'b c' }) }),
  'a Blob as a body': (fetch, base) =>
    fetch(`${base}/echo`, { method: 'POST', body: new Blob(['x'], { type: 'text/x' }) }),
  'a stream as a body': (fetch, base) =>
    fetch(`${base}/echo`, {
      method: 'POST',
      body: stream('one ', 'two'),
      duplex: 'half',
    }),
  'a stream without duplex': (fetch, base) =>
    fetch(`${base}/echo`, { method: 'POST', body: stream('x') }),
  'an empty body': (fetch, base) => fetch(`${base}/echo`, { method: 'POST', body: '' }),
  'no body with POST': (fetch, base) => fetch(`${base}/echo`, { method: 'POST' }),
  // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- this is what is tried
  'a body with GET': (fetch, base) => fetch(`${base}/echo`, { body: 'x' }),
  'a bad method': (fetch, base) => fetch(`${base}/echo`, { method: 'a b' }),
  'a forbidden method': (fetch, base) => fetch(`${base}/echo`, { method: 'TRACE' }),
  'a bad header': (fetch, base) => fetch(`${base}/echo`, { headers: { 'x-a': 'a\nb' } }),
  'no URL': (fetch) => fetch('no url'),
  'a URL with credentials': (fetch, base) => fetch(base.replace('//', '//me:pass@')),
  'status 204': (fetch, base) => fetch(`${base}/empty`),
  'status 205': (fetch, base) => fetch(`${base}/reset`),
  'status 304': (fetch, base) => fetch(`${base}/unmodified`),
  'status 418 with a phrase': (fetch, base) => fetch(`${base}/teapot`),
  'status 403': (fetch, base) => fetch(`${base}/forbidden`),
  'status 404': (fetch, base) => fetch(`${base}/nowhere`),
  'early hints': (fetch, base) => fetch(`${base}/hints`),
  gzip: (fetch, base) => fetch(`${base}/gzip`),
  deflate: (fetch, base) => fetch(`${base}/deflate`),
  brotli: (fetch, base) => fetch(`${base}/brotli`),
  'a body that is cut short': (fetch, base) => fetch(`${base}/cut`),
  'a redirect': (fetch, base) => fetch(`${base}/to-json`),
  'a redirect with a fragment': (fetch, base) => fetch(`${base}/to-part`),
  'a fragment': (fetch, base) => fetch(`${base}/json#part`),
  'a redirect to read the result of POST': (fetch, base) =>
    fetch(`${base}/to-echo-303`, { method: 'POST', body: 'x' }),
  'a redirect after POST, 302': (fetch, base) =>
    fetch(`${base}/to-echo-302`, { method: 'POST', body: 'x' }),
  'a redirect of PUT, 302': (fetch, base) =>
    fetch(`${base}/to-echo-302`, { method: 'PUT', body: 'x' }),
  'a redirect of POST, 307': (fetch, base) =>
    fetch(`${base}/to-echo-307`, { method: 'POST', body: 'again' }),
  'a redirect of a stream, 307': (fetch, base) =>
    fetch(`${base}/to-echo-307`, {
      method: 'POST',
      body: stream('x'),
      duplex: 'half',
    }),
  'a redirect that is not followed': (fetch, base) =>
    fetch(`${base}/to-json`, { redirect: 'manual' }),
  'a redirect that is an error': (fetch, base) => fetch(`${base}/to-json`, { redirect: 'error' }),
  'a redirect without a place': (fetch, base) => fetch(`${base}/to-nowhere`),
  'a redirect to no URL': (fetch, base) => fetch(`${base}/to-bad`),
  'a redirect without end': (fetch, base) => fetch(`${base}/loop`),
  'a signal that is aborted': (fetch, base) =>
    fetch(`${base}/json`, { signal: AbortSignal.abort() }),
  'a signal with a reason': (fetch, base) =>
    fetch(`${base}/json`, { signal: AbortSignal.abort(new RangeError('mine')) }),
};

/** What a program sees of it. */
async function seen(task: () => Promise<Response>): Promise<unknown> {
  try {
    const response = await task();
    const { status, statusText, ok, type, redirected, url } = response;
    const headers = [...response.headers].filter(
      ([name]) => !['date', 'keep-alive'].includes(name),
    );
    const isPlain = response instanceof Response && response.headers instanceof Headers;
    const body = await response.text().catch(described);
    return { status, statusText, ok, type, redirected, url, headers, isPlain, body };
  } catch (error) {
    return described(error as Error);
  }
}

/** The cause of a network error is the hydra's own. */
function described(error: Error): unknown {
  const { name, message, constructor } = error;
  return { name, message, class: constructor.name };
}

describe('the same as with the standard fetch is seen of', () => {
  it.each(Object.entries(cases))('%s', async (_name, run) => {
    const { hydra, origin } = await makeWorld(act, { options: { maxNotFoundRetries: 0 } });
    const base = `${origin}/v1`;
    const expected = await seen(() => run(globalThis.fetch, base));
    expect(await seen(() => run(hydra.fetch, base))).toEqual(expected);
  });

  it('a form as a body', async () => {
    const { hydra, origin } = await makeWorld(async (request, response) => {
      const body = (await readAll(request)).toString();
      const boundary = /boundary=(.*)/.exec(String(request.headers['content-type']))?.[1] ?? '?';
      response.end(`${request.headers['content-length']} ${body.replaceAll(boundary, 'B')}`);
    });
    const [expected, got] = await Promise.all(
      [globalThis.fetch, hydra.fetch].map(async (fetch) =>
        (await fetch(`${origin}/v1/`, { method: 'POST', body: form() })).text(),
      ),
    );
    expect(got?.replace(/^\d+/, '')).toContain('name="name"');
    // The boundary is chance, of a length that may differ.
    expect(got?.replace(/^\d+/, '')).toBe(expected?.replace(/^\d+/, ''));
  });
});

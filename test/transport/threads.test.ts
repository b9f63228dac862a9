import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { ApiHydra, bearerToken, defineApi } from '../../src/index.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import {
  listenHttp,
  listenHttps,
  makeThreadTransport,
  request,
  send,
  sharedThreads,
  textOf,
  until,
} from './http-world.js';

const faulty = new URL('./faulty-thread.mjs', import.meta.url);

/** An answer of 50 KB that tells which one it is. */
const answer = (path: string): string =>
  JSON.stringify({
    path,
    list: Array.from({ length: 2500 }, (_, index) => `${path}-${index * 7}`),
  });

function makeHydra(origin: string, transport: ReturnType<typeof makeThreadTransport>['transport']) {
  return new ApiHydra(
    {
      api: defineApi({
        baseUrl: origin,
        limits: [{ requests: 10_000, perMs: 1000 }],
        auth: bearerToken(),
        responseType: 'json',
      }),
      apps: [{ id: 'a', credentials: { token: 't' } }],
      appsFile: false,
      store: false,
      minRequestDelayMs: 0,
      retryDelayMs: 1,
      logLevel: 'fatal',
    },
    { transport },
  );
}

describe('threads', () => {
  const transport = sharedThreads();

  it('bring compressed answers of 50 KB over TLS home, each to who asked for it', async () => {
    const { origin } = await listenHttps((incoming, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(answer(incoming.url ?? '')));
    });
    const paths = Array.from({ length: 60 }, (_, index) => `/${index}`);
    const results = await Promise.all(
      paths.map((path) => send(transport(), request(origin, { path }))),
    );
    expect(
      results.map((result) => textOf(result) === answer(JSON.parse(textOf(result)).path)),
    ).toEqual(paths.map(() => true));
    expect(results.map((result) => JSON.parse(textOf(result)).path)).toEqual(paths);
    for (const result of results) expect(result).toMatchObject({ isJson: true });
  });

  it('get what is asked for in one turn of the event loop in one message each', async () => {
    const { origin } = await listenHttp((_request, response) => response.end('ok'));
    // None is still starting: until it has, what it gets waits for it anyway.
    await Promise.all(Array.from({ length: 4 }, () => send(transport(), request(origin))));
    const posts = vi.spyOn(Worker.prototype, 'postMessage');
    onTestFinished(() => posts.mockRestore());
    const all = Array.from({ length: 40 }, () => send(transport(), request(origin)));
    await Promise.resolve();
    expect(posts.mock.calls.length).toBeGreaterThanOrEqual(1);
    expect(posts.mock.calls.length).toBeLessThanOrEqual(2);
    expect((await Promise.all(all)).map(textOf)).toEqual(all.map(() => 'ok'));
  });

  it('tell times on the clock of the main thread', async () => {
    const { origin } = await listenHttp((_request, response) => response.end('ok'));
    const beginMs = systemClock.now();
    const result = await send(transport(), request(origin));
    const endMs = systemClock.now();
    const { writtenAtMs = 0, headAtMs = 0 } = result.kind === 'response' ? result : {};
    // Clocks of threads are compared with a precision of less than a millisecond.
    expect(writtenAtMs).toBeGreaterThan(beginMs - 1);
    expect(headAtMs).toBeGreaterThanOrEqual(writtenAtMs);
    expect(headAtMs).toBeLessThan(endMs + 1);
  });

  it('leave the body of a request where it is, so that it can be sent again', async () => {
    const { origin } = await listenHttp((incoming, response) => void incoming.pipe(response));
    const body = new Uint8Array(40_000).fill(120);
    const attempt = request(origin, { method: 'POST', body });
    expect(textOf(await send(transport(), attempt))).toBe('x'.repeat(40_000));
    expect(textOf(await send(transport(), attempt))).toBe('x'.repeat(40_000));
  });
});

describe('a thread that dies', () => {
  it('breaks what it had begun, nothing else, and another takes its place', async () => {
    const waiting: (() => void)[] = [];
    const { origin } = await listenHttp((incoming, response) => {
      if (incoming.url !== '/die') waiting.push(() => response.end(incoming.url));
    });
    const { transport, warnings, errors } = makeThreadTransport({}, { threadUrl: faulty });
    const [first, second] = ['/first', '/second'].map((path) =>
      send(transport, request(origin, { path })),
    );
    // Each thread has one. The next one goes to the first thread.
    await until(() => waiting.length === 2);
    expect(await send(transport, request(origin, { path: '/die' }))).toMatchObject({
      kind: 'broken',
      error: { message: expect.stringContaining('exit code 3') },
    });
    expect((await first)?.kind).toBe('broken');
    const third = send(transport, request(origin, { path: '/third' }));
    const fourth = send(transport, request(origin, { path: '/fourth' }));
    await until(() => waiting.length === 4);
    for (const respond of waiting) respond();
    const results = await Promise.all([second, third, fourth]);
    expect(results.map((result) => result && textOf(result))).toEqual([
      '/second',
      '/third',
      '/fourth',
    ]);
    expect([warnings.length, errors.length]).toEqual([1, 0]);
  });

  it('loses no request, however often it happens', async () => {
    const { origin } = await listenHttp((incoming, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(incoming.url));
    });
    const { transport, warnings } = makeThreadTransport(
      { DIES_AFTER: '40' },
      { threadUrl: faulty },
    );
    const hydra = makeHydra(origin, transport);
    const paths = Array.from({ length: 200 }, (_, index) => `/${index}`);
    for (const path of paths) hydra.get(path);
    const pairs = await hydra.getResponsesAsJson<string>();
    expect(pairs.map(([, body]) => body)).toEqual(paths);
    await hydra.finish();
    expect(warnings.length).toBeGreaterThan(0);
  });

  it('at once, again and again, makes everything go on in the main thread, which is told once', async () => {
    let arrived = 0;
    const { origin } = await listenHttp((incoming, response) => {
      arrived += 1;
      response.end(incoming.url);
    });
    const { transport, errors } = makeThreadTransport({ DIES_AFTER: '0' }, { threadUrl: faulty });
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        send(transport, request(origin, { path: `/${index}` })),
      ),
    );
    expect(results.map(textOf)).toEqual(Array.from({ length: 10 }, (_, index) => `/${index}`));
    expect(textOf(await send(transport, request(origin, { path: '/later' })))).toBe('/later');
    expect(arrived).toBe(11);
    expect(errors).toEqual([expect.stringMatching(/option `threads`.*exit code 3/)]);
  });

  it('before it was told of an attempt does not keep that from being broken off', async () => {
    let arrived = 0;
    const { origin } = await listenHttp((_request, response) => {
      arrived += 1;
      if (arrived === 1) response.end('ok');
    });
    const { transport } = makeThreadTransport({ DIES_AFTER: '0' }, { threadUrl: faulty });
    const aborts: (() => void)[] = [];
    const held = send(transport, request(origin), (abort) => aborts.push(abort));
    expect(textOf(await held)).toBe('ok');
    const hanging = send(transport, request(origin), (abort) => aborts.push(abort));
    await until(() => arrived === 2);
    for (const abort of aborts) abort();
    expect(await hanging).toEqual({ kind: 'aborted' });
  });

  it('as a module that is not there does so, too', async () => {
    const { origin } = await listenHttp((_request, response) => response.end('ok'));
    const threadUrl = new URL('./nothing-here.mjs', import.meta.url);
    const { transport, errors } = makeThreadTransport({}, { threads: 1, threadUrl });
    expect(textOf(await send(transport, request(origin)))).toBe('ok');
    expect(errors).toEqual([expect.stringContaining('nothing-here.mjs')]);
  });
});

describe('a thread that hangs', () => {
  it('lets attempts time out all the same, and gets no more of them', async () => {
    const { origin } = await listenHttp((incoming, response) => response.end(incoming.url));
    const clock = new VirtualClock();
    const { transport } = makeThreadTransport({}, { clock, threadUrl: faulty });
    const hanging = send(transport, request(origin, { path: '/hang', timeoutMs: 1000 }));
    const other = await send(transport, request(origin, { path: '/other' }));
    expect(textOf(other)).toBe('/other');
    await clock.advance(1000);
    expect(await hanging).toEqual({ kind: 'timeout' });
    for (const path of ['/1', '/2']) {
      expect(textOf(await send(transport, request(origin, { path })))).toBe(path);
    }
  });
});

import type { Http2SecureServer, Http2Session, ServerHttp2Stream } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import {
  listenHttp,
  listenHttp2,
  listenHttps,
  makeTransport as makeTransportHere,
  request,
  send,
  sharedThreads,
  textOf,
  until,
  type Listening,
} from './http-world.js';

const REFUSED_STREAM = 7;

const makeTransport = (clock?: VirtualClock) =>
  makeTransportHere({}, { http2: true, ...(clock === undefined ? {} : { clock }) });

type Headers = Record<string, string | string[] | undefined>;

/** A server that does so with each stream. */
function serve(
  act: (stream: ServerHttp2Stream, path: string, headers: Headers) => void,
  options?: Parameters<typeof listenHttp2>[1],
): Promise<Listening> {
  return listenHttp2((server) => {
    server.on('stream', (stream, headers) => act(stream, headers[':path'] ?? '', headers));
  }, options);
}

function respond(stream: ServerHttp2Stream, body: string): void {
  stream.respond({ ':status': 200 });
  stream.end(body);
}

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`);

describe('HTTP/2', () => {
  it('carries attempts side by side over one connection', async () => {
    const waiting: (() => void)[] = [];
    const server = await serve((stream, path) => {
      waiting.push(() => respond(stream, path));
      if (waiting.length === 20) for (const answer of waiting) answer();
    });
    const transport = makeTransport();
    const results = await Promise.all(
      paths(20).map((path) => send(transport, request(server.origin, { path }))),
    );
    expect(results.map(textOf)).toEqual(paths(20));
    expect(server.connections).toBe(1);
  });

  it('carries bodies of any bytes in both directions, of POST beside others', async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    const seen: Headers[] = [];
    const { origin } = await serve((stream, _path, headers) => {
      seen.push(headers);
      stream.respond({ ':status': 200, 'set-cookie': ['a=1', 'b=2'], 'x-one': '1' });
      stream.pipe(stream);
    });
    const transport = makeTransport();
    const post = request(origin, { method: 'POST', body: bytes, headers: { 'x-two': '2' } });
    const results = await Promise.all([send(transport, post), send(transport, post)]);
    for (const result of results) {
      expect(result).toMatchObject({
        status: 200,
        wireBytes: 300_000,
        headers: { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] },
      });
      expect(Buffer.from(bytes).equals('body' in result ? result.body : Buffer.alloc(0))).toBe(
        true,
      );
    }
    expect(seen[0]).toMatchObject({ ':method': 'POST', 'x-two': '2', 'content-length': '300000' });
  });

  it('decodes bodies, and waits for none where there is none', async () => {
    const { origin } = await serve((stream, path) => {
      if (path === '/gzip') {
        stream.respond({ ':status': 200, 'content-encoding': 'gzip', 'set-cookie': 'a=1' });
        stream.end(gzipSync('whole'));
      } else {
        stream.respond({ ':status': Number(path.slice(1)) }, { endStream: true });
      }
    });
    const transport = makeTransport();
    const whole = await send(transport, request(origin, { path: '/gzip' }));
    expect(textOf(whole)).toBe('whole');
    expect(whole).toMatchObject({ headers: { 'set-cookie': 'a=1' } });
    for (const status of [204, 304, 404]) {
      const result = await send(transport, request(origin, { path: `/${status}` }));
      expect(result).toMatchObject({ kind: 'response', status, wireBytes: 0 });
    }
    const head = await send(transport, request(origin, { path: '/200', method: 'HEAD' }));
    expect(head).toMatchObject({ kind: 'response', status: 200 });
  });

  it('opens no more streams at once than the server allows', async () => {
    const atOnce = new Map<Http2Session | undefined, number>();
    let most = 0;
    const { origin } = await serve(
      (stream, path) => {
        const { session } = stream;
        atOnce.set(session, (atOnce.get(session) ?? 0) + 1);
        most = Math.max(most, atOnce.get(session) ?? 0);
        setTimeout(() => {
          atOnce.set(session, (atOnce.get(session) ?? 0) - 1);
          respond(stream, path);
        }, 2);
      },
      { settings: { maxConcurrentStreams: 5 } },
    );
    const transport = makeTransport();
    const results = await Promise.all(
      paths(60).map((path) => send(transport, request(origin, { path }))),
    );
    expect(results.map(textOf)).toEqual(paths(60));
    expect(most).toBe(5);
  });

  it('is left for HTTP/1.1 where the server offers only that, or no TLS', async () => {
    const asked: string[] = [];
    const tls = await listenHttps((incoming, response) => {
      asked.push(incoming.httpVersion);
      response.end(incoming.url);
    });
    const plain = await listenHttp((incoming, response) => response.end(incoming.url));
    const transport = makeTransport();
    for (const { origin } of [tls, plain]) {
      const results = await Promise.all(
        paths(5).map((path) => send(transport, request(origin, { path }))),
      );
      expect(results.map(textOf)).toEqual(paths(5));
      expect(textOf(await send(transport, request(origin, { path: '/later' })))).toBe('/later');
    }
    expect(asked).toEqual(Array.from({ length: 6 }, () => '1.1'));
  });

  it('leaves a server that refuses a stream unreached: it has not acted', async () => {
    const { origin } = await serve((stream) => stream.close(REFUSED_STREAM));
    expect(
      await send(makeTransport(), request(origin, { method: 'POST', body: 'x' })),
    ).toMatchObject({ kind: 'unreachable' });
  });

  it('brings home what a server that closes the connection still answers, and says what it has not seen', async () => {
    const held: ServerHttp2Stream[] = [];
    const server = await serve((stream, path) => {
      if (path === '/later') return respond(stream, path);
      held.push(stream);
      if (held.length < 10) return;
      // The first five are answered yet.
      stream.session?.goaway(0, held[4]?.id);
      setTimeout(() => {
        for (const [place, one] of held.slice(0, 5).entries()) respond(one, `/${place}`);
      }, 20);
    });
    const transport = makeTransport();
    const results = await Promise.all(
      paths(10).map((path) => send(transport, request(server.origin, { path }))),
    );
    expect(results.slice(0, 5).map(textOf)).toEqual(paths(5));
    expect(results.slice(5).map(({ kind }) => kind)).toEqual(paths(5).map(() => 'unreachable'));
    const later = await send(transport, request(server.origin, { path: '/later' }));
    expect(textOf(later)).toBe('/later');
    expect(server.connections).toBe(2);
  });

  it.each([
    ['breaks off with an error', (stream: ServerHttp2Stream): void => stream.session?.goaway(2)],
    [
      'is reset',
      (_stream: ServerHttp2Stream, { open }: Listening): void => {
        for (const socket of open) socket.resetAndDestroy();
      },
    ],
  ])('fails attempts whose connection %s; the next one has another', async (_how, end) => {
    let streams = 0;
    const server: Listening = await serve((stream, path) => {
      streams += 1;
      if (path === '/later') respond(stream, path);
      else if (streams === 3) end(stream, server);
    });
    const transport = makeTransport();
    const results = await Promise.all(
      paths(3).map((path) => send(transport, request(server.origin, { path }))),
    );
    for (const { kind } of results) expect(['broken', 'unreachable']).toContain(kind);
    const later = await send(transport, request(server.origin, { path: '/later' }));
    expect(textOf(later)).toBe('/later');
  });

  it.each([
    ['with its length told', { 'content-length': '100' }],
    ['without', {}],
  ])('takes an answer that is cut short for a failed attempt, %s', async (_how, headers) => {
    const { origin } = await serve((stream) => {
      stream.respond({ ':status': 200, ...headers });
      stream.write('{"a":', () => stream.destroy(new Error('faulty')));
    });
    expect(await send(makeTransport(), request(origin))).toMatchObject({ kind: 'broken' });
  });

  it('takes an answer that ends before its length says for a failed attempt', async () => {
    const { origin } = await serve((stream) => {
      stream.respond({ ':status': 200, 'content-length': '100' });
      stream.end('{"a":');
    });
    expect(await send(makeTransport(), request(origin))).toMatchObject({ kind: 'broken' });
  });

  it('closes the stream of an attempt that is aborted, not the connection', async () => {
    let arrived = false;
    let closed = false;
    const server = await serve((stream, path) => {
      if (path === '/later') return respond(stream, path);
      arrived = true;
      stream.on('close', () => (closed = true));
    });
    const transport = makeTransport();
    const aborts: (() => void)[] = [];
    const result = send(transport, request(server.origin), (abort) => aborts.push(abort));
    await until(() => arrived);
    for (const abort of aborts) abort();
    expect(await result).toEqual({ kind: 'aborted' });
    await until(() => closed);
    const later = await send(transport, request(server.origin, { path: '/later' }));
    expect(textOf(later)).toBe('/later');
  });

  it('sends nothing of an attempt that was aborted before there was a connection', async () => {
    let arrived = 0;
    const { origin } = await serve((stream, path) => {
      arrived += 1;
      respond(stream, path);
    });
    const transport = makeTransport();
    expect(await send(transport, request(origin), (abort) => abort())).toEqual({ kind: 'aborted' });
    expect(textOf(await send(transport, request(origin, { path: '/later' })))).toBe('/later');
    expect(arrived).toBe(1);
  });

  it('times out on a dead connection, and takes another for the next attempt', async () => {
    const clock = new VirtualClock();
    let arrived = false;
    const server: Listening = await serve((stream, path) => {
      if (path === '/later') return respond(stream, path);
      arrived = true;
      // Nothing is read any more, so no ping is answered either.
      for (const socket of server.open) socket.pause();
    });
    const transport = makeTransport(clock);
    const result = send(transport, request(server.origin, { timeoutMs: 1000 }));
    await until(() => arrived);
    await clock.advance(1000);
    expect(await result).toEqual({ kind: 'timeout' });
    const later = await send(transport, request(server.origin, { path: '/later' }));
    expect(textOf(later)).toBe('/later');
    expect(server.connections).toBe(2);
  });

  it('leaves a server unreached at whose port nobody listens, and one that hangs up at once', async () => {
    const transport = makeTransport();
    const { origin } = await listenHttp2((server: Http2SecureServer) => {
      server.on('connection', (socket) => socket.destroy());
    });
    const results = await Promise.all([
      send(transport, request('https://127.0.0.1:1')),
      send(transport, request(origin)),
    ]);
    expect(results).toMatchObject([
      { kind: 'unreachable', error: { code: 'ECONNREFUSED' } },
      { kind: 'broken' },
    ]);
  });

  it('fails what it has under way when the transport is closed', async () => {
    let arrived = false;
    const { origin } = await serve(() => {
      arrived = true;
    });
    const transport = makeTransport();
    const result = send(transport, request(origin));
    await until(() => arrived);
    await transport.close();
    expect((await result).kind).toBe('broken');
  });

  it('settles an attempt that cannot even be sent, later and once', async () => {
    const { origin } = await serve((stream, path) => respond(stream, path));
    const transport = makeTransport();
    await send(transport, request(origin));
    let settled = 0;
    const result = new Promise((resolve) => {
      transport.send(request(origin, { headers: { 'bad name': 'x' } }), (end) => {
        settled += 1;
        resolve(end);
      });
      expect(settled).toBe(0);
    });
    expect(await result).toMatchObject({ kind: 'broken' });
    expect(settled).toBe(1);
  });
});

describe('HTTP/2 in threads', () => {
  const transport = sharedThreads({ http2: true });

  it('carries attempts side by side, over one connection for each thread', async () => {
    const waiting: (() => void)[] = [];
    const server = await serve((stream, path) => {
      waiting.push(() => respond(stream, path));
      if (waiting.length === 20) for (const answer of waiting) answer();
    });
    const results = await Promise.all(
      paths(20).map((path) => send(transport(), request(server.origin, { path }))),
    );
    expect(results.map(textOf)).toEqual(paths(20));
    expect(server.connections).toBe(2);
  });

  it('is left for HTTP/1.1 where the server offers only that', async () => {
    const { origin } = await listenHttps((incoming, response) => response.end(incoming.url));
    const results = await Promise.all(
      paths(5).map((path) => send(transport(), request(origin, { path }))),
    );
    expect(results.map(textOf)).toEqual(paths(5));
  });
});

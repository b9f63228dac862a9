import { expect, it } from 'vitest';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import {
  deadPort,
  listenHttp,
  listenTcp,
  request,
  send,
  textOf,
  describeTransports,
  until,
} from './http-world.js';

const head = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';

describeTransports('a connection', (makeTransport) => {
  it('that is refused leaves the server unreached', async () => {
    const origin = `http://127.0.0.1:${await deadPort()}`;
    expect(await send(makeTransport(), request(origin))).toMatchObject({
      kind: 'unreachable',
      error: { code: 'ECONNREFUSED' },
    });
  });

  it.each([
    ['before the head of the answer', ''],
    ['within the head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['within the body', `${head}{`],
  ])('that is reset %s is a failed attempt that the server may have seen', async (_when, sent) => {
    const { origin } = await listenTcp((socket) => {
      socket.once('data', () => socket.write(sent, () => socket.resetAndDestroy()));
      if (sent === '') socket.once('data', () => socket.resetAndDestroy());
    });
    expect(await send(makeTransport(), request(origin))).toMatchObject({ kind: 'broken' });
  });

  it('that speaks no HTTP is a failed attempt', async () => {
    const { origin } = await listenTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await send(makeTransport(), request(origin))).toMatchObject({ kind: 'broken' });
  });

  it.each([
    ['before the head of the answer', ''],
    ['within the body', `${head}{`],
  ])('that stalls %s times out, and is closed', async (_when, sent) => {
    const clock = new VirtualClock();
    let arrived = false;
    const server = await listenTcp((socket) => {
      socket.once('data', () => {
        socket.write(sent);
        arrived = true;
      });
    });
    const result = send(makeTransport({}, { clock }), request(server.origin, { timeoutMs: 1000 }));
    await until(() => arrived);
    await clock.advance(999);
    expect(server.open.size).toBe(1);
    await clock.advance(1);
    expect(await result).toEqual({ kind: 'timeout' });
    await until(() => server.open.size === 0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('that drips is bounded to its last byte', async () => {
    const clock = new VirtualClock();
    let drips = 0;
    const server = await listenTcp((socket) => {
      socket.once('data', () => {
        socket.write(head);
        const drip = setInterval(() => {
          if (!socket.destroyed) socket.write('x');
          drips += 1;
        }, 1);
        socket.on('close', () => clearInterval(drip));
      });
    });
    const result = send(makeTransport({}, { clock }), request(server.origin, { timeoutMs: 1000 }));
    await until(() => drips > 5);
    await clock.advance(900);
    await until(() => drips > 10);
    await clock.advance(100);
    expect(await result).toEqual({ kind: 'timeout' });
    await until(() => server.open.size === 0);
  });

  it('is closed when its attempt is aborted in flight', async () => {
    let arrived = false;
    const server = await listenHttp(() => {
      arrived = true;
    });
    const aborts: (() => void)[] = [];
    const result = send(makeTransport(), request(server.origin), (abort) => aborts.push(abort));
    await until(() => arrived);
    for (const abort of aborts) abort();
    expect(await result).toEqual({ kind: 'aborted' });
    await until(() => server.open.size === 0);
    for (const abort of aborts) abort();
  });

  it('is not used for an attempt that was aborted at once', async () => {
    let arrived = 0;
    const server = await listenHttp((_request, response) => {
      arrived += 1;
      response.end('ok');
    });
    const transport = makeTransport();
    const result = await send(transport, request(server.origin), (abort) => abort());
    expect(result).toEqual({ kind: 'aborted' });
    expect(textOf(await send(transport, request(server.origin)))).toBe('ok');
    expect(arrived).toBe(1);
  });

  it('is used again for the next attempt', async () => {
    const server = await listenHttp((_request, response) => {
      response.end('ok');
    });
    const transport = makeTransport();
    for (let i = 0; i < 20; i++) await send(transport, request(server.origin));
    // The next attempt may begin before the connection of the last one counts as idle.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('is made for each of 100 attempts at once, and all come home', async () => {
    const waiting: (() => void)[] = [];
    const server = await listenHttp((incoming, response) => {
      waiting.push(() => response.end(incoming.url));
      if (waiting.length === 100) for (const answer of waiting) answer();
    });
    const transport = makeTransport();
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        send(transport, request(server.origin, { path: `/${index}` })),
      ),
    );
    expect(results.map(textOf)).toEqual(Array.from({ length: 100 }, (_, index) => `/${index}`));
    expect(server.connections).toBe(100);
  });

  it('is one of so many at most: what comes while all are in use waits for the next free one', async () => {
    const server = await listenHttp((incoming, response) => {
      response.end(incoming.url);
    });
    const transport = makeTransport({}, { maxConnections: 3 });
    const next = async (left: number): Promise<void> => {
      const result = await send(transport, request(server.origin, { path: `/${left}` }));
      expect(textOf(result)).toBe(`/${left}`);
      // Sent at once after the answer, as the engine does.
      if (left > 0) await next(left - 1);
    };
    await Promise.all(Array.from({ length: 5 }, () => next(20)));
    expect(server.connections).toBe(3);
  });

  it('that cannot be made fails also the attempts that wait for it', async () => {
    const origin = `http://127.0.0.1:${await deadPort()}`;
    const transport = makeTransport({}, { maxConnections: 2 });
    const all = Array.from({ length: 6 }, () => send(transport, request(origin)));
    const results = await Promise.all(all);
    expect(results.map(({ kind }) => kind)).toEqual(results.map(() => 'unreachable'));
  });

  it('ends its attempt when the transport is closed', async () => {
    let arrived = false;
    const { origin } = await listenHttp(() => {
      arrived = true;
    });
    const transport = makeTransport({});
    const result = send(transport, request(origin));
    await until(() => arrived);
    await transport.close();
    expect((await result).kind).toBe('broken');
  });

  it('settles an attempt that cannot even be sent, later and once', async () => {
    const transport = makeTransport();
    let settled = 0;
    const result = new Promise((resolve) => {
      transport.send(request('http://127.0.0.1:1', { headers: { 'bad name': 'x' } }), (end) => {
        settled += 1;
        resolve(end);
      });
      expect(settled).toBe(0);
    });
    expect(await result).toMatchObject({ kind: 'broken' });
    expect(settled).toBe(1);
  });
});

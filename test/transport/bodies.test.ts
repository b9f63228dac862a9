import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeBody } from '../../src/transport/decode-body.js';
import { listenHttp, listenTcp, request, send, textOf, describeTransports } from './http-world.js';

const text = JSON.stringify({ list: Array.from({ length: 500 }, (_, index) => `ä${index}`) });

describeTransports('a body', (makeTransport) => {
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['identity', Buffer.from(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
  ])('encoded as %s is decoded, and counted as it came over the wire', async (encoding, body) => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    const result = await send(makeTransport(), request(origin));
    expect(textOf(result)).toBe(text);
    expect(result).toMatchObject({ status: 200, wireBytes: body.byteLength });
  });

  it('with two Content-Encoding lines is decoded as with one', async () => {
    const body = brotliCompressSync(gzipSync(text));
    const { origin } = await listenTcp((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: ${body.byteLength}\r\n\r\n`,
      );
      socket.write(body);
    });
    expect(textOf(await send(makeTransport(), request(origin)))).toBe(text);
  });

  it.each([
    ['becomes', gzipSync(Buffer.alloc(3_000_000, 'x'))],
    ['is', gzipSync(randomBytes(200_000).toString('hex'))],
  ])('that %s large is decoded as well', async (_what, body) => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body);
    });
    const result = await send(makeTransport(), request(origin));
    expect(textOf(result) === gunzipSync(body).toString()).toBe(true);
  });

  it.each(['zstd-or-so', 'constructor', '__proto__'])(
    'encoded as %s is a failed attempt',
    async (encoding) => {
      const { origin } = await listenHttp((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end('x');
      });
      expect(await send(makeTransport(), request(origin))).toMatchObject({ kind: 'broken' });
    },
  );

  it.each([
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
  ])(
    'of %s that is cut short is a failed attempt, however it is framed',
    async (encoding, body) => {
      for (const share of [0.1, 0.5, 0.99]) {
        await expect(
          decodeBody(body.subarray(0, Math.floor(body.byteLength * share)), encoding),
        ).rejects.toThrow(/unexpected end of file/);
      }
      const { origin } = await listenHttp((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(body.subarray(0, -10));
      });
      expect(await send(makeTransport(), request(origin))).toMatchObject({ kind: 'broken' });
    },
  );

  it.each([
    ['content-length', 'Content-Length: 100\r\n\r\n{"a":'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'],
    ['chunks, within one', 'Transfer-Encoding: chunked\r\n\r\n50\r\n{"a":'],
  ])('that ends before its %s say is a failed attempt', async (_what, rest) => {
    const { origin } = await listenTcp((socket) => {
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${rest}`);
    });
    expect(await send(makeTransport(), request(origin))).toMatchObject({ kind: 'broken' });
  });

  it.each([204, 205, 304])('is not waited for at status %d', async (status) => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(status, { 'content-encoding': 'gzip' }).end();
    });
    const result = await send(makeTransport(), request(origin));
    expect(result).toMatchObject({ kind: 'response', status, wireBytes: 0 });
    expect(textOf(result)).toBe('');
  });

  it('is not waited for in an answer to HEAD', async () => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(200, { 'content-length': '5000' }).end();
    });
    const result = await send(makeTransport(), request(origin, { method: 'HEAD' }));
    expect(result).toMatchObject({ kind: 'response', status: 200, wireBytes: 0 });
  });

  it('may be of any bytes, in both directions', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    const { origin } = await listenHttp((incoming, response) => {
      incoming.pipe(response);
    });
    const result = await send(makeTransport(), request(origin, { method: 'POST', body: bytes }));
    expect(result).toMatchObject({ status: 200, wireBytes: 70_000 });
    expect(Buffer.from(bytes).equals('body' in result ? result.body : Buffer.alloc(0))).toBe(true);
  });

  it('comes with its head, several cookies as a list', async () => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(201, { 'X-One': '1', 'Set-Cookie': ['a=1', 'b=2'] }).end();
    });
    expect(await send(makeTransport(), request(origin))).toMatchObject({
      status: 201,
      headers: { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] },
    });
  });

  it('is whole after an early hint', async () => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.end('whole'));
    });
    const result = await send(makeTransport(), request(origin));
    expect(result).toMatchObject({ status: 200 });
    expect(textOf(result)).toBe('whole');
  });
});

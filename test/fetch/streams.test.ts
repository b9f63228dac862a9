/** Bodies in and out, piece by piece: how far one side gets ahead of the other is what is kept in memory. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiHydra, Auth } from '../../src/index.js';
import {
  deadPort,
  listenHttp2,
  makeThreadTransport,
  makeTransport,
  until,
} from '../transport/http-world.js';
import { errorOf, makeHydra, makeWorld, readAll, type World } from './setting.js';

const MB = 1 << 20;
/** What sockets and streams may hold between the two sides; the most of it is the system's. */
const BETWEEN = 16 * MB;
const piece = Buffer.alloc(1 << 16, 'x');

interface Sent {
  bytes: number;
}

/** Writes as much as the reader takes. */
async function write(to: NodeJS.WritableStream, bytes: number, sent: Sent): Promise<void> {
  for (let left = bytes; left > 0; left -= piece.byteLength) {
    const isTaken = to.write(piece);
    sent.bytes += piece.byteLength;
    if (!isTaken) await once(to, 'drain');
  }
  to.end();
}

/** Resolves once something has not changed for a while. */
async function settled(value: () => number): Promise<void> {
  for (let same = 0, last = -1; same < 5; last = value()) {
    same = value() === last ? same + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Bytes in pieces, counted as they are taken. */
async function* pieces(bytes: number, taken: Sent): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= piece.byteLength) {
    taken.bytes += piece.byteLength;
    yield piece;
  }
}

function upload(
  hydra: ApiHydra,
  body: AsyncIterable<Uint8Array>,
  more: RequestInit = {},
): Promise<Response> {
  const init = { method: 'PUT', body, duplex: 'half', ...more };
  return hydra.fetch('/x', init as unknown as RequestInit);
}

/** A hydra, and a server that sends a large body. */
async function sending(bytes: number): Promise<World & { sent: Sent }> {
  const sent = { bytes: 0 };
  const act = (_request: IncomingMessage, response: ServerResponse): void =>
    void write(response, bytes, sent).catch(() => {});
  return { ...(await makeWorld(act)), sent };
}

describe('the body of an answer', () => {
  it('of 100 MB passes through without being kept', async () => {
    const { hydra, sent } = await sending(100 * MB);
    const { body } = await hydra.fetch('/large');
    let read = 0;
    let mostBetween = 0;
    for await (const chunk of body ?? []) {
      read += (chunk as Uint8Array).byteLength;
      mostBetween = Math.max(mostBetween, sent.bytes - read);
    }
    expect(read).toBe(100 * MB);
    expect(mostBetween).toBeLessThan(BETWEEN);
    await until(() => hydra.stats.inFlight === 0);
    expect(hydra.stats.bytes).toBe(100 * MB);
  });

  it('is not sent faster than it is read, and is under way until its end', async () => {
    const { hydra, sent } = await sending(32 * MB);
    const { body } = await hydra.fetch('/large');
    const reader = body!.getReader();
    await reader.read();
    await settled(() => sent.bytes);
    expect(sent.bytes).toBeLessThan(BETWEEN);
    expect(hydra.stats).toMatchObject({ inFlight: 1, waiting: 0 });
    await reader.cancel();
    await until(() => hydra.stats.inFlight === 0);
  });

  it('waits for a reader that pauses for longer than `timeoutMs`', async () => {
    const timeoutMs = 40;
    const sent = { bytes: 0 };
    const { hydra } = await makeWorld(
      (_request, response) => void write(response, 20 * MB, sent).catch(() => {}),
      { options: { timeoutMs } },
    );
    const { body } = await hydra.fetch('/large');
    const reader = body!.getReader();
    let read = (await reader.read()).value?.byteLength ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 3 * timeoutMs));
    expect(sent.bytes).toBeLessThan(BETWEEN);
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      read += (next.value as Uint8Array).byteLength;
    }
    expect(read).toBe(20 * MB);
  });

  it('that nobody wants any more frees its connection', async () => {
    const { hydra, open } = await sending(32 * MB);
    const answer = await hydra.fetch('/large');
    await answer.body?.cancel();
    await until(() => open.size === 0);
    expect(hydra.stats.inFlight).toBe(0);
  });

  it('of a failed attempt is not read but a little', async () => {
    const sent = { bytes: 0 };
    const { hydra, arrived, open } = await makeWorld((_request, response) => {
      if (arrived.length > 1) return void response.end('good');
      response.writeHead(500);
      write(response, 32 * MB, sent).catch(() => {});
    });
    expect(await (await hydra.fetch('/x')).text()).toBe('good');
    await until(() => open.size <= 1);
    expect(sent.bytes).toBeLessThan(BETWEEN);
  });

  it('that is small leaves the connection for the next one', async () => {
    const world = await makeWorld((_request, response) => {
      response.writeHead(world.arrived.length === 1 ? 500 : 200).end('x'.repeat(10_000));
    });
    for (let i = 0; i < 5; i++) expect((await world.hydra.fetch('/x')).status).toBe(200);
    expect(world.arrived).toHaveLength(6);
    expect(world.server.connections).toBeLessThanOrEqual(2);
  });
});

describe('a stream as the body of a request', () => {
  it('is sent as the server reads it, and not kept', async () => {
    const incoming: IncomingMessage[] = [];
    const { hydra, arrived } = await makeWorld((request, response) => {
      incoming.push(request);
      request.pause();
      request.on('end', () => response.end('done'));
    });
    const taken = { bytes: 0 };
    const answer = upload(hydra, pieces(32 * MB, taken));
    await until(() => incoming.length === 1);
    await settled(() => taken.bytes);
    expect(taken.bytes).toBeLessThan(BETWEEN);
    let received = 0;
    incoming[0]?.on('data', (chunk: Buffer) => (received += chunk.byteLength)).resume();
    expect(await (await answer).text()).toBe('done');
    expect(received).toBe(32 * MB);
    expect(arrived[0]?.headers['transfer-encoding']).toBe('chunked');
  });

  it('goes on for longer than an attempt may wait for its answer', async () => {
    const { hydra } = await makeWorld(
      async (request, response) => {
        response.end(String((await readAll(request)).byteLength));
      },
      { options: { timeoutMs: 60, maxRetries: 0 } },
    );
    async function* slow(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 8; i++) {
        yield Buffer.from('x');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    expect(await (await upload(hydra, slow())).text()).toBe('8');
  });

  it.each([429, 503, 500])(
    'cannot be sent again where the server answers %d, and that is said',
    async (status) => {
      const { hydra, arrived } = await makeWorld(async (request, response) => {
        await readAll(request);
        response.writeHead(status, status === 503 ? { 'retry-after': '1' } : {}).end();
      });
      const error = await errorOf(upload(hydra, pieces(1000, { bytes: 0 })));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.cause).toMatchObject({
        code: 'HYDRA_BODY_NOT_REPEATABLE',
        message: expect.stringContaining(`status ${status}`) as string,
        facts: { status },
      });
      expect(arrived).toHaveLength(1);
    },
  );

  it('cannot be sent again where the server no longer takes the token, though there is a new one', async () => {
    let tokens = 0;
    const auth: Auth = {
      authorize: (_app, token) => ({ headers: { authorization: `Bearer ${token?.value}` } }),
      renewToken: () => Promise.resolve({ value: `token${++tokens}` }),
    };
    const { hydra, arrived } = await makeWorld(
      async (request, response) => {
        await readAll(request);
        response.writeHead(request.headers.authorization === 'Bearer token1' ? 401 : 200).end();
      },
      { apps: 1, api: { auth } },
    );
    const error = await errorOf(upload(hydra, pieces(1000, { bytes: 0 })));
    expect(error.cause).toMatchObject({
      code: 'HYDRA_BODY_NOT_REPEATABLE',
      message: expect.stringContaining('status 401') as string,
      facts: { status: 401 },
    });
    expect(arrived).toHaveLength(1);
    // The next one has the new token.
    expect((await upload(hydra, pieces(1000, { bytes: 0 }))).status).toBe(200);
  });

  it('cannot be sent again where the server has not read on within `timeoutMs`', async () => {
    const { hydra, arrived } = await makeWorld((request) => void request.pause(), {
      options: { timeoutMs: 40 },
    });
    const taken = { bytes: 0 };
    const error = await errorOf(upload(hydra, pieces(64 * MB, taken)));
    expect(error.cause).toMatchObject({
      code: 'HYDRA_BODY_NOT_REPEATABLE',
      message: expect.stringContaining('40 ms') as string,
    });
    expect(taken.bytes).toBeLessThan(BETWEEN);
    expect(arrived.length).toBeLessThanOrEqual(1);
    expect(hydra.stats).toMatchObject({ waiting: 0, inFlight: 0 });
  });

  it('cannot be sent again where the connection breaks', async () => {
    const { hydra, arrived } = await makeWorld((request) => {
      request.once('data', () => request.destroy());
    });
    const error = await errorOf(upload(hydra, pieces(8 * MB, { bytes: 0 })));
    expect(error.cause).toMatchObject({ code: 'HYDRA_BODY_NOT_REPEATABLE' });
    expect(arrived).toHaveLength(1);
  });

  it('is sent later where no connection was made, since nothing of it was read', async () => {
    const port = await deadPort();
    const hydra = makeHydra(`http://127.0.0.1:${port}`);
    const taken = { bytes: 0 };
    const answer = upload(hydra, pieces(MB, taken));
    await until(() => (hydra.stats.retries['network'] ?? 0) > 0);
    const server = createServer((request, response) => void request.pipe(response));
    onTestFinished(() => void server.close());
    server.listen(port, '127.0.0.1');
    expect((await (await answer).arrayBuffer()).byteLength).toBe(MB);
  });

  it('that fails breaks the request off: the server never takes a part for the whole', async () => {
    const ends: string[] = [];
    const { hydra, arrived } = await makeWorld((request) => {
      request.on('end', () => ends.push('end')).on('error', () => ends.push('broken off'));
      request.resume();
    });
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield piece;
      await until(() => arrived.length > 0);
      throw new RangeError('no more');
    }
    const error = await errorOf(upload(hydra, failing()));
    expect(error).toBeInstanceOf(TypeError);
    await until(() => ends.length > 0);
    expect(ends).toEqual(['broken off']);
    expect(hydra.stats.inFlight).toBe(0);
  });

  it('is broken off by the signal', async () => {
    const ends: string[] = [];
    const { hydra, arrived } = await makeWorld((request) => {
      request.on('end', () => ends.push('end')).on('error', () => ends.push('broken off'));
      request.resume();
    });
    const abort = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield Buffer.from('x');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    const answer = errorOf(upload(hydra, endless(), { signal: abort.signal }));
    await until(() => arrived.length === 1);
    abort.abort();
    expect((await answer).name).toBe('AbortError');
    await until(() => ends.length > 0);
    expect(ends).toEqual(['broken off']);
  });
});

describe('a body of 100 KB', () => {
  // No piece of it is like another: one that is missing, or in another place, is noticed.
  const bytes = new Uint8Array(100 * 1024).map((_, at) => (at * 7 + (at >> 8) * 13) & 0xff);
  const inPieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.byteLength; at += 10_007) yield bytes.slice(at, at + 10_007);
  };
  /** Keeps what it is given, and hands out the bytes. */
  const makeStore = async (): Promise<{ hydra: ApiHydra; stored: Buffer[] }> => {
    const stored: Buffer[] = [];
    const { hydra } = await makeWorld(async (request, response) => {
      if (request.method === 'GET') return void response.end(bytes);
      stored.push(await readAll(request));
      response.end();
    });
    return { hydra, stored };
  };

  it('comes as it was sent, byte for byte', async () => {
    const { hydra } = await makeStore();
    const expected = Buffer.from(bytes);
    expect(Buffer.compare(await hydra.get('/x').bytes(), expected)).toBe(0);
    const answer = await hydra.fetch('/x');
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), expected)).toBe(0);
  });

  it('arrives as it was given, byte for byte', async () => {
    const { hydra, stored } = await makeStore();
    await hydra.post('/x', { body: bytes });
    await hydra.fetch('/x', { method: 'POST', body: bytes });
    await hydra.fetch('/x', { method: 'POST', body: new Blob([bytes]) });
    await upload(hydra, inPieces());
    expect(stored).toHaveLength(4);
    for (const one of stored) expect(Buffer.compare(one, bytes)).toBe(0);
  });
});

describe('streams, both ways,', () => {
  it('pass through HTTP/2', async () => {
    const sent = { bytes: 0 };
    const { origin } = await listenHttp2((server) => {
      server.on('stream', (stream, head) => {
        stream.respond({ ':status': 200, 'x-method': String(head[':method']) });
        if (head[':method'] === 'GET') write(stream, 8 * MB, sent).catch(() => {});
        else stream.pipe(stream);
      });
    });
    const hydra = makeHydra(origin, { runtime: { transport: makeTransport({}, { http2: true }) } });
    const { body } = await hydra.fetch('/x');
    const reader = body!.getReader();
    let read = (await reader.read()).value?.byteLength ?? 0;
    await settled(() => sent.bytes);
    expect(sent.bytes).toBeLessThan(4 * MB);
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      read += next.value.byteLength;
    }
    expect(read).toBe(8 * MB);
    const echoed = await upload(hydra, pieces(4 * MB, { bytes: 0 }));
    expect(echoed.headers.get('x-method')).toBe('PUT');
    expect((await echoed.arrayBuffer()).byteLength).toBe(4 * MB);
  });

  it('pass by the threads, in this one', async () => {
    const { origin } = await makeWorld((request, response) => void request.pipe(response));
    const { transport } = makeThreadTransport({}, { threads: 1 });
    const hydra = makeHydra(origin, { runtime: { transport } });
    const echoed = await upload(hydra, pieces(4 * MB, { bytes: 0 }));
    expect((await echoed.arrayBuffer()).byteLength).toBe(4 * MB);
  });
});

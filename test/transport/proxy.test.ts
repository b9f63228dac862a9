import { connect } from 'node:net';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  deadPort,
  listenHttp,
  listenTcp,
  makeThreadTransport,
  makeTransport,
  request,
  send,
  textOf,
} from './http-world.js';

/** A proxy that tunnels (CONNECT) and forwards; keeps what it was asked for. */
async function startProxy(): Promise<{ url: string; asked: string[]; authorizations: string[] }> {
  const asked: string[] = [];
  const authorizations: string[] = [];
  const proxy = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const forwarded = httpRequest(
      incoming.url ?? '',
      { method: incoming.method ?? 'GET', headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    incoming.pipe(forwarded);
  });
  proxy.on('connect', (incoming, socket, head) => {
    asked.push(`CONNECT ${incoming.url}`);
    authorizations.push(incoming.headers['proxy-authorization'] ?? '');
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    socket.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    authorizations,
  };
}

function errorOf(task: () => unknown): unknown {
  try {
    return task();
  } catch (error) {
    return error;
  }
}

const answerOk = () =>
  listenHttp((_request, response) => {
    response.end('ok');
  });

describe('a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])(
    'named by %s is used, for attempts and for fetch',
    async (name) => {
      const { origin, port } = await answerOk();
      const proxy = await startProxy();
      const transport = makeTransport({ [name]: proxy.url });
      expect(textOf(await send(transport, request(origin)))).toBe('ok');
      expect(await (await transport.fetch(origin)).text()).toBe('ok');
      expect(proxy.asked.length).toBeGreaterThan(0);
      for (const one of proxy.asked) expect(one).toContain(`127.0.0.1:${port}`);
    },
  );

  it('is used by threads, too', async () => {
    const { origin, port } = await answerOk();
    const proxy = await startProxy();
    const { transport } = makeThreadTransport({ HTTP_PROXY: proxy.url }, { threads: 1 });
    expect(textOf(await send(transport, request(origin)))).toBe('ok');
    expect(proxy.asked.length).toBeGreaterThan(0);
    for (const one of proxy.asked) expect(one).toContain(`127.0.0.1:${port}`);
  });

  it('gets the name and password that its URL holds', async () => {
    const { origin } = await answerOk();
    const proxy = await startProxy();
    const url = proxy.url.replace('//', '//me:hunter2@');
    expect(textOf(await send(makeTransport({ HTTP_PROXY: url }), request(origin)))).toBe('ok');
    expect(proxy.authorizations[0]).toBe(`Basic ${btoa('me:hunter2')}`);
  });

  it.each(['NO_PROXY', 'no_proxy'])('is passed by for hosts in %s', async (name) => {
    const { origin } = await answerOk();
    const proxy = await startProxy();
    const transport = makeTransport({ HTTP_PROXY: proxy.url, [name]: 'localhost,127.0.0.1' });
    expect(textOf(await send(transport, request(origin)))).toBe('ok');
    expect(proxy.asked).toEqual([]);
  });

  it('that nobody listens at leaves the server unreached, and the error says so', async () => {
    const { origin } = await answerOk();
    const transport = makeTransport({ HTTP_PROXY: `http://127.0.0.1:${await deadPort()}` });
    const result = await send(transport, request(origin));
    expect(result.kind).toBe('unreachable');
    expect('error' in result ? String(result.error) + String(result.error.cause) : '').toMatch(
      /ECONNREFUSED/,
    );
  });

  it('that refuses to connect is a failed attempt, and the error says so', async () => {
    const { origin } = await answerOk();
    const proxy = await listenTcp((socket) => {
      socket.once('data', () =>
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
      );
    });
    const result = await send(makeTransport({ HTTP_PROXY: proxy.origin }), request(origin));
    expect(['broken', 'unreachable']).toContain(result.kind);
    expect('error' in result ? result.error.message : '').toContain('407');
  });

  it.each(['proxy.example.com:3128', 'not a url', 'socks5://me:hunter2@proxy:1080', '//x'])(
    'named %j is refused at once, and not shown',
    (url) => {
      for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) {
        const error = errorOf(() => makeTransport({ [name]: url }));
        expect(error).toMatchObject({ code: 'HYDRA_INVALID_OPTION' });
        expect(String(error)).toContain(name);
        expect(String(error)).not.toContain('hunter2');
      }
    },
  );

  it('is not used where the environment names an empty one', async () => {
    const { origin } = await answerOk();
    expect(textOf(await send(makeTransport({ HTTP_PROXY: '' }), request(origin)))).toBe('ok');
  });
});

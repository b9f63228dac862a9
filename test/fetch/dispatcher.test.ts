import { Readable, Writable } from 'node:stream';
import * as undici from 'undici';
import { describe, expect, it } from 'vitest';
import { until } from '../transport/http-world.js';
import { echo, errorOf, makeWorld, readAll } from './setting.js';

describe('the dispatcher', () => {
  it('serves undici’s request, with the apps', async () => {
    const { hydra, origin, arrived } = await makeWorld(echo);
    const { statusCode, headers, body } = await undici.request(`${origin}/v1/x?a=1`, {
      dispatcher: hydra.dispatcher,
      method: 'POST',
      headers: { 'x-own': 'yes', authorization: 'mine' },
      query: { b: 2 },
      body: 'täxt',
    });
    expect([statusCode, headers['content-type']]).toEqual([200, 'application/json']);
    const text = Buffer.from('täxt').toString('latin1');
    expect(await body.json()).toEqual({ method: 'POST', url: '/v1/x?a=1&b=2', body: text });
    expect(arrived[0]?.headers).toMatchObject({
      'x-own': 'yes',
      authorization: expect.stringMatching(/^Bearer secret/) as string,
      'content-length': '5',
    });
  });

  it('takes all forms of headers and bodies that undici takes', async () => {
    const { hydra, arrived } = await makeWorld(echo);
    const { dispatcher } = hydra;
    const form = new undici.FormData();
    form.append('a', 'b');
    const bodies = [
      Buffer.from('x'),
      Readable.from([Buffer.from('x')]),
      new Blob(['x']),
      form,
      null,
    ];
    const forms = [
      ['x-own', 'yes'],
      new Map([['x-own', 'yes']]),
      new Headers({ 'X-Own': 'yes' }),
      { 'x-own': ['yes'] },
    ];
    for (const [i, body] of bodies.entries()) {
      const headers = forms[i % forms.length] as unknown as Record<string, string>;
      const answer = await dispatcher.request({
        path: '/v1/x',
        method: 'PUT',
        body: body as Buffer,
        headers,
      });
      const sent = ((await answer.body.json()) as { body: string }).body;
      expect(sent).toMatch(body === form ? /name="a"\r\n\r\nb/ : body === null ? /^$/ : /^x$/);
      expect(arrived.at(-1)?.headers['x-own']).toBe('yes');
    }
    expect(arrived[3]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });

  it('serves fetch, undici’s and Node’s, and streams', async () => {
    const { hydra, origin } = await makeWorld((_request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']).end('body');
    });
    const { dispatcher } = hydra;
    const theirs = await undici.fetch(`${origin}/v1/x`, { dispatcher });
    const nodes = await fetch(`${origin}/v1/x`, { dispatcher } as unknown as RequestInit);
    for (const answer of [theirs, nodes]) {
      expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(await answer.text()).toBe('body');
    }
    const pieces: Buffer[] = [];
    await dispatcher.stream({ path: '/v1/x', method: 'GET' }, () => {
      return new Writable({
        write(chunk: Buffer, _encoding, done) {
          pieces.push(chunk);
          done();
        },
      });
    });
    expect(Buffer.concat(pieces).toString()).toBe('body');
  });

  it('can be composed: with retries, redirects and errors for statuses of undici', async () => {
    const { hydra, origin, arrived } = await makeWorld((request, response) => {
      if (request.url === '/v1/from') response.writeHead(302, { location: '/v1/to' }).end();
      else response.writeHead(arrived.length < 3 ? 418 : 200).end('there');
    });
    const retrying = new undici.RetryAgent(hydra.dispatcher, { statusCodes: [418], minTimeout: 1 });
    const { body } = await undici.request(`${origin}/v1/x`, { dispatcher: retrying });
    expect(await body.text()).toBe('there');
    const { redirect, responseError } = undici.interceptors;
    const following = hydra.dispatcher.compose(redirect({ maxRedirections: 2 }), responseError());
    const answer = await undici.request(`${origin}/v1/from`, { dispatcher: following });
    expect(await answer.body.text()).toBe('there');
    expect(arrived.every(({ headers }) => headers.authorization?.startsWith('Bearer secret'))).toBe(
      true,
    );
  });

  it('fails with the error of the hydra', async () => {
    const { hydra, origin, arrived } = await makeWorld(() => {}, {
      options: { timeoutMs: 40, maxRetries: 0 },
    });
    const { dispatcher } = hydra;
    const codeOf = async (url: string, more = {}): Promise<unknown> =>
      (await errorOf(undici.request(url, { dispatcher, ...more }))).code;
    expect(await codeOf(`${origin}/v1/x`)).toBe('HYDRA_TIMEOUT');
    expect(await codeOf('http://127.0.0.1:9/v1/x')).toBe('HYDRA_FOREIGN_ORIGIN');
    expect(await codeOf(`${origin}/x`, { method: 'A B' })).toBe('HYDRA_INVALID_REQUEST');
    expect(await codeOf(`${origin}/x`, { headers: { expect: '100-continue' } })).toBe(
      'HYDRA_INVALID_OPTION',
    );
    expect(await codeOf(`${origin}/x`, { method: 'POST', body: 3 })).toBe('HYDRA_INVALID_REQUEST');
    await expect(
      undici.upgrade(`${origin}/x`, { dispatcher, protocol: 'x' }),
    ).rejects.toMatchObject({
      code: 'HYDRA_INVALID_REQUEST',
    });
    // The first may have run out of time before it was there.
    expect(arrived.filter(({ url }) => url !== '/v1/x')).toEqual([]);
  });

  it('is not ended by being closed: that waits for what it has under way', async () => {
    let end = (): void => {};
    const { hydra, origin, arrived } = await makeWorld((_request, response) => {
      end = () => response.end('done');
    });
    const { dispatcher } = hydra;
    const asked = undici.request(`${origin}/v1/x`, { dispatcher }).then(({ body }) => body.text());
    await until(() => arrived.length === 1);
    let isClosed = false;
    const closing = dispatcher.close().then(() => (isClosed = true));
    const calledBack = new Promise<void>((resolve) => dispatcher.close(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    end();
    expect(await asked).toBe('done');
    await Promise.all([closing, calledBack]);
    const again = undici.request(`${origin}/v1/x`, { dispatcher });
    await until(() => arrived.length === 2);
    end();
    expect((await again).statusCode).toBe(200);
    expect(await (await again).body.text()).toBe('done');
  });

  it('breaks off its own when it is destroyed, nothing else of the hydra', async () => {
    const ends: (() => void)[] = [];
    const { hydra, origin } = await makeWorld((_request, response) => {
      ends.push(() => response.end('done'));
    });
    const { dispatcher } = hydra;
    const asked = errorOf(undici.request(`${origin}/v1/x`, { dispatcher }));
    const fetched = hydra.fetch('/x').then((answer) => answer.text());
    const got = hydra.get('/x').text();
    await until(() => ends.length === 3);
    const reason = new Error('mine');
    await dispatcher.destroy(reason);
    expect(await asked).toBe(reason);
    for (const end of ends) end();
    expect(await Promise.all([fetched, got])).toEqual(['done', 'done']);
  });

  it('takes nothing more once the hydra has finished', async () => {
    const { hydra, origin } = await makeWorld(async (request, response) => {
      await readAll(request);
      response.end('done');
    });
    const { dispatcher } = hydra;
    const asked = undici.request(`${origin}/v1/x`, {
      dispatcher,
      method: 'PUT',
      body: new undici.FormData(),
    });
    await hydra.finish();
    expect(await (await asked).body.text()).toBe('done');
    const late = errorOf(undici.request(`${origin}/v1/x`, { dispatcher }));
    expect((await late).code).toBe('HYDRA_FINISHED');
  });
});

describe('a handler that throws also where it is told of its error', () => {
  it('ends its own request only: the hydra goes on, and finishes', async () => {
    const world = await makeWorld((_request, response) => void response.end('{}'));
    const thrown = (): never => {
      throw new Error('by the handler');
    };
    const { dispatcher } = world.hydra;
    const origin = world.origin;
    const handler = { onRequestStart() {}, onResponseStart: thrown, onResponseError: thrown };
    dispatcher.dispatch({ origin, path: '/v1/x', method: 'GET' }, handler);
    await until(() => world.arrived.length === 1);
    expect(await (await world.hydra.fetch('/y')).text()).toBe('{}');
    await world.hydra.join();
    expect(world.hydra.stats).toMatchObject({ waiting: 0, inFlight: 0 });
  });
});

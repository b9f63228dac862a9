import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { listenHttp, makeTransport, until } from './http-world.js';

describe('fetch', () => {
  it('gives the head and the body, several cookies apart', async () => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'content-type': 'application/json' });
      response.end('{"a":1}');
    });
    const response = await makeTransport().fetch(`${origin}/x`);
    expect([response.status, response.ok, response.url]).toEqual([201, true, `${origin}/x`]);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('takes a Request, form parameters and Headers', async () => {
    const { origin } = await listenHttp((incoming, response) => {
      response.setHeader('x-type', incoming.headers['content-type'] ?? '');
      response.setHeader('x-method', incoming.method ?? '');
      incoming.pipe(response);
    });
    const { fetch } = makeTransport();
    const form = await fetch(new URL(origin), {
      method: 'POST',
      body: new URLSearchParams({ a: 'b c' }),
      headers: new Headers({ accept: 'text/plain' }),
    });
    expect(form.headers.get('x-type')).toContain('x-www-form-urlencoded');
    expect(await form.text()).toBe('a=b+c');
    const given = await fetch(new Request(origin, { method: 'PUT', body: 'text' }));
    expect(given.headers.get('x-method')).toBe('PUT');
    expect(await given.text()).toBe('text');
  });

  it('gives the redirect itself where redirects are manual', async () => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(302, { location: '/there', 'set-cookie': 'a=1' }).end();
    });
    const response = await makeTransport().fetch(origin, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/there']);
    expect(response.headers.getSetCookie()).toEqual(['a=1']);
  });

  it('says where it was redirected to', async () => {
    const { origin } = await listenHttp((incoming, response) => {
      if (incoming.url === '/there') response.end('arrived');
      else response.writeHead(302, { location: '/there' }).end();
    });
    const response = await makeTransport().fetch(origin);
    expect([response.redirected, response.url]).toEqual([true, `${origin}/there`]);
  });

  it.each([204, 304])('bears status %d, which has no body', async (status) => {
    const { origin } = await listenHttp((_request, response) => {
      response.writeHead(status).end();
    });
    const response = await makeTransport().fetch(origin);
    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it.each([
    ['without a head', (): void => {}],
    ['within the body', (start: () => void): void => start()],
  ])('times out %s', async (_when, act) => {
    const clock = new VirtualClock();
    let arrived = false;
    const server = await listenHttp((_request, response) => {
      act(() => response.writeHead(200, { 'content-length': '100' }).write('x'));
      arrived = true;
    });
    const rejection = makeTransport({}, { clock, timeoutMs: 500 })
      .fetch(server.origin)
      .catch((error: unknown) => error);
    await until(() => arrived);
    await clock.advance(500);
    expect(await rejection).toMatchObject({ code: 'HYDRA_TIMEOUT' });
    await until(() => server.open.size === 0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("stops for the caller's signal", async () => {
    let arrived = false;
    const { origin } = await listenHttp(() => {
      arrived = true;
    });
    const abort = new AbortController();
    const reason = new Error('enough');
    const rejection = makeTransport()
      .fetch(origin, { signal: abort.signal })
      .catch((error: unknown) => error);
    await until(() => arrived);
    abort.abort(reason);
    expect(await rejection).toBe(reason);
  });
});

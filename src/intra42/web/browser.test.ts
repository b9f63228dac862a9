import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { Browser, type BrowserRequest } from './browser.js';
import { WebGate } from './web-gate.js';

type Answer = [status: number, headers: Record<string, string> | [string, string][], body?: string];

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly cookie: string | undefined;
  readonly body: string | undefined;
  readonly accept: string | undefined;
}

/** A browser whose website is a function; keeps what was sent. */
function setting(answer: (url: URL, sent: Sent) => Answer | Promise<Answer>) {
  const clock = new VirtualClock();
  const finish = new AbortController();
  const end = new AbortController();
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const request: Sent = {
      url: new Request(input).url,
      method: init?.method ?? 'GET',
      cookie: headers.get('cookie') ?? undefined,
      body: init?.body as string | undefined,
      accept: headers.get('accept') ?? undefined,
    };
    init?.signal?.throwIfAborted();
    sent.push(request);
    const [status, answered, body = ''] = await answer(new URL(request.url), request);
    init?.signal?.throwIfAborted();
    return new Response(body, { status, headers: answered });
  };
  const gate = new WebGate({ clock, finishing: finish.signal, onHold: () => {} });
  const browser = new Browser({ fetch, signal: end.signal, wallNow: () => clock.wallNow() }, gate);
  const open = (url: string, request?: BrowserRequest) =>
    clock.runUntil(browser.open(url, request));
  return { clock, finish, end, browser, open, sent };
}

const site = 'https://site.example.com';

describe('Browser', () => {
  it('follows redirects with the cookies that they set, each to its own host', async () => {
    const { open, sent } = setting((url) => {
      if (url.pathname === '/a')
        return [
          302,
          [
            ['location', '/b'],
            ['set-cookie', 'x=1; Path=/; Secure'],
            ['set-cookie', 'y=2'],
          ],
        ];
      if (url.pathname === '/b') return [302, { location: 'https://other.example.com/c?code=1' }];
      return [200, {}, 'there'];
    });
    expect(await open(`${site}/a`)).toEqual({
      url: 'https://other.example.com/c?code=1',
      status: 200,
      body: 'there',
    });
    expect(sent.map(({ cookie }) => cookie)).toEqual([undefined, 'x=1; y=2', undefined]);
  });

  it('posts a form once, and reads where that leads to', async () => {
    const { open, sent } = setting((url) =>
      url.pathname === '/form' ? [303, { location: '/done' }] : [200, {}],
    );
    await open(`${site}/form`, { form: { a: '1' }, accept: 'application/json' });
    expect(sent).toMatchObject([
      { method: 'POST', body: 'a=1', accept: 'application/json' },
      { method: 'GET', body: undefined },
    ]);
  });

  it('gives up on redirects without end', async () => {
    const { open, sent } = setting(() => [302, { location: '/again?code=secret' }]);
    const error: unknown = await open(`${site}/`).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HYDRA_TOO_MANY_REDIRECTS' });
    expect((error as Error).message).not.toContain('secret');
    expect(sent).toHaveLength(11);
  });

  it.each([
    ['less safe', 'http://site.example.com/', undefined],
    ['of another scheme', 'file:///etc/passwd', undefined],
    ['outside those allowed', 'https://evil.example.com/', new Set([site])],
  ])('does not follow to an address %s', async (_name, location, within) => {
    const { open, sent } = setting(() => [302, { location }]);
    await expect(open(`${site}/`, within && { within })).rejects.toMatchObject({
      code: 'HYDRA_FOREIGN_ORIGIN',
    });
    expect(sent).toHaveLength(1);
  });

  it('a redirect to what is no address is a page not understood', async () => {
    const { open } = setting(() => [302, { location: 'http://[' }]);
    await expect(open(`${site}/`)).rejects.toMatchObject({ code: 'HYDRA_PAGE_NOT_UNDERSTOOD' });
  });

  it('knows every origin that it has asked', async () => {
    const { open, browser } = setting((url) =>
      url.host === 'site.example.com'
        ? [302, { location: 'https://other.example.com/' }]
        : [200, {}],
    );
    await open(`${site}/`);
    expect([...browser.origins]).toEqual([site, 'https://other.example.com']);
  });

  it('sends again what was refused (429), when the refusal says', async () => {
    let refusals = 2;
    const { open, sent, clock } = setting(() =>
      refusals-- > 0 ? [429, { 'retry-after': '7' }] : [200, {}, 'ok'],
    );
    expect(await open(`${site}/`, { form: { a: '1' } })).toMatchObject({ body: 'ok' });
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    expect(clock.now()).toBe(14_000);
  });

  it('stops waiting for a refusal to pass when the caller aborts', async () => {
    const { browser, clock } = setting(() => [429, { 'retry-after': '3600' }]);
    const caller = new AbortController();
    const page = browser.open(`${site}/`, { signal: caller.signal });
    clock.setTimer(() => caller.abort(), 50);
    await expect(clock.runUntil(page)).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
    expect(clock.now()).toBe(50);
  });

  it('stops a request under way when the caller aborts', async () => {
    const caller = new AbortController();
    const { open } = setting(() => {
      caller.abort(new Error('mine'));
      return [200, {}];
    });
    await expect(open(`${site}/`, { signal: caller.signal })).rejects.toMatchObject({
      code: 'HYDRA_ABORTED',
    });
  });

  it('a refusal while the hydra finishes is a failure that may pass, at once', async () => {
    const { browser, clock, finish } = setting(() => [429, { 'retry-after': '3600' }]);
    const page = browser.open(`${site}/`);
    clock.setTimer(() => finish.abort(), 50);
    await expect(clock.runUntil(page)).rejects.toMatchObject({ code: 'HYDRA_NETWORK' });
    expect(clock.now()).toBe(50);
  });

  it.each([500, 502, 503, 504])('status %d is a failure that may pass', async (status) => {
    const { open } = setting(() => [status, {}]);
    await expect(open(`${site}/x?code=1`)).rejects.toMatchObject({
      code: 'HYDRA_NETWORK',
      facts: { url: `${site}/x`, status },
    });
  });

  it('a network error is a failure that may pass, and says which', async () => {
    const { open } = setting(() => {
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    });
    await expect(open(`${site}/`)).rejects.toMatchObject({
      code: 'HYDRA_NETWORK',
      message: `${site}/ could not be reached (ECONNREFUSED).`,
    });
  });

  it('takes cookies that it cannot understand for none', async () => {
    const { open, sent } = setting((url) =>
      url.pathname === '/a'
        ? [
            302,
            [
              ['location', '/b'],
              ['set-cookie', '=; Domain=evil.example.org'],
              ['set-cookie', 'ok=1'],
            ],
          ]
        : [200, {}],
    );
    await open(`${site}/a`);
    expect(sent[1]?.cookie).toBe('ok=1');
  });
});

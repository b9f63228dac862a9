// The stand-in is judged by clients that are not ours: fetch, a cookie jar, an OAuth library.
import { load } from 'cheerio';
import * as oauth from 'oauth4webapi';
import { CookieJar } from 'tough-cookie';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startIntra42, type Intra42, type Intra42Options } from './index.js';

async function start(options: Intra42Options = {}): Promise<Intra42> {
  const intra = await startIntra42(options);
  onTestFinished(() => intra.close());
  return intra;
}

/** Follows redirects by hand, with cookies. */
class Visitor {
  readonly jar = new CookieJar();
  readonly visited: string[] = [];

  async open(
    url: string,
    init: RequestInit = {},
  ): Promise<{ url: string; status: number; html: string }> {
    let [target, options] = [url, init];
    for (let hops = 0; hops < 10; hops++) {
      this.visited.push(target);
      const headers = new Headers(options.headers);
      headers.set('cookie', await this.jar.getCookieString(target));
      const response = await fetch(target, { ...options, headers, redirect: 'manual' });
      for (const cookie of response.headers.getSetCookie())
        await this.jar.setCookie(cookie, target);
      const location = response.headers.get('location');
      if (location === null)
        return { url: target, status: response.status, html: await response.text() };
      [target, options] = [new URL(location, target).href, {}];
    }
    throw new Error('Too many redirects');
  }

  async signIn(
    intra: Intra42,
    password = intra.password,
  ): Promise<{ url: string; status: number; html: string }> {
    const page = await this.open(`${intra.profileBase}/users/auth/keycloak_student`);
    const action = load(page.html)('form#kc-form-login').attr('action') ?? '';
    return this.open(action, {
      method: 'POST',
      body: new URLSearchParams({ username: intra.login, password }),
    });
  }

  async csrf(intra: Intra42): Promise<string> {
    const page = await this.open(`${intra.profileBase}/oauth/applications`);
    return load(page.html)('meta[name="csrf-token"]').attr('content') ?? '';
  }

  async create(intra: Intra42, name: string, csrf?: string): Promise<Response> {
    const form = new FormData();
    form.set('authenticity_token', csrf ?? (await this.csrf(intra)));
    form.set('doorkeeper_application[name]', name);
    form.set('doorkeeper_application[scopes]', '');
    form.set('doorkeeper_application[redirect_uri]', 'http://127.0.0.1:80');
    const url = `${intra.profileBase}/oauth/applications`;
    const headers = { accept: 'application/json', cookie: await this.jar.getCookieString(url) };
    return fetch(url, { method: 'POST', body: form, headers, redirect: 'manual' });
  }

  async credentials(intra: Intra42, id: string): Promise<{ uid: string; secret: string }> {
    const $ = load((await this.open(`${intra.profileBase}/oauth/applications/${id}`)).html);
    const copied = (name: string): string =>
      $(`div.copy[data-copy="[${name}-${id}]"]`).attr('data-clipboard-text') ?? '';
    return { uid: copied('data-app-uid'), secret: copied('data-app-secret') };
  }
}

/** A token of the stand-in's first app, got by another project's OAuth client. */
async function tokenFor(intra: Intra42): Promise<string> {
  const visitor = new Visitor();
  await visitor.signIn(intra);
  const { uid, secret } = await visitor.credentials(intra, intra.apps[0]?.id ?? '');
  const origin = new URL(intra.apiBase).origin;
  const server = { issuer: origin, token_endpoint: `${origin}/oauth/token` };
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    { client_id: uid },
    oauth.ClientSecretPost(secret),
    {},
    { [oauth.allowInsecureRequests]: true },
  );
  return (await oauth.processClientCredentialsResponse(server, { client_id: uid }, response))
    .access_token;
}

async function ask(
  intra: Intra42,
  path: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(intra.apiBase + path, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

/** A user, without the address of the server. */
function userOf(intra: Intra42): string {
  return JSON.stringify(intra.user(5)).replaceAll(intra.apiBase, '');
}

describe('the sign-in', () => {
  it('leads from the website to Keycloak and back, with cookies', async () => {
    const intra = await start();
    const visitor = new Visitor();
    const page = await visitor.signIn(intra);
    expect(page).toMatchObject({ url: `${intra.profileBase}/`, status: 200 });
    const paths = visitor.visited.map((url) => new URL(url).pathname);
    expect(paths).toEqual([
      '/users/auth/keycloak_student',
      '/auth/realms/students-42/protocol/openid-connect/auth',
      '/auth/realms/students-42/login-actions/authenticate',
      '/users/auth/keycloak_student/callback',
      '/',
    ]);
    const names = (await visitor.jar.getCookies(`${intra.authBase}/auth/realms/students-42/x`)).map(
      (cookie) => cookie.key,
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'AUTH_SESSION_ID',
        'AUTH_SESSION_ID_LEGACY',
        'KC_RESTART',
        '_intra_42_session_production',
        'user.id',
      ]),
    );
  });

  it('shows the form again with a message when the password is wrong', async () => {
    const intra = await start();
    const page = await new Visitor().signIn(intra, 'wrong');
    expect(page.status).toBe(200);
    expect(load(page.html)('#input-error').text()).toContain('Invalid username or password');
    expect(intra.account.totals.signIns).toBe(0);
  });

  it('wants the code of the second factor when there is one', async () => {
    const intra = await start({ otpSecret: 'JBSWY3DPEHPK3PXP' });
    const page = await new Visitor().signIn(intra);
    expect(load(page.html)('form#kc-otp-login-form input[name="otp"]')).toHaveLength(1);
  });

  it('sends who has no session to a sign-in page that answers 200, and JSON to 401', async () => {
    const intra = await start();
    const page = await new Visitor().open(`${intra.profileBase}/oauth/applications`);
    expect(page.status).toBe(200);
    expect(page.html).toContain('kc-form-login');
    const json = await fetch(`${intra.profileBase}/oauth/applications`, {
      headers: { accept: 'application/json' },
    });
    expect(json.status).toBe(401);
    const bare = await new Visitor().open(
      `${intra.profileBase}/users/auth/keycloak_student/callback`,
    );
    expect(bare.html).toContain('id="reset-password"');
  });
});

describe('the pages of applications', () => {
  it('list, show with every element, make and delete', async () => {
    const intra = await start({ existingApps: ['first & "second"'] });
    const visitor = new Visitor();
    await visitor.signIn(intra);
    const created = await visitor.create(intra, 'third');
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as { id: number };
    const list = load((await visitor.open(`${intra.profileBase}/oauth/applications`)).html);
    expect(JSON.parse(list('div.apps-root').attr('data') ?? '')).toEqual([{ id: 40_001 }, { id }]);
    expect(list('meta[name="csrf-token"]').attr('content')).toHaveLength(88);

    const $ = load((await visitor.open(`${intra.profileBase}/oauth/applications/40001`)).html);
    const { uid, secret } = await visitor.credentials(intra, '40001');
    expect(uid).toMatch(/^u-s4t2ud-[0-9a-f]{64}$/);
    expect(secret).toMatch(/^s-s4t2ud-[0-9a-f]{64}$/);
    expect(
      $('div.credential')
        .toArray()
        .map((element) => $(element).text()),
    ).toEqual([uid, secret, '-']);
    expect($('div.application-info span').first().text()).toBe('first & "second"');
    expect($('div.rotation-actions').first().text()).toMatch(/\d\d\/\d\d\/\d{4}/);
    const row = $('div.row').eq(2);
    const hour = row.find('h4').first().next();
    expect(hour.find('span').first().text()).toBe('0');
    expect((hour.find('span').get(1)?.nextSibling as { data?: string } | null)?.data).toBe(
      ' / 1200',
    );
    expect([1, 2, 3, 4, 5].map((index) => row.find('h4').eq(index).next().text())).toEqual([
      '0',
      '0',
      '0',
      '0',
      '0',
    ]);
    expect($('div.application-desc').eq(1).find('code').text()).toBe('2');
    expect($('div.header code').text()).toBe('http://127.0.0.1:80');
    expect($('.label-primary').text()).toBe('public');

    const form = { _method: 'delete', authenticity_token: await visitor.csrf(intra) };
    const deleted = await visitor.open(`${intra.profileBase}/oauth/applications/${id}`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect(deleted).toMatchObject({ url: `${intra.profileBase}/oauth/applications`, status: 200 });
    expect(intra.apps).toHaveLength(1);
  });

  it('take no form without the token of the session, and no rejected name', async () => {
    const intra = await start();
    const visitor = new Visitor();
    await visitor.signIn(intra);
    expect((await visitor.create(intra, 'mine', 'forged')).status).toBe(422);
    expect((await visitor.create(intra, 'test')).status).toBe(422);
    expect(intra.apps).toEqual([]);
  });
});

describe('the API', () => {
  const existingApps = ['one'];

  it('gives tokens that say what they are, and takes no other', async () => {
    const intra = await start({ existingApps });
    const token = await tokenFor(intra);
    const info = await fetch(`${new URL(intra.apiBase).origin}/oauth/token/info`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await info.json()).toMatchObject({
      scopes: ['public'],
      application: { uid: intra.apps[0]?.uid },
    });
    const unknown = await ask(intra, '/users', 'nonsense');
    expect(unknown.status).toBe(401);
    expect(await unknown.json()).toEqual({ status: 401, error: 'The access token is invalid' });
    intra.expireTokens();
    const expired = await ask(intra, '/users', token);
    expect(await expired.json()).toEqual({ message: 'The access token expired' });
    expect(expired.headers.get('www-authenticate')).toContain('The access token expired');
  });

  it('refuses in plain text what is above a limit, and says how much is left', async () => {
    const intra = await start({ existingApps });
    const token = await tokenFor(intra);
    const answers = await Promise.all([1, 2, 3].map(() => ask(intra, '/users?per_page=1', token)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(2);
    const refused = answers.find((answer) => answer.status === 429);
    expect(await refused?.text()).toBe('429 Too Many Requests (Spam Rate Limit Exceeded)');
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(refused?.headers.get('x-secondly-ratelimit-remaining')).toBe('0');
    expect(refused?.headers.get('x-hourly-ratelimit-remaining')).toBe('1198');
    expect(intra.account.totals).toMatchObject({ arrived: 3, accepted: 2, refused: 1 });
    expect(intra.account.highestInWindow(1000)).toBe(2);
  });

  it('gives lists in pages, filtered, searched and sorted', async () => {
    const intra = await start({
      existingApps,
      users: 250,
      limits: [{ requests: 1000, perMs: 1000 }],
    });
    const token = await tokenFor(intra);
    const logins = async (path: string): Promise<unknown[]> =>
      ((await (await ask(intra, path, token)).json()) as { login: string }[]).map(
        (user) => user.login,
      );
    const page = await ask(intra, '/campus/berlin/users?page[size]=500&page[number]=2', token);
    expect(
      Object.fromEntries(
        ['x-page', 'x-per-page', 'x-total'].map((name) => [name, page.headers.get(name)]),
      ),
    ).toEqual({ 'x-page': '2', 'x-per-page': '100', 'x-total': '250' });
    const rels = [...(page.headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)];
    expect(new Set(rels.map((match) => match[2]))).toEqual(
      new Set(['first', 'last', 'next', 'prev']),
    );
    const next = rels.find((match) => match[2] === 'next')?.[1] ?? '';
    expect(
      await (await fetch(next, { headers: { authorization: `Bearer ${token}` } })).json(),
    ).toHaveLength(50);
    expect(await logins('/users')).toHaveLength(30);
    expect(await logins('/users?page=99')).toEqual([]);
    const [first, second] = [intra.user(3)?.login, intra.user(9)?.login];
    expect(await logins(`/users?filter[login]=${second},${first}&sort=-id`)).toEqual([
      second,
      first,
    ]);
    expect(await logins('/users?range[id]=100010,100012')).toHaveLength(3);
    expect(await logins(`/users?search[login]=${first}`)).toContain(first);
    expect(await (await ask(intra, '/users?filter[nope]=1', token)).json()).toMatchObject({
      error: 'Filter Error',
    });
    expect(await (await ask(intra, '/users?sort=nope', token)).json()).toMatchObject({
      error: 'Sort Error',
    });
    expect(await (await ask(intra, `/users/${first}`, token)).json()).toEqual(intra.user(3));
    expect((await ask(intra, '/users/nobody', token)).status).toBe(404);
    expect(await (await ask(intra, '/cursus_users?per_page=1', token)).json()).toMatchObject([
      { cursus_id: 21 },
    ]);
  });

  it('answers 304 to who has the body already', async () => {
    const intra = await start({ existingApps });
    const token = await tokenFor(intra);
    const etag = (await ask(intra, '/users/100000', token)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\//);
    expect((await ask(intra, '/users/100000', token, { 'if-none-match': etag })).status).toBe(304);
  });

  it.each([
    ['status500', '500', '<html>'],
    ['status502', '502', '<html>'],
    ['status504', '504', '<html>'],
    ['html200', 'html200', '<html>'],
    ['reset', 'reset', 'broken off'],
    ['truncated', 'truncated', 'broken off'],
    ['stall', 'stall', 'broken off'],
  ])('goes wrong as told: %s', async (fault, noted, seen) => {
    const intra = await start({ existingApps, faults: { [fault]: 1 }, stallMs: 20 });
    const token = await tokenFor(intra);
    const text = await ask(intra, '/users/100000', token)
      .then((answer) => answer.text())
      .catch(() => 'broken off');
    expect(intra.account.totals.byStatus).toEqual({ [noted]: 1 });
    expect(text).toContain(seen);
  });

  it.each(['refuse', '503', 'reset'] as const)(
    'is down for everybody during an outage (%s), and back afterwards',
    async (kind) => {
      const intra = await start({ existingApps });
      const token = await tokenFor(intra);
      await intra.startOutage(kind, { only: 'api' });
      const status = await ask(intra, '/users/100000', token).then(
        (answer) => answer.status,
        () => 'broken',
      );
      expect(status).toBe(kind === '503' ? 503 : 'broken');
      await intra.endOutage();
      expect((await ask(intra, '/users/100000', token)).status).toBe(200);
    },
  );

  it('repeats itself with the same seed', async () => {
    const [one, two, other] = [
      await start({ seed: 7 }),
      await start({ seed: 7 }),
      await start({ seed: 8 }),
    ];
    expect(userOf(one)).toBe(userOf(two));
    expect(userOf(one)).not.toBe(userOf(other));
  });

  it('refuses options that it does not know', async () => {
    await expect(startIntra42({ user: 3 } as object)).rejects.toMatchObject({
      code: 'HYDRA_INVALID_OPTION',
    });
    await expect(startIntra42({ limiter: 'leaky' as 'token-bucket' })).rejects.toThrowError(
      /sliding-window/,
    );
    await expect(startIntra42({ faults: { status500: 2 } })).rejects.toThrowError(
      /share from 0 to 1/,
    );
  });
});

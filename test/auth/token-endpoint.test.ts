/** Token endpoints that do not do what they should. */
import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  oauth2ClientCredentials,
  oauth2RefreshToken,
  type Auth,
  type Token,
} from '../../src/index.js';
import { deadPort, listenHttp, listenTcp } from '../transport/http-world.js';

const credentials = { clientId: 'one', clientSecret: 'hunter2', refreshToken: 'hunter2-refresh' };

function renew(auth: Auth, timeoutMs = 10_000, last?: Token): Promise<Token | undefined> {
  const context = {
    fetch,
    signal: AbortSignal.timeout(timeoutMs),
    wallNow: () => 1_000_000,
  };
  return auth.renewToken?.({ id: 'a', credentials }, context, last) ?? Promise.resolve(undefined);
}

const answering =
  (status: number, type: string, body: string): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type }).end(body);
  };
const json = (status: number, body: unknown): RequestListener =>
  answering(status, 'application/json', JSON.stringify(body));
const good = { access_token: 't', token_type: 'Bearer' };

describe.each([
  ['client credentials', oauth2ClientCredentials],
  ['a refresh token', oauth2RefreshToken],
])('a token endpoint that is asked with %s', (_name, way) => {
  async function errorFrom(listener: RequestListener): Promise<unknown> {
    const { origin } = await listenHttp(listener);
    const error: unknown = await renew(way({ tokenUrl: `${origin}/token` })).catch(
      (reason: unknown) => reason,
    );
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/hunter2|leaked/);
    return error;
  }

  it.each<[string, RequestListener, string, RegExp]>([
    [
      'answers HTML',
      answering(200, 'text/html', '<p>leaked'),
      'HYDRA_NETWORK',
      /\/token, got status 200 and no token in it \(text\/html\)/,
    ],
    [
      'is down',
      answering(503, 'text/plain', 'leaked'),
      'HYDRA_NETWORK',
      /got status 503 and no token/,
    ],
    [
      'answers nothing',
      answering(200, 'application/json', ''),
      'HYDRA_NETWORK',
      /status 200 and no token/,
    ],
    ['answers no object', json(200, [good]), 'HYDRA_NETWORK', /status 200 and no token/],
    [
      'has another error',
      json(400, { error: 'temporarily_unavailable' }),
      'HYDRA_NETWORK',
      /status 400 and the error temporarily_unavailable/,
    ],
    [
      'has an odd error',
      json(400, { error: 'leaked: <p>' }),
      'HYDRA_NETWORK',
      /the error \(not shown\)/,
    ],
    [
      'gives an odd token',
      json(200, { ...good, access_token: { leaked: 1 } }),
      'HYDRA_NETWORK',
      /no token in it/,
    ],
    [
      'gives an odd life',
      json(200, { ...good, access_token: 'leaked', expires_in: 'soon' }),
      'HYDRA_NETWORK',
      /no token in it/,
    ],
    [
      'gives tokens of another kind',
      json(200, { access_token: 'leaked', token_type: 'mac' }),
      'HYDRA_NETWORK',
      /no token in it/,
    ],
    [
      'knows no such client',
      json(401, { error: 'invalid_client' }),
      'HYDRA_CREDENTIALS_REJECTED',
      /app a \(invalid_client\)/,
    ],
    [
      'rejects the grant',
      json(400, { error: 'invalid_grant' }),
      'HYDRA_CREDENTIALS_REJECTED',
      /\(invalid_grant\)/,
    ],
    [
      'rejects the grant with a challenge',
      (_request, response) => {
        response
          .writeHead(400, {
            'content-type': 'application/json',
            'www-authenticate': 'Basic realm="x"',
          })
          .end('{"error":"unauthorized_client"}');
      },
      'HYDRA_CREDENTIALS_REJECTED',
      /\(unauthorized_client\)/,
    ],
    [
      'breaks off',
      (request) => request.socket.destroy(),
      'HYDRA_NETWORK',
      /for app a at .*\/token could not be had \(\w+\)/,
    ],
  ])('and %s is told of', async (_what, listener, code, message) => {
    const error = await errorFrom(listener);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(message);
  });

  it('that nobody is at is told of', async () => {
    const tokenUrl = `http://127.0.0.1:${await deadPort()}/token`;
    await expect(renew(way({ tokenUrl }))).rejects.toMatchObject({
      code: 'HYDRA_NETWORK',
      message: expect.stringMatching(/\(ECONNREFUSED\)/) as string,
    });
  });

  it.each([
    [
      { ...good, expires_in: 60 },
      { value: 't', expiresAtMs: 1_060_000 },
    ],
    [
      { ...good, expires_in: '60' },
      { value: 't', expiresAtMs: 1_060_000 },
    ],
    [good, { value: 't' }],
    [{ ...good, id_token: 'not one of ours' }, { value: 't' }],
  ])('and answers %j gives a token', async (body, expected) => {
    const { origin } = await listenHttp(json(200, body));
    expect(await renew(way({ tokenUrl: origin }))).toMatchObject(expected);
    const { expiresAtMs } = (await renew(way({ tokenUrl: origin }))) ?? {};
    expect(expiresAtMs).toBe('expiresAtMs' in expected ? expected.expiresAtMs : undefined);
  });
});

describe('a refresh token', () => {
  it('stays where the answer brings no other', async () => {
    const { origin } = await listenHttp(json(200, good));
    const auth = oauth2RefreshToken({ tokenUrl: origin });
    expect(await renew(auth)).toEqual({ value: 't', refreshToken: 'hunter2-refresh' });
    const last = { value: 'old', refreshToken: 'kept' };
    expect(await renew(auth, 10_000, last)).toEqual({ value: 't', refreshToken: 'kept' });
  });

  it('is waited for, also when all else is broken off', async () => {
    const { origin } = await listenHttp(json(200, { ...good, refresh_token: 'next' }));
    expect(await renew(oauth2RefreshToken({ tokenUrl: origin }), 0)).toEqual({
      value: 't',
      refreshToken: 'next',
    });
  });
});

describe('an issuer', () => {
  const metadata = (issuer: string): object => ({ issuer, token_endpoint: `${issuer}/its/token` });

  /** Answers at the paths that `answers` names, with 404 elsewhere. */
  async function startIssuer(
    answers: (origin: string) => Record<string, unknown>,
  ): Promise<{ issuer: string; paths: string[] }> {
    const paths: string[] = [];
    const { origin } = await listenHttp((request, response) => {
      request.resume();
      paths.push(request.url ?? '');
      const body = answers(origin)[request.url ?? ''];
      const type = typeof body === 'string' ? 'text/html' : 'application/json';
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
    return { issuer: origin, paths };
  }
  const OIDC = '/.well-known/openid-configuration';
  const OAUTH = '/.well-known/oauth-authorization-server';

  it('is looked for at both well-known places, once', async () => {
    const { issuer, paths } = await startIssuer((origin) => ({
      [OAUTH]: metadata(origin),
      '/its/token': good,
    }));
    const auth = oauth2ClientCredentials({ issuer });
    await renew(auth);
    await renew(auth);
    expect(paths).toEqual([OIDC, OAUTH, '/its/token', '/its/token']);
  });

  it.each<[string, (origin: string) => Record<string, unknown>, RegExp]>([
    ['tells nothing', () => ({}), /got none that names a token endpoint/],
    ['answers HTML', () => ({ [OIDC]: '<p>' }), /got status 200 and text\/html/],
    ['is another', () => ({ [OIDC]: metadata('https://evil.example') }), /those of another issuer/],
    [
      'names an endpoint without TLS',
      (origin) => ({ [OIDC]: { issuer: origin, token_endpoint: 'http://evil.example/token' } }),
      /endpoint without TLS \(http:\/\/evil\.example\)/,
    ],
    ['names no endpoint', (origin) => ({ [OIDC]: { issuer: origin } }), /names a token endpoint/],
  ])(
    'that %s gets no credentials, and is asked again next time',
    async (_what, answers, message) => {
      const { issuer, paths } = await startIssuer(answers);
      const auth = oauth2ClientCredentials({ issuer });
      for (let time = 0; time < 2; time++) {
        await expect(renew(auth)).rejects.toMatchObject({
          code: 'HYDRA_NETWORK',
          message: expect.stringMatching(message) as string,
        });
      }
      expect(paths.filter((path) => path === OIDC)).toHaveLength(2);
      expect(paths.every((path) => path.startsWith('/.well-known/'))).toBe(true);
    },
  );

  it('that says nothing is not waited for beyond the signal', async () => {
    const { origin } = await listenTcp(() => {});
    const renewal = renew(oauth2ClientCredentials({ issuer: origin }), 20);
    await expect(renewal).rejects.toMatchObject({ code: 'HYDRA_NETWORK' });
  });
});

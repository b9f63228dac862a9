import { describe, expect, it } from 'vitest';
import { defineApi, type Auth } from '../api.js';
import type { App } from '../app.js';
import { HydraError } from '../errors.js';
import { apiKey } from './api-key.js';
import { basicAuth } from './basic-auth.js';
import { bearerToken } from './bearer-token.js';
import { oauth2ClientCredentials } from './oauth2-client-credentials.js';
import { oauth2RefreshToken } from './oauth2-refresh-token.js';

const app = (credentials: Record<string, string>): App => ({ id: 'one', credentials });
const sign = (auth: Auth, credentials: Record<string, string>): unknown =>
  auth.authorize(app(credentials), undefined);

function errorOf(act: () => unknown): HydraError {
  try {
    act();
  } catch (error) {
    if (error instanceof HydraError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const tokenUrl = 'https://example.com/token';

describe('an app without what its API signs with', () => {
  it.each<[string, Auth, Record<string, string>]>([
    ['token', bearerToken(), { key: 'hunter2' }],
    ['token', bearerToken(), { token: '', key: 'hunter2' }],
    ['key', apiKey({ in: 'header', name: 'x-key' }), { token: 'hunter2' }],
    ['key', apiKey({ in: 'query', name: 'key' }), { token: 'hunter2' }],
    ['username', basicAuth(), { password: 'hunter2' }],
    ['password', basicAuth(), { username: 'hunter2' }],
    ['clientId', oauth2ClientCredentials({ tokenUrl }), { clientSecret: 'hunter2' }],
    ['clientSecret', oauth2ClientCredentials({ tokenUrl }), { clientId: 'hunter2' }],
    ['refreshToken', oauth2RefreshToken({ tokenUrl }), { clientId: 'a', clientSecret: 'hunter2' }],
    [
      'clientId',
      oauth2RefreshToken({ tokenUrl, clientAuthentication: 'none' }),
      { refreshToken: 'hunter2' },
    ],
  ])('is told that `%s` is missing, and no value', (name, auth, credentials) => {
    const error = errorOf(() => auth.checkApp?.(app(credentials)));
    expect(error).toMatchObject({
      code: 'HYDRA_INVALID_OPTION',
      facts: { appId: 'one', name: `credentials.${name}` },
    });
    expect(error.message).toContain(`\`${name}\``);
    expect(JSON.stringify([error.message, error.facts])).not.toContain('hunter2');
  });

  it.each<[Auth, Record<string, string>]>([
    [bearerToken(), { token: 'hunter2\n' }],
    [bearerToken(), { token: 'hunter2€' }],
    [apiKey({ in: 'query', name: 'key' }), { key: 'hunter2\r\n' }],
    [basicAuth(), { username: 'hunter2:', password: 'x' }],
    [oauth2ClientCredentials({ tokenUrl }), { clientId: 'a', clientSecret: 'hunter2\n' }],
  ])('is told of characters that cannot be, and no value (%#)', (auth, credentials) => {
    const error = errorOf(() => auth.checkApp?.(app(credentials)));
    expect(error.code).toBe('HYDRA_INVALID_OPTION');
    expect(error.message).not.toContain('hunter2');
  });
});

describe('apiKey', () => {
  it('puts the key into a header, behind its prefix', () => {
    const auth = apiKey({ in: 'header', name: 'X-Api-Key', prefix: 'Token ' });
    expect(sign(auth, { key: 'k' })).toEqual({ headers: { 'x-api-key': 'Token k' } });
  });

  it('puts the key into the query and names the parameter', () => {
    const auth = apiKey({ in: 'query', name: 'api_key' });
    expect(sign(auth, { key: 'k' })).toEqual({ headers: {}, query: { api_key: 'k' } });
    expect(auth.queryNames).toEqual(['api_key']);
  });

  it.each([
    [{ in: 'cookie', name: 'a' }, 'in'],
    [{ in: 'header', name: 'a b' }, 'name'],
    [{ in: 'header', name: '' }, 'name'],
    [{ in: 'query', name: '' }, 'name'],
    [{ in: 'query' }, 'name'],
  ])('refuses %j', (options, name) => {
    expect(errorOf(() => apiKey(options as never)).facts.name).toBe(name);
  });
});

describe('basicAuth', () => {
  it('encodes name and password in UTF-8', () => {
    expect(sign(basicAuth(), { username: 'jürgen', password: 'a:b' })).toEqual({
      headers: { authorization: `Basic ${Buffer.from('jürgen:a:b').toString('base64')}` },
    });
  });

  it('takes one password for all, also an empty one', () => {
    expect(sign(basicAuth({ password: '' }), { username: 'key' })).toEqual({
      headers: { authorization: `Basic ${Buffer.from('key:').toString('base64')}` },
    });
  });
});

describe('a function as a way to sign', () => {
  const wayOf = (auth: unknown): Auth =>
    defineApi({
      baseUrl: 'https://api.example.com',
      limits: 'discover',
      auth: auth as Auth,
    }).auth;

  it('signs with headers and query, which are known from when an app is taken in', () => {
    const auth = wayOf(({ credentials }: App) => ({
      headers: { 'x-user': credentials['user'] },
      query: { sig: credentials['sig'] },
    }));
    auth.checkApp?.(app({ user: 'u', sig: 's' }));
    expect(auth.queryNames).toEqual(['sig']);
    expect(sign(auth, { user: 'u', sig: 's' })).toEqual({
      headers: { 'x-user': 'u' },
      query: { sig: 's' },
    });
  });

  it.each([
    ['headers: undefined', () => undefined],
    ['headers: undefined', () => ({ authorization: 'hunter2' })],
    ['a promise', async () => ({ headers: {} })],
    ['x-user: undefined', () => ({ headers: { 'x-user': undefined } })],
    ['sig: number', () => ({ headers: {}, query: { sig: 4711 } })],
    ['query: ', () => ({ headers: {}, query: 'hunter2' })],
  ])('is refused at once when it returns %s', (what, auth) => {
    const error = errorOf(() => wayOf(auth).checkApp?.(app({})));
    expect(error).toMatchObject({ code: 'HYDRA_INVALID_OPTION', facts: { name: 'auth' } });
    expect(error.message).toContain(what);
    expect(error.message).not.toMatch(/hunter2|4711/);
  });
});

describe('the OAuth 2 ways', () => {
  it.each([
    [{}, 'tokenUrl'],
    [{ tokenUrl, issuer: 'https://example.com' }, 'tokenUrl'],
    [{ tokenUrl: '/token' }, 'tokenUrl'],
    [{ tokenUrl: 'https://me:hunter2@example.com' }, 'tokenUrl'],
    [{ issuer: 'example.com' }, 'issuer'],
    [{ issuer: 'http://example.com' }, 'issuer'],
    [{ issuer: 'http://127.0.0.1.example.com' }, 'issuer'],
    [{ issuer: 'ftp://example.com' }, 'issuer'],
    [{ tokenUrl, clientAuthentication: 'basic' }, 'clientAuthentication'],
  ])('refuse %j', (options, name) => {
    for (const way of [oauth2ClientCredentials, oauth2RefreshToken]) {
      const error = errorOf(() => way(options as never));
      expect(error).toMatchObject({ code: 'HYDRA_INVALID_OPTION', facts: { name } });
      expect(error.message).not.toContain('hunter2');
    }
  });

  it.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://example.com'])(
    'take the issuer %s',
    (issuer) => {
      expect(() => oauth2ClientCredentials({ issuer })).not.toThrow();
    },
  );
});

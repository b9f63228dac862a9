import { describe, expect, it } from 'vitest';
import { defineApi, type ApiDefinition } from './api.js';
import { bearerToken } from './auth/bearer-token.js';
import { HydraError } from './errors.js';

const definition: ApiDefinition = {
  baseUrl: 'https://api.example.com/v1',
  limits: [{ requests: 5, perMs: 1000 }],
  auth: bearerToken(),
};

function errorFor(change: Record<string, unknown>): HydraError {
  try {
    defineApi({ ...definition, ...change });
  } catch (error) {
    if (error instanceof HydraError && error.code === 'HYDRA_INVALID_OPTION') return error;
    throw error;
  }
  throw new Error('was accepted');
}

const tokens = [{ of: 'tokens', requests: 1000, perMs: 60_000 }];

describe('defineApi', () => {
  it('fills in what is left out', () => {
    expect(defineApi(definition)).toMatchObject({
      name: 'api.example.com',
      baseUrl: 'https://api.example.com/v1',
      responseType: 'any',
      headers: {},
      notModifiedIsFree: false,
    });
  });

  it('takes limits that are to be discovered', () => {
    expect(defineApi({ ...definition, limits: 'discover' }).limits).toBe('discover');
  });

  it.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['http://127.0.0.1:8080/v1//', 'http://127.0.0.1:8080/v1'],
    ['HTTPS://API.example.com:443/V1', 'https://api.example.com/V1'],
  ])('takes the base URL %j as %j', (baseUrl, expected) => {
    expect(defineApi({ ...definition, baseUrl }).baseUrl).toBe(expected);
  });

  it.each(['api.example.com/v1', '/v1', '', 'localhost:8080', 'ftp://example.com', 'file:///x', 3])(
    'refuses the base URL %j and says what one looks like',
    (baseUrl) => {
      expect(errorFor({ baseUrl }).message).toMatch(
        /^Expected `baseUrl` to be an absolute http or https URL such as "https:.*", got /,
      );
    },
  );

  it.each(['https://example.com/v1?a=1', 'https://example.com/v1#a'])(
    'refuses the base URL %j',
    (baseUrl) => {
      expect(errorFor({ baseUrl }).message).toContain('without ? or #');
    },
  );

  it.each([
    ['headers.X-Key', { 'X-Key': 'hunter2\n' }],
    ['headers.x-key', { 'x-key': 'hunter2…' }],
    ['headers.x-key', { 'x-key': undefined }],
    ['headers.Connection', { Connection: 'hunter2' }],
    ['headers', { 'x key': 'hunter2' }],
    ['headers', new Headers({ 'x-key': 'hunter2' })],
    ['headers', 'x-key: hunter2'],
    ['headers', null],
  ])('refuses %s that no request may have, and does not show its value', (name, headers) => {
    const { message, facts } = errorFor({ headers });
    expect(facts.name).toBe(name);
    expect(message).not.toContain('hunter2');
  });

  it('refuses credentials in the base URL and does not show them', () => {
    const { message } = errorFor({ baseUrl: 'https://me:hunter2@example.com' });
    expect(message).toContain('without credentials');
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['limits', undefined],
    ['limits', []],
    ['limits', 'unknown'],
    ['limits', { requests: 1, perMs: 1 }],
    ['limits[].requests', [{ requests: 0, perMs: 1000 }]],
    ['limits[].requests', [{ requests: 1.5, perMs: 1000 }]],
    ['limits[].requests', [{ requests: '2', perMs: 1000 }]],
    ['limits[].requests', [null]],
    ['limits[].perMs', [{ requests: 1, perMs: 0 }]],
    ['limits[].perMs', [{ requests: 1, perMs: Infinity }]],
    ['limits[].perMs', [{ requests: 1 }]],
  ])('names %s in limits %j', (name, limits) => {
    expect(errorFor({ limits }).facts.name).toBe(name);
  });

  it('refuses what is neither true nor false for `notModifiedIsFree`', () => {
    expect(errorFor({ notModifiedIsFree: 'yes' }).facts.name).toBe('notModifiedIsFree');
  });

  it.each([undefined, null, {}, { authorize: 'Bearer' }])('refuses %o for auth', (auth) => {
    expect(errorFor({ auth }).facts.name).toBe('auth');
  });

  it('keeps the rules for limits that are given, and nothing of those that are not', () => {
    const rules = {
      scope: () => 'search',
      scopeLimits: { search: [{ requests: 30, perMs: 60_000 }] },
      isRefusal: () => false,
    };
    expect(defineApi({ ...definition, ...rules })).toMatchObject(rules);
    expect(Object.keys(defineApi({ ...definition, ...rules }))).not.toContain('readLimits');
    expect(Object.keys(defineApi(definition))).not.toContain('scope');
  });

  it('takes limits that count what requests cost for the whole and for scopes', () => {
    const scope = (): string => 'search';
    const rules = { limits: tokens, scope, scopeLimits: { search: tokens }, cost: () => ({}) };
    expect(defineApi({ ...definition, ...rules })).toMatchObject(rules);
  });

  it.each<[string, Record<string, unknown>]>([
    ['scope', { scope: 'search' }],
    ['readLimits', { readLimits: [] }],
    ['isRefusal', { isRefusal: 403 }],
    ['scopeLimits', { scope: (): string => 'a', scopeLimits: [{ requests: 1, perMs: 1 }] }],
    ['scopeLimits.search', { scope: (): string => 'a', scopeLimits: { search: [] } }],
    [
      'scopeLimits.search[].requests',
      { scope: (): string => 'a', scopeLimits: { search: [{ requests: 0, perMs: 1 }] } },
    ],
    ['scope', { scopeLimits: { search: [{ requests: 1, perMs: 1 }] } }],
    ['cost', { cost: 5 }],
    ['actualCost', { actualCost: {} }],
    ['cost', { limits: tokens }],
    ['limits[].of', { limits: [{ of: '', requests: 1, perMs: 1 }], cost: () => ({}) }],
    ['cost', { scope: (): string => 'a', scopeLimits: { search: tokens } }],
    ['cost', { limits: 'discover', scope: (): string => 'a', scopeLimits: { search: tokens } }],
  ])('names %s in rules for limits that cannot be', (name, rules) => {
    expect(errorFor(rules).facts.name).toBe(name);
  });
});

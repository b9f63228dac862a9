/** What each definition makes of the headers that its API is documented to send. */
import { describe, expect, it } from 'vitest';
import type { Api, ToldHeaders } from '../index.js';
import { discord, github, gitlab, notion, openAiStyle, reddit, shopify, stripe } from './index.js';

const NOW_MS = 1_772_000_000_000;
const told = (api: Api, headers: ToldHeaders, scope?: string): unknown =>
  api.readLimits?.(headers, () => NOW_MS, scope);
const refuses = (api: Api, status: number, headers: ToldHeaders = {}): boolean =>
  api.isRefusal?.({ status, headers }) ?? false;
const scopeOf = (api: Api, method: string, path: string): string | undefined =>
  api.scope?.({ method, path });

describe('every definition', () => {
  it.each([
    github(),
    gitlab(),
    reddit({ userAgent: 'node:x:1 (by /u/x)' }),
    notion(),
    shopify({ shop: 'x.myshopify.com', version: '2025-01' }),
    discord(),
    openAiStyle(),
    stripe(),
  ])(
    'of $name refuses an app without credentials, and takes an answer that tells nothing',
    (api) => {
      expect(() => api.auth.checkApp?.({ id: 'a', credentials: {} })).toThrow(/credential/);
      expect(told(api, { 'content-type': 'application/json' }) ?? []).toEqual([]);
      expect(refuses(api, 403)).toBe(false);
      expect(api.baseUrl).toMatch(/^https:/);
    },
  );
});

describe('github', () => {
  const primary: ToldHeaders = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-used': '5000',
    'x-ratelimit-reset': String(NOW_MS / 1000 + 600),
    'x-ratelimit-resource': 'core',
  };

  it('takes 403 with nothing left as a refusal until the reset', () => {
    expect(refuses(github(), 403, primary)).toBe(true);
    expect(told(github(), primary)).toEqual([
      { name: 'X-RateLimit', requests: 5000, perMs: 3_600_000, remaining: 0, resetMs: 600_000 },
    ]);
  });

  it('takes the 403 of a secondary limit as a refusal, and any other as an answer', () => {
    const left = { ...primary, 'x-ratelimit-remaining': '4990' };
    expect(refuses(github(), 403, { ...left, 'retry-after': '60' })).toBe(true);
    expect(refuses(github(), 403, left)).toBe(false);
    expect(refuses(github(), 404, primary)).toBe(false);
  });

  it('knows what search tells as that of search', () => {
    const search = { ...primary, 'x-ratelimit-limit': '30', 'x-ratelimit-resource': 'search' };
    expect(told(github(), search)).toMatchObject([
      { name: 'X-RateLimit', requests: 30, perMs: 60_000, scope: 'search' },
    ]);
  });

  it.each([
    ['GET', 1],
    ['HEAD', 1],
    ['POST', 5],
    ['DELETE', 5],
  ])('counts what %s takes of the 900 points a minute', (method, points) => {
    const { cost, limits } = github();
    expect(cost?.({ method, path: '/users/ada', body: undefined })).toEqual({ points });
    expect(limits).toContainEqual({ of: 'points', requests: 900, perMs: 60_000 });
  });

  it.each([
    ['GET', '/search/issues?q=x', 'search'],
    ['GET', '/search/code?q=x', 'code_search'],
    ['GET', '/users/ada', undefined],
    ['POST', '/repos/a/b/issues', 'content'],
    ['DELETE', '/repos/a/b', 'content'],
  ])('puts %s %s into the scope %s', (method, path, scope) => {
    expect(scopeOf(github(), method, path)).toBe(scope);
    expect(Object.keys(github().scopeLimits ?? {})).toEqual(['content', 'search', 'code_search']);
  });
});

describe('notion', () => {
  it('takes 529 as a refusal', () => {
    expect(refuses(notion(), 529, { 'retry-after': '3' })).toBe(true);
    expect(refuses(notion(), 500)).toBe(false);
  });
});

describe('shopify', () => {
  const api = shopify({ shop: 'x.myshopify.com', version: '2025-01', plan: 'advanced' });

  it.each([
    ['39/40', 1],
    ['40/40', 0],
    ['41/40', 0],
    ['1/80', 79],
  ])('reads how full the bucket is from %s', (text, remaining) => {
    expect(told(api, { 'x-shopify-shop-api-call-limit': text })).toMatchObject([
      { remaining, resetMs: 250 },
    ]);
  });

  it.each(['', '40', 'x/40', '-1/40'])('passes over %j', (text) => {
    expect(told(api, { 'x-shopify-shop-api-call-limit': text })).toEqual([]);
  });

  it('signs with its own header, and leaks by the plan', () => {
    expect(api.auth.authorize({ id: 'a', credentials: { key: 'k' } }, undefined)).toEqual({
      headers: { 'x-shopify-access-token': 'k' },
    });
    expect(api.limits).toEqual([{ requests: 4, perMs: 1000 }]);
  });
});

describe('discord', () => {
  it('reads a bucket, its fractions of a second too, in the place of the usual headers', () => {
    const headers = {
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1470173023.123',
      'x-ratelimit-reset-after': '1.2345',
      'x-ratelimit-bucket': 'abcd1234',
    };
    expect(told(discord(), headers)).toMatchObject([
      { name: 'X-RateLimit', remaining: undefined },
      { name: 'X-RateLimit abcd1234', remaining: 0, resetMs: 1235 },
    ]);
  });

  it('has nothing to read from a global 429, which says how long by Retry-After', () => {
    const headers = {
      'retry-after': '65',
      'x-ratelimit-global': 'true',
      'x-ratelimit-scope': 'global',
    };
    expect(told(discord(), headers)).toEqual([]);
  });
});

describe('openAiStyle', () => {
  const headers = {
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-limit-tokens': '150000',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-remaining-tokens': '149984',
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-reset-tokens': '6m0s',
  };

  it('counts tokens a minute: what a request may take, then what its answer says it took', () => {
    const api = openAiStyle({ requestsPerMinute: 60, tokensPerMinute: 1000 });
    expect(api.limits).toEqual([
      { requests: 60, perMs: 60_000 },
      { of: 'tokens', requests: 1000, perMs: 60_000 },
    ]);
    const body = '{"max_tokens": 100, "input": "some text"}';
    const facts = { method: 'POST', path: '/chat/completions' };
    expect(api.cost?.({ ...facts, body })).toEqual({ tokens: 100 + Math.ceil(body.length / 4) });
    expect(api.cost?.(facts)).toEqual({ tokens: 0 });
    const json = () => ({ usage: { total_tokens: 42 } });
    expect(api.actualCost?.({ status: 200, headers: {}, json })).toEqual({ tokens: 42 });
    expect(api.actualCost?.({ status: 200, headers: {}, json: () => null })).toBeUndefined();
    expect(openAiStyle().cost).toBeUndefined();
  });

  it('reads requests, and tokens as so many requests where it is told what one takes', () => {
    expect(told(openAiStyle(), headers)).toMatchObject([
      { name: 'x-ratelimit-requests', remaining: 59, resetMs: 1000 },
    ]);
    expect(told(openAiStyle({ tokensPerRequest: 4000 }), headers)).toMatchObject([
      { name: 'x-ratelimit-requests', remaining: 59 },
      { name: 'x-ratelimit-tokens', remaining: 37, resetMs: 360_000 },
    ]);
  });

  it.each([
    ['120ms', 120],
    ['6m0s', 360_000],
    ['1h2m3.5s', 3_723_500],
    ['17', 17_000],
    ['soon', undefined],
    ['', undefined],
  ])('reads the reset %j', (text, resetMs) => {
    const change = { ...headers, 'x-ratelimit-reset-requests': text };
    expect(told(openAiStyle(), change)).toMatchObject([{ resetMs }]);
  });

  describe('with limits for each model', () => {
    const models = {
      small: { requestsPerMinute: 500, tokensPerMinute: 200_000 },
      large: { requestsPerMinute: 60, tokensPerMinute: 30_000 },
    };
    const api = openAiStyle({ models });
    const scope = (body?: string | Uint8Array): string | undefined =>
      api.scope?.({ method: 'POST', path: '/responses', body });

    it('finds the model in the body, be it text or bytes, and whatever else is called so', () => {
      expect(scope('{"model": "small", "input": "hi"}')).toBe('small');
      expect(scope(Buffer.from('{"input":"hi","model":"large"}'))).toBe('large');
      expect(scope('{"metadata":{"model":"small"},"model":"large"}')).toBe('large');
      expect(scope(JSON.stringify({ input: '"model":"small"', model: 'large' }))).toBe('large');
      expect(scope('{"model":"unheard-of"}')).toBe('other models');
      expect(scope('"model":"small" "model":"large"')).toBe('other models');
      expect(scope()).toBeUndefined();
    });

    it('keeps each to its own, and all others together to the least or to what is given', () => {
      expect(api.limits).toEqual([{ requests: 620, perMs: 60_000 }]);
      const least = [
        { requests: 60, perMs: 60_000 },
        { of: 'tokens', requests: 30_000, perMs: 60_000 },
      ];
      expect(api.scopeLimits).toMatchObject({ large: least, 'other models': least });
      expect(openAiStyle({ models, requestsPerMinute: 7 }).scopeLimits).toMatchObject({
        'other models': [{ requests: 7 }, { requests: 30_000 }],
      });
      const facts = { method: 'POST', path: '/responses', body: '{"max_tokens":10}' };
      expect(api.cost?.(facts)).toEqual({ tokens: 10 + 5 });
      const requestsOnly = openAiStyle({ models: { one: { requestsPerMinute: 5 } } });
      expect(requestsOnly.cost).toBeUndefined();
      expect(requestsOnly.scopeLimits?.['other models']).toEqual([{ requests: 5, perMs: 60_000 }]);
    });

    it('takes what an answer tells for that of the model', () => {
      expect(told(api, headers, 'large')).toMatchObject([{ remaining: 59, scope: 'large' }]);
    });

    it('refuses a list without models', () => {
      expect(() => openAiStyle({ models: {} })).toThrow(/at least one model/);
    });
  });

  it('passes over what some servers send where they count nothing', () => {
    const none = { 'x-ratelimit-remaining-tokens': '-1', 'x-ratelimit-reset-tokens': '0' };
    expect(told(openAiStyle({ tokensPerRequest: 1 }), none)).toEqual([]);
  });
});

describe('stripe', () => {
  it.each([
    ['GET', '/v1/files/file_1', 'files-read'],
    ['POST', '/v1/files', 'files-write'],
    ['GET', '/v1/customers/search?query=x', 'search'],
    ['GET', '/v1/customers', undefined],
  ])('puts %s %s into the scope %s', (method, path, scope) => {
    expect(scopeOf(stripe(), method, path)).toBe(scope);
  });
});

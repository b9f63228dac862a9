import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineApi } from '../api.js';
import { bearerToken } from '../auth/bearer-token.js';
import { HydraError } from '../errors.js';
import { redirectUrl, targetUrl } from './request-target.js';

const api = defineApi({
  baseUrl: 'https://api.example.com/v2/',
  limits: [{ requests: 2, perMs: 1000 }],
  auth: bearerToken(),
});
const origin = 'https://api.example.com';

function errorOf(task: () => unknown): HydraError {
  try {
    task();
  } catch (error) {
    if (error instanceof HydraError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const codeOf = (task: () => unknown): string => errorOf(task).code;

/** What a task returns, or the code of what it throws. */
function resultOf(task: () => string): string {
  try {
    return task();
  } catch {
    return codeOf(task);
  }
}

describe('targetUrl', () => {
  it.each([
    ['/users', '/v2/users'],
    ['/', '/v2/'],
    ['/users?page=2', '/v2/users?page=2'],
    ['/users#part', '/v2/users'],
    ['/a%2Fb', '/v2/a%2Fb'],
    ['/ä b', '/v2/%C3%A4%20b'],
    ['https://api.example.com/v2/users', '/v2/users'],
    ['HTTPS://API.EXAMPLE.COM:443/other', '/other'],
  ])('makes of %j the URL of %j', (path, expected) => {
    expect(targetUrl(api, path, undefined)).toBe(origin + expected);
  });

  it.each([
    'users',
    '',
    '//evil.example/x',
    '?a=1',
    './users',
    ' /users',
    'http:/users',
    '\\users',
  ])('refuses the path %j', (path) => {
    expect(codeOf(() => targetUrl(api, path, undefined))).toBe('HYDRA_INVALID_REQUEST');
  });

  it.each([undefined, null, 3, {}, ['/users']])('refuses %o for a path', (path) => {
    expect(codeOf(() => targetUrl(api, path as never, undefined))).toBe('HYDRA_INVALID_REQUEST');
  });

  it.each([
    'https://evil.example/v2/users',
    'http://api.example.com/v2/users',
    'https://api.example.com:8443/v2/users',
    'https://api.example.com.evil.example/',
    'https://api.example.com@evil.example/',
    'https://sub.api.example.com/',
    'ftp://api.example.com/',
    'file:///etc/passwd',
    'https://',
  ])('refuses %j as foreign', (url) => {
    expect(codeOf(() => targetUrl(api, url, undefined))).toBe('HYDRA_FOREIGN_ORIGIN');
  });

  it('refuses credentials in a URL, and never shows them', () => {
    const own = 'https://me:hunter2@api.example.com/v2';
    expect(codeOf(() => targetUrl(api, own, undefined))).toBe('HYDRA_INVALID_REQUEST');
    for (const url of [own, 'https://me:hunter2@evil.example/', 'https://me:hunter2@[::bad/']) {
      const { message, facts } = errorOf(() => targetUrl(api, url, undefined));
      expect(message + JSON.stringify(facts)).not.toContain('hunter2');
    }
  });

  it('stays at the origin of the API for any path that it takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        const ends = resultOf(() => new URL(targetUrl(api, `/${text}`, undefined)).origin);
        expect([origin, 'HYDRA_INVALID_REQUEST']).toContain(ends);
      }),
      { numRuns: 500 },
    );
  });

  it('makes of any path what a URL parser would', () => {
    const piece = fc.constantFrom(
      ...Array.from("/.?%#&=+@:'~^|\\{} aZ09ä"),
      '..',
      '%2e',
      '/../',
      '/./',
      '\t',
    );
    const paths = fc.array(piece, { maxLength: 12 }).map((pieces) => `/x${pieces.join('')}`);
    fc.assert(
      fc.property(paths, (path) => {
        const url = new URL(api.baseUrl + path);
        url.hash = '';
        expect(targetUrl(api, path, undefined)).toBe(url.href);
      }),
      { numRuns: 2000 },
    );
  });

  it('appends the query, percent-encoded, to what the path has', () => {
    const query = { q: 'a&b=c d', n: 3, yes: true, list: ['x', 2, false], none: undefined, no: [] };
    const { searchParams } = new URL(targetUrl(api, '/users?page=2', query));
    expect([...searchParams]).toEqual([
      ['page', '2'],
      ['q', 'a&b=c d'],
      ['n', '3'],
      ['yes', 'true'],
      ['list', 'x'],
      ['list', '2'],
      ['list', 'false'],
    ]);
  });

  it('brings any text through the query unharmed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (name, value) => {
          const { searchParams } = new URL(targetUrl(api, '/x', { [name]: value }));
          expect([...searchParams]).toEqual([[name, value]]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([null, {}, new Date(0), Symbol('s'), [null], [['nested']]])(
    'refuses %o for a query parameter',
    (value) => {
      expect(codeOf(() => targetUrl(api, '/x', { a: value as never }))).toBe(
        'HYDRA_INVALID_REQUEST',
      );
    },
  );
});

describe('redirectUrl', () => {
  const from = `${origin}/v2/users?page=2`;

  it.each([
    ['/v2/people', '/v2/people'],
    ['people', '/v2/people'],
    ['?page=3', '/v2/users?page=3'],
    ['https://api.example.com/x', '/x'],
    ['//api.example.com/x', '/x'],
    ['/x?page=2#part', '/x?page=2'],
    ['https://me:secret@api.example.com/x', '/x'],
  ])('follows %j', (location, expected) => {
    expect(redirectUrl(api, from, location)).toBe(origin + expected);
  });

  it.each([
    'https://evil.example/x',
    '//evil.example/x',
    'http://api.example.com/v2',
    'https://api.example.com:444/v2',
    'javascript:alert(1)',
    'https://[bad',
    '/\\evil.example',
  ])('does not follow %j', (location) => {
    expect(codeOf(() => redirectUrl(api, from, location))).toBe('HYDRA_FOREIGN_ORIGIN');
  });
});

import { describe, expect, it } from 'vitest';
import { parseJsonRequest } from './json-request.js';

function faultOf(request: unknown): string {
  try {
    parseJsonRequest(JSON.stringify(request));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

describe('parseJsonRequest', () => {
  it('takes every field that a request may have', () => {
    const request = {
      path: '/users',
      method: 'POST',
      query: { a: 1, b: true, c: ['x', 2] },
      headers: { 'x-one': 'two' },
      json: null,
      key: 'k',
      priority: -1,
      timeoutMs: 0.5,
      idempotent: true,
    };
    expect(parseJsonRequest(JSON.stringify(request))).toEqual(request);
    expect(parseJsonRequest('{"path":"/a","body":"text"}')).toEqual({ path: '/a', body: 'text' });
  });

  it.each([
    [{}, 'Expected a request with a `path`'],
    [{ path: 3 }, 'Expected a path, got 3 (number).'],
    [{ path: 'users' }, 'Expected a path that begins with one "/"'],
    [{ path: '/', qurey: {} }, 'Unknown field `qurey` in a request. Did you mean `query`?'],
    [{ path: '/', timeout: 1 }, 'Did you mean `timeoutMs`?'],
    [{ path: '/', signal: {} }, 'Unknown field `signal` in a request. Known are: path, method, '],
    [
      { path: '/', method: 'HEAD' },
      '`method` to be one of GET, POST, PUT, PATCH, DELETE, got "HEAD"',
    ],
    [{ path: '/', query: 'a=1' }, 'Expected `query` to be an object'],
    [{ path: '/', query: { a: null } }, 'Expected the query parameter `a` to be a string'],
    [{ path: '/', query: { a: [[1]] } }, 'got an array of 1'],
    [
      { path: '/', headers: { a: 'x\r\nb: c' } },
      'Expected the header `a` to be a string of one line',
    ],
    [{ path: '/', json: 1, body: '1' }, 'Expected `json` or `body`, got both.'],
    [{ path: '/', body: [1, 2] }, 'Expected `body` to be a string'],
    [{ path: '/', key: null }, 'Expected `key` to be a string, got null.'],
    [{ path: '/', priority: 1.5 }, 'Expected `priority` to be a whole number'],
    [{ path: '/', timeoutMs: 0 }, 'Expected `timeoutMs` to be a number of milliseconds above 0'],
    [{ path: '/', idempotent: 'yes' }, 'Expected `idempotent` to be true or false'],
  ])('refuses %j', (request, message) => {
    expect(faultOf(request)).toContain(message);
  });
});

import { describe, expect, it } from 'vitest';
import { HydraError } from '../errors.js';
import type { RequestOptions } from './request.js';
import { checkRequestOptions } from './request-options.js';

function errorFor(options: unknown): HydraError {
  try {
    checkRequestOptions(options as never);
  } catch (error) {
    if (error instanceof HydraError && error.code === 'HYDRA_INVALID_OPTION') return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('checkRequestOptions', () => {
  it.each([
    {},
    { query: { a: 1 }, headers: { 'X-One': 'ä' }, json: [1], key: 'k', priority: -3 },
    { body: 'text', timeoutMs: 0.5, signal: AbortSignal.abort(), idempotent: true },
    { body: new Uint8Array(3) },
    { query: undefined, json: undefined, body: undefined, headers: undefined },
    { json: null },
  ])('takes %o', (options) => {
    expect(() => checkRequestOptions(options as RequestOptions)).not.toThrow();
  });

  it.each([null, 'text', 3, [], new Map()])('refuses %o in place of options', (options) => {
    expect(errorFor(options).message).toMatch(/^Expected request options to be an object/);
  });

  it('names an option that it does not know, and those that it does', () => {
    const { message, facts } = errorFor({ qurey: { a: 1 } });
    expect(message).toMatch(/^Unknown request option `qurey`\. Known are: query, headers, /);
    expect(facts.name).toBe('qurey');
  });

  it('refuses json together with body', () => {
    expect(errorFor({ json: {}, body: '' }).message).toBe('Expected `json` or `body`, got both.');
  });

  it.each([
    ['query', 'a=1'],
    ['query', [1]],
    ['query', new URLSearchParams('a=1')],
    ['headers', new Headers({ a: 'b' })],
    ['headers', [['a', 'b']]],
    ['headers', null],
    ['body', { a: 1 }],
    ['body', new ArrayBuffer(1)],
    ['key', 3],
    ['priority', 1.5],
    ['priority', Number.NaN],
    ['priority', Infinity],
    ['priority', '1'],
    ['timeoutMs', 0],
    ['timeoutMs', -1],
    ['timeoutMs', Number.NaN],
    ['timeoutMs', Infinity],
    ['timeoutMs', '1000'],
    ['signal', {}],
    ['idempotent', 'yes'],
  ])('names %s when it is %o', (name, value) => {
    const { message, facts } = errorFor({ [name]: value });
    expect(message).toMatch(new RegExp(`^Expected \`${name}\` to be `));
    expect(facts.name).toBe(name);
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  it.each([[circular], [1n], [() => 1], [Symbol('s')]])(
    'refuses %o as json, which cannot hold it',
    (json) => {
      expect(errorFor({ json }).facts.name).toBe('json');
    },
  );

  it.each(['a b', 'a:b', 'a\r\nb', '', 'ä'])('refuses the header name %j', (name) => {
    expect(errorFor({ headers: { [name]: 'x' } }).facts.name).toBe('headers');
  });

  it.each(['x\r\nx-injected: 1', 'x\n', 'x\0', 'x\u0100', 3, null, ['a']])(
    'refuses the header value %o, and does not show it',
    (value) => {
      const { message, facts } = errorFor({ headers: { 'x-secret': value } });
      expect(message).toBe('Expected the header `x-secret` to be a string of one line.');
      expect(facts.name).toBe('headers.x-secret');
    },
  );

  it.each(['Content-Length', 'transfer-encoding', 'Connection', 'upgrade', 'Expect', 'keep-alive'])(
    'refuses the header %s, which is the transport’s to set',
    (name) => {
      expect(errorFor({ headers: { [name]: '1' } }).message).toContain('the transport sets it');
    },
  );
});

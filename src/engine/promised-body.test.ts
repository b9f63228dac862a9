import { describe, expect, it } from 'vitest';
import { defineApi } from '../api.js';
import { bearerToken } from '../auth/bearer-token.js';
import { judgeBody } from './promised-body.js';
import type { RequestMethod } from '../request/request.js';

const definition = {
  baseUrl: 'https://api.example.com',
  limits: [{ requests: 2, perMs: 1000 }],
  auth: bearerToken(),
};
const jsonApi = defineApi({ ...definition, responseType: 'json' });
const anyApi = defineApi(definition);
const encoder = new TextEncoder();

function promised(
  api: typeof jsonApi,
  body: string | Uint8Array,
  change: { type?: string; status?: number; method?: RequestMethod } = {},
): boolean {
  const { type = 'application/json', status = 200, method = 'GET' } = change;
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  const headers = { 'content-type': type };
  return (
    judgeBody(api, method, {
      kind: 'response',
      status,
      headers,
      body: bytes,
      wireBytes: bytes.byteLength,
    }) !== 'wrong'
  );
}

describe('judgeBody', () => {
  it.each(['{}', '[]', 'null', '0', '"text"', ' {"a": "ä"} '])('takes %j for JSON', (body) => {
    expect(promised(jsonApi, body)).toBe(true);
  });

  it.each(['', '{"a":', '<html></html>', 'OK', '{}{}', '\ufeff'])(
    'does not take %j for JSON, whatever the content type says',
    (body) => {
      expect(promised(jsonApi, body)).toBe(false);
      expect(promised(jsonApi, body, { type: 'text/html' })).toBe(false);
    },
  );

  it('does not take JSON with damaged UTF-8 for JSON', () => {
    expect(promised(jsonApi, new Uint8Array([0x22, 0xff, 0x22]))).toBe(false);
  });

  it.each([204, 205, 304])('asks for no body at status %d', (status) => {
    expect(promised(jsonApi, '', { status })).toBe(true);
  });

  it('lets writing be answered with nothing, but not reading', () => {
    expect(promised(jsonApi, '', { method: 'POST' })).toBe(true);
    expect(promised(jsonApi, '', { method: 'DELETE' })).toBe(true);
    expect(promised(jsonApi, '', { method: 'GET' })).toBe(false);
  });

  it('takes anything where the API promises nothing, but JSON must be whole where it is announced', () => {
    expect(promised(anyApi, '<html>', { type: 'text/html' })).toBe(true);
    expect(promised(anyApi, '', { type: 'text/plain' })).toBe(true);
    expect(promised(anyApi, '{"a":', { type: 'application/json; charset=utf-8' })).toBe(false);
    expect(promised(anyApi, '{"a":', { type: 'application/problem+json' })).toBe(false);
    expect(promised(anyApi, '{"a":1}\n{"a":2}', { type: 'application/x-ndjson' })).toBe(true);
  });
});

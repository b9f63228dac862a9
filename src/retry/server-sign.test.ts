import { describe, expect, it } from 'vitest';
import { serverSign } from './server-sign.js';
import type { AttemptFacts } from './verdict.js';

function answer(
  status: number,
  facts: Partial<Extract<AttemptFacts, { kind: 'response' }>> = {},
): AttemptFacts {
  const usual = { retryAfterMs: undefined, bodyAsPromised: true, hasLocation: false };
  return { kind: 'response', status, ...usual, ...facts };
}

describe('serverSign', () => {
  it.each([200, 204, 302, 304, 400, 401, 403, 404, 410, 422, 429])(
    'takes status %d for a sign that the server works',
    (status) => {
      expect(serverSign(answer(status))).toBe('works');
    },
  );

  it.each([408, 500, 502, 503, 504, 520])('takes status %d for a sign that it fails', (status) => {
    expect(serverSign(answer(status))).toBe('fails');
  });

  it.each(['unreachable', 'broken', 'timeout'] as const)(
    'takes %s for a sign of failing',
    (kind) => {
      expect(serverSign({ kind })).toBe('fails');
    },
  );

  it('takes a success with another body than promised for a sign of failing', () => {
    expect(serverSign(answer(200, { bodyAsPromised: false }))).toBe('fails');
  });

  it('takes a server that asks to wait neither for working nor for failing', () => {
    expect(serverSign(answer(503, { retryAfterMs: 1000 }))).toBe('unclear');
  });
});

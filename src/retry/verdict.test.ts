import { describe, expect, it } from 'vitest';
import { judge, type AttemptFacts, type RequestFacts } from './verdict.js';

const limits = { maxRetries: 50, maxNotFoundRetries: 5 };
const reading: RequestFacts = { idempotent: true, attempts: 1, notFounds: 0 };
const writing: RequestFacts = { ...reading, idempotent: false };

function answer(
  status: number,
  facts: Partial<Extract<AttemptFacts, { kind: 'response' }>> = {},
): AttemptFacts {
  const usual = { retryAfterMs: undefined, bodyAsPromised: true, hasLocation: false };
  return { kind: 'response', status, ...usual, ...facts };
}

describe('judge', () => {
  it.each([200, 201, 202, 204, 206, 299, 304])('takes status %d for success', (status) => {
    expect(judge(answer(status), reading, limits)).toEqual({ kind: 'done' });
    expect(judge(answer(status), writing, limits)).toEqual({ kind: 'done' });
  });

  it.each([400, 402, 403, 405, 409, 410, 418, 422, 425, 451])(
    'gives up at once at status %d',
    (status) => {
      const verdict = { kind: 'give-up', cause: `http-${status}`, reason: 'final' };
      expect(judge(answer(status), reading, limits)).toEqual(verdict);
    },
  );

  it.each([408, 500, 502, 503, 504, 520])('sends it again after status %d', (status) => {
    const cause = `http-${status}`;
    expect(judge(answer(status), reading, limits)).toEqual({ kind: 'retry', cause });
    expect(judge(answer(status), writing, limits)).toEqual({
      kind: 'give-up',
      cause,
      reason: 'not-idempotent',
    });
  });

  it('parks the app at 429, and at 503 with Retry-After, for as long as the server asks', () => {
    const asked = { retryAfterMs: 3000 };
    for (const request of [reading, writing]) {
      expect(judge(answer(429), request, limits)).toEqual({ kind: 'refused', parkMs: undefined });
      expect(judge(answer(429, asked), request, limits)).toEqual({ kind: 'refused', parkMs: 3000 });
      expect(judge(answer(503, asked), request, limits)).toEqual({ kind: 'refused', parkMs: 3000 });
    }
  });

  it('counts no refusal: it is never the last attempt', () => {
    const usedUp = { ...reading, attempts: 51 };
    expect(judge(answer(429), usedUp, limits).kind).toBe('refused');
  });

  it('has the token renewed at 401', () => {
    expect(judge(answer(401), writing, limits)).toEqual({ kind: 'unauthorized' });
  });

  it('goes where the answer says, and gives up where it says nothing', () => {
    expect(judge(answer(302, { hasLocation: true }), reading, limits).kind).toBe('redirected');
    expect(judge(answer(302), reading, limits).kind).toBe('give-up');
  });

  it('takes a success with another body than promised for a failed attempt', () => {
    const html = answer(200, { bodyAsPromised: false });
    expect(judge(html, reading, limits)).toEqual({ kind: 'retry', cause: 'body' });
    expect(judge(html, writing, limits)).toMatchObject({ reason: 'not-idempotent' });
  });

  it('sends writing again only where the server cannot have acted', () => {
    expect(judge({ kind: 'unreachable' }, writing, limits)).toEqual({
      kind: 'retry',
      cause: 'network',
    });
    expect(judge({ kind: 'broken' }, writing, limits)).toMatchObject({ reason: 'not-idempotent' });
    expect(judge({ kind: 'timeout' }, writing, limits)).toMatchObject({ reason: 'not-idempotent' });
  });

  it('sends reading again whatever broke', () => {
    expect(judge({ kind: 'broken' }, reading, limits)).toEqual({ kind: 'retry', cause: 'network' });
    expect(judge({ kind: 'timeout' }, reading, limits)).toEqual({
      kind: 'retry',
      cause: 'timeout',
    });
  });

  it('gives up after maxRetries attempts more than the first', () => {
    expect(judge(answer(500), { ...reading, attempts: 50 }, limits).kind).toBe('retry');
    expect(judge(answer(500), { ...reading, attempts: 51 }, limits)).toEqual({
      kind: 'give-up',
      cause: 'http-500',
      reason: 'retries-used-up',
    });
  });

  it('gives up after maxNotFoundRetries attempts more than the first 404', () => {
    expect(judge(answer(404), { ...reading, notFounds: 5 }, limits)).toEqual({
      kind: 'retry',
      cause: 'not-found',
    });
    expect(judge(answer(404), { ...reading, notFounds: 6 }, limits)).toEqual({
      kind: 'give-up',
      cause: 'not-found',
      reason: 'retries-used-up',
    });
    const all = { ...reading, attempts: 51, notFounds: 1 };
    expect(judge(answer(404), all, limits)).toMatchObject({ reason: 'retries-used-up' });
  });
});

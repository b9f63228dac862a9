import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeedbackReader } from './feedback-reader.js';
import type { ToldHeaders, ToldWindow } from './told-window.js';

const now = Date.UTC(2026, 10, 25, 12);
const read = (headers: ToldHeaders): readonly ToldWindow[] =>
  new FeedbackReader().read(headers, () => now);

/** A window of which only these parts are told. */
function told(name: string, parts: Partial<ToldWindow>): ToldWindow {
  const unknown = { requests: undefined, perMs: undefined, remaining: undefined };
  return { name, ...unknown, resetMs: undefined, ...parts };
}

describe('FeedbackReader', () => {
  it('finds nothing where nothing is told', () => {
    expect(read({ 'content-type': 'application/json', date: 'x' })).toEqual([]);
  });

  it('reads RateLimit and RateLimit-Policy of the newest draft, several at once', () => {
    const headers = {
      'ratelimit-policy': '"burst";q=100;w=60, "day";q=5000;w=86400;pk=:cHg=:',
      ratelimit: '"burst";r=50;t=30',
    };
    expect(read(headers)).toEqual([
      told('RateLimit "burst"', { requests: 100, perMs: 60_000, remaining: 50, resetMs: 30_000 }),
      told('RateLimit "day"', { requests: 5000, perMs: 86_400_000 }),
    ]);
  });

  it('reads them where each came as a header of its own, or names policies by tokens', () => {
    const headers = {
      'ratelimit-policy': ['"a";q=10;w=1', 'b; q=500; w=3600; qu="requests"'],
      ratelimit: ['"a"; r=9; t=1', 'b;r=0'],
    };
    expect(read(headers)).toEqual([
      told('RateLimit "a"', { requests: 10, perMs: 1000, remaining: 9, resetMs: 1000 }),
      told('RateLimit "b"', { requests: 500, perMs: 3_600_000, remaining: 0 }),
    ]);
  });

  it('leaves out policies that count something else than requests', () => {
    const headers = {
      'ratelimit-policy': '"size";q=65535;qu="content-bytes";w=10, "r";q=5;w=1',
      ratelimit: '"r";r=4;t=1',
    };
    expect(read(headers).map(({ name }) => name)).toEqual(['RateLimit "r"']);
  });

  it('reads RateLimit as a dictionary, as the older drafts have it', () => {
    const headers = {
      'ratelimit-policy': '10;w=1, 100;w=60',
      ratelimit: 'limit=100, remaining=50, reset=5',
    };
    expect(read(headers)).toEqual([
      told('RateLimit', { requests: 100, perMs: 60_000, remaining: 50, resetMs: 5000 }),
      told('RateLimit', { requests: 10, perMs: 1000 }),
    ]);
  });

  it('reads a policy alone, and what is left alone', () => {
    expect(read({ 'ratelimit-policy': '"hour";q=5000;w=3600' })).toEqual([
      told('RateLimit "hour"', { requests: 5000, perMs: 3_600_000 }),
    ]);
    expect(read({ ratelimit: '"hour";r=12;t=60' })).toEqual([
      told('RateLimit "hour"', { remaining: 12, resetMs: 60_000 }),
    ]);
  });

  it('reads RateLimit-Limit, -Remaining and -Reset, with the length that the policy tells', () => {
    const headers = {
      'ratelimit-policy': '20;w=1',
      'ratelimit-limit': '20',
      'ratelimit-remaining': '19',
      'ratelimit-reset': '1',
    };
    expect(read(headers)[0]).toEqual(
      told('RateLimit', { requests: 20, perMs: 1000, remaining: 19, resetMs: 1000 }),
    );
  });

  it('reads policies that stand in RateLimit-Limit', () => {
    const headers = {
      'ratelimit-limit': '10, 10;w=1, 1000;w=3600',
      'ratelimit-remaining': '3',
      'ratelimit-reset': '1',
    };
    expect(read(headers)).toEqual([
      told('RateLimit', { requests: 10, perMs: 1000, remaining: 3, resetMs: 1000 }),
      told('RateLimit 10;w=1', { requests: 10, perMs: 1000 }),
      told('RateLimit 1000;w=3600', { requests: 1000, perMs: 3_600_000 }),
    ]);
  });

  it.each([
    ['seconds from now', '90', 90_000],
    ['a time in seconds', String(now / 1000 + 90), 90_000],
    ['a time in milliseconds', String(now + 90_500), 90_500],
    ['a time in the past', String(now / 1000 - 5), 0],
    ['a time with fractions', String(now / 1000 + 1.5), 1500],
    ['more than a year', '40000000', undefined],
    ['a time of another century', '9999999999', undefined],
    ['a date', '2026-11-25T12:00:00Z', undefined],
    ['a negative number', '-3', undefined],
    ['nothing', '', undefined],
  ])('reads X-RateLimit-Reset as %s', (_what, reset, resetMs) => {
    for (const prefix of ['x-ratelimit', 'x-rate-limit']) {
      const headers = {
        [`${prefix}-limit`]: '5000',
        [`${prefix}-remaining`]: '4999',
        [`${prefix}-reset`]: reset,
      };
      expect(read(headers)).toMatchObject([{ requests: 5000, remaining: 4999, resetMs }]);
    }
  });

  it('goes by the server’s clock where ours is wrong', () => {
    const serverNow = now + 600_000;
    const headers = {
      date: new Date(serverNow).toUTCString(),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(serverNow / 1000 + 20),
    };
    expect(read(headers)).toEqual([told('X-RateLimit', { remaining: 0, resetMs: 20_000 })]);
  });

  it('reads several values of X-RateLimit-*, as lists or as headers of their own', () => {
    const windows = [
      told('X-RateLimit', { requests: 50, remaining: 49, resetMs: 1000 }),
      told('X-RateLimit 2', { requests: 1000, remaining: 0, resetMs: 3_600_000 }),
    ];
    const lists = {
      'x-ratelimit-limit': '50, 1000',
      'x-ratelimit-remaining': '49,0',
      'x-ratelimit-reset': '1, 3600',
    };
    expect(read(lists)).toEqual(windows);
    const headers = {
      'x-ratelimit-limit': ['50', '1000'],
      'x-ratelimit-remaining': ['49', '0'],
      'x-ratelimit-reset': ['1', '3600'],
    };
    expect(read(headers)).toEqual(windows);
  });

  it('reads what the 42 Intra tells', () => {
    const headers = {
      'x-secondly-ratelimit-limit': '2',
      'x-secondly-ratelimit-remaining': '1',
      'x-hourly-ratelimit-limit': '1200',
      'x-hourly-ratelimit-remaining': '1198',
    };
    expect(read(headers)).toEqual([
      told('X-Secondly-RateLimit', { requests: 2, perMs: 1000, remaining: 1 }),
      told('X-Hourly-RateLimit', { requests: 1200, perMs: 3_600_000, remaining: 1198 }),
    ]);
  });

  it('takes fractions of what is left for whole requests', () => {
    expect(read({ 'x-ratelimit-remaining': '12.9' })).toMatchObject([{ remaining: 12 }]);
  });

  it.each([
    { 'ratelimit-policy': '"burst";q=100;w=' },
    { 'ratelimit-policy': '"burst";q=-1;w=60' },
    { 'ratelimit-policy': '"burst";q=0;w=60' },
    { 'ratelimit-policy': '("a" "b");q=5' },
    { 'ratelimit-policy': '?1;q=5' },
    { ratelimit: 'remaining=NaN' },
    { ratelimit: '"x";r=-5' },
    { ratelimit: '"x";t=5' },
    { ratelimit: 'limit=10, reset=1' },
    { ratelimit: '\u{1F40D}' },
  ])('ignores %j', (headers) => {
    expect(read(headers)).toEqual([]);
  });

  it.each(['-1', 'NaN', '1e3', 'Infinity', 'many', '', '99999999999999999999'])(
    'ignores %j requests left',
    (value) => {
      const family = { 'x-ratelimit-limit': value, 'x-ratelimit-remaining': value };
      expect(read(family)).toEqual([told('X-RateLimit', {})]);
      const of42 = { 'x-hourly-ratelimit-limit': value, 'x-hourly-ratelimit-remaining': value };
      expect(read(of42)).toEqual([told('X-Hourly-RateLimit', { perMs: 3_600_000 })]);
    },
  );

  it('never throws, and tells only what makes sense, whatever comes', () => {
    const names = ['ratelimit', 'ratelimit-policy'].concat(
      ['ratelimit', 'x-ratelimit', 'x-rate-limit'].flatMap((prefix) =>
        ['limit', 'remaining', 'reset'].map((part) => `${prefix}-${part}`),
      ),
      ['secondly', 'hourly'].flatMap((window) =>
        ['limit', 'remaining'].map((part) => `x-${window}-ratelimit-${part}`),
      ),
    );
    const part = fc.constantFrom('"a"', ';', 'q=', 'w=', 'r=', 't=', ', ', 'limit=', '=', '-', '.');
    const value = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.integer().map(String),
      fc.array(fc.oneof(part, fc.nat().map(String)), { maxLength: 12 }).map((all) => all.join('')),
    );
    const headers = fc.dictionary(
      fc.constantFrom(...names, 'date'),
      fc.oneof(value, fc.array(value)),
    );
    const reader = new FeedbackReader();
    fc.assert(
      fc.property(headers, (some) => {
        for (const { requests = 1, perMs = 1, remaining = 0, resetMs = 0 } of reader.read(
          some,
          () => now,
        )) {
          expect(Number.isSafeInteger(requests) && requests >= 1).toBe(true);
          expect(Number.isSafeInteger(remaining) && remaining >= 0).toBe(true);
          expect(perMs > 0 && perMs < 4e10).toBe(true);
          expect(resetMs >= 0 && resetMs < 1e11).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('knows each of more policies than it remembers', () => {
    const reader = new FeedbackReader();
    const wrong = Array.from({ length: 6000 }, (_, index) => index + 1).filter((quota) => {
      const headers = { 'ratelimit-policy': `"a";q=${quota};w=1` };
      return [0, 1].some(() => reader.read(headers, () => now)[0]?.requests !== quota);
    });
    expect(wrong).toEqual([]);
  });
});

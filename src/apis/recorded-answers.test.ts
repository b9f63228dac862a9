/** What comes of answers as each API gives them, through the readers that all APIs share. */
import { expect, describe, it } from 'vitest';
import { ApiRules } from '../engine/api-rules.js';
import { attemptFacts } from '../engine/attempt-facts.js';
import type { Job } from '../engine/job.js';
import type { Api, Limit, ToldHeaders, ToldWindow } from '../index.js';
import { judge, type Verdict } from '../retry/verdict.js';
import { VirtualClock } from '../testing/index.js';
import { discord, github, gitlab, notion, openAiStyle, reddit, shopify, stripe } from './index.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const userAgent = 'node:x:1 (by /u/x)';
const nothing = (): void => {};
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing };

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** When it came. */
  readonly at: string;
}

/** What is made of an answer to a GET. */
function heard(api: Api, answer: Answer): { told: readonly ToldWindow[]; verdict: Verdict } {
  const clock = new VirtualClock(Date.parse(answer.at));
  const rules = new ApiRules({ api, clock, logger });
  const headers: ToldHeaders = answer.headers;
  const job = { currentMethod: 'GET', receiver: undefined } as unknown as Job;
  const body = Buffer.from('{}');
  const result = { kind: 'response', status: answer.status, headers, body } as const;
  const facts = attemptFacts(api, job, result as never, clock, rules);
  const request = { idempotent: true, attempts: 1, notFounds: 0 };
  const verdict = judge(facts, request, { maxRetries: 50, maxNotFoundRetries: 5 });
  return { told: rules.toldWindows(headers), verdict };
}

describe('the limits that an app is kept to', () => {
  const definitions: [Api, readonly Limit[] | 'discover'][] = [
    [discord(), [{ requests: 50, perMs: 1000 }]],
    [
      github(),
      [
        { requests: 900, perMs: MINUTE_MS },
        { of: 'points', requests: 900, perMs: MINUTE_MS },
        { requests: 5000, perMs: HOUR_MS },
      ],
    ],
    [gitlab(), [{ requests: 2000, perMs: MINUTE_MS }]],
    [notion(), [{ requests: 3, perMs: 1000 }]],
    [openAiStyle(), 'discover'],
    [reddit({ userAgent }), [{ requests: 100, perMs: MINUTE_MS }]],
    [shopify({ shop: 'x.test', version: '2026-01' }), [{ requests: 2, perMs: 1000 }]],
    [stripe(), [{ requests: 25, perMs: 1000 }]],
  ];

  it.each(definitions.map(([api, limits]) => ({ name: api.name, api, limits })))(
    'at $name are those that its documentation names',
    ({ name, api, limits }) => {
      expect(api.limits).toEqual(limits);
      // Only GitHub says that it costs nothing when nothing has changed.
      expect(api.notModifiedIsFree).toBe(name === 'github');
    },
  );
});

describe('gitlab', () => {
  it('tells its minute in the usual headers', () => {
    const headers = {
      'ratelimit-limit': '2000',
      'ratelimit-name': 'throttle_authenticated_api',
      'ratelimit-observed': '1',
      'ratelimit-remaining': '1999',
      'ratelimit-reset': '1694791726',
      'ratelimit-resettime': 'Fri, 15 Sep 2023 15:28:46 GMT',
    };
    const { told, verdict } = heard(gitlab(), { status: 200, headers, at: '2023-09-15T15:28:00Z' });
    expect(told).toEqual([
      { name: 'RateLimit', requests: 2000, perMs: undefined, remaining: 1999, resetMs: 46_000 },
    ]);
    expect(verdict).toEqual({ kind: 'done' });
  });

  it('refuses until Retry-After', () => {
    const headers = {
      'ratelimit-limit': '60',
      'ratelimit-name': 'throttle_authenticated_web',
      'ratelimit-observed': '67',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '1609844400',
      'retry-after': '30',
    };
    const { told, verdict } = heard(gitlab(), { status: 429, headers, at: '2021-01-05T10:59:30Z' });
    expect(told).toMatchObject([{ requests: 60, remaining: 0, resetMs: 30_000 }]);
    expect(verdict).toEqual({ kind: 'refused', parkMs: 30_000 });
  });
});

describe('reddit', () => {
  const at = '2015-09-05T05:28:09Z';

  it.each([
    [
      { 'x-ratelimit-used': '14', 'x-ratelimit-remaining': '586.0', 'x-ratelimit-reset': '111' },
      586,
      111,
    ],
    [
      { 'x-ratelimit-used': '1', 'x-ratelimit-remaining': '99.0', 'x-ratelimit-reset': '300' },
      99,
      300,
    ],
    [{ 'x-ratelimit-used': '100', 'x-ratelimit-remaining': '0.5', 'x-ratelimit-reset': '7' }, 0, 7],
  ])('tells what is left, with a fraction, and seconds: %j', (headers, remaining, seconds) => {
    const { told, verdict } = heard(reddit({ userAgent }), { status: 200, headers, at });
    const unknown = { requests: undefined, perMs: undefined };
    expect(told).toEqual([{ name: 'X-RateLimit', ...unknown, remaining, resetMs: seconds * 1000 }]);
    expect(verdict).toEqual({ kind: 'done' });
  });

  it('refuses without a word on how long, which its reset tells', () => {
    const headers = { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': '300' };
    const { told, verdict } = heard(reddit({ userAgent }), { status: 429, headers, at });
    expect(told).toMatchObject([{ remaining: 0, resetMs: 300_000 }]);
    expect(verdict).toEqual({ kind: 'refused', parkMs: undefined });
  });
});

describe('notion', () => {
  it('refuses until Retry-After, and tells nothing else', () => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'retry-after': '5' };
    const answer = { status: 429, headers, at: '2026-02-20T00:00:00Z' };
    expect(heard(notion(), answer)).toEqual({
      told: [],
      verdict: { kind: 'refused', parkMs: 5000 },
    });
  });
});

describe('stripe', () => {
  it('refuses without any header', () => {
    const answer = { status: 429, headers: {}, at: '2026-02-20T00:00:00Z' };
    expect(heard(stripe(), answer)).toEqual({
      told: [],
      verdict: { kind: 'refused', parkMs: undefined },
    });
  });
});

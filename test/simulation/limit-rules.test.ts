import { describe, expect, it } from 'vitest';
import {
  HydraError,
  type ApiDefinition,
  type ToldHeaders,
  type ToldWindow,
  type TransportResult,
} from '../../src/index.js';
import { hardlyAnyLimits, keepingLogger, simulate } from './hydra-on-virtual-time.js';
import { highestInWindow, jsonAnswer, timesByApp } from './simulated-server.js';

/** As GitHub says it: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const isRefusal: NonNullable<ApiDefinition['isRefusal']> = ({ status, headers }) =>
  status === 403 &&
  (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0');

const inSeconds = (seconds: number): string => String(Date.UTC(2026, 0, 1, 0, 0, seconds) / 1000);

/** When the second request arrives of an app whose first was answered with 403 and `headers`. */
async function secondArrival(headers: Record<string, string>): Promise<number | undefined> {
  const answers: (TransportResult | undefined)[] = [jsonAnswer({}, 403, headers), undefined];
  const { hydra, server, clock } = simulate({
    apps: 1,
    limits: hardlyAnyLimits,
    api: { isRefusal },
    server: { answer: () => answers.shift() },
  });
  const response = await clock.runUntil(hydra.get('/x').then((answer) => answer));
  expect(response.attempts).toBe(1);
  expect(hydra.stats).toMatchObject({ refusals: 1, succeeded: 1, failed: 0 });
  return server.arrivals[1]?.atMs;
}

describe('an answer that the API says is a refusal', () => {
  it('parks the app for as long as Retry-After says', async () => {
    expect(await secondArrival({ 'retry-after': '7' })).toBe(20 + 20 + 7000 + 20);
  });

  it('parks the app until the reset of what is used up, without Retry-After', async () => {
    const told = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(50) };
    expect(await secondArrival(told)).toBe(50_000 + 20);
  });

  it('sends the request on with another app at once', async () => {
    const { hydra, server, clock } = simulate({
      apps: 2,
      limits: hardlyAnyLimits,
      api: { isRefusal },
      server: {
        answer: (_request, appId) =>
          appId === 'app0' ? jsonAnswer({}, 403, { 'retry-after': '2400' }) : undefined,
      },
    });
    for (let i = 0; i < 50; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 50, failed: 0 });
    expect(clock.now()).toBeLessThan(2000);
    expect(timesByApp(server.arrivals).get('app1')).toHaveLength(50);
  });

  it('is what the API says, and nothing else: any other 403 ends its request', async () => {
    const { hydra, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      api: { isRefusal },
      server: { answer: () => jsonAnswer({}, 403) },
    });
    const outcome = await clock.runUntil(hydra.get('/x').catch((error: unknown) => error));
    expect(outcome).toBeInstanceOf(HydraError);
    expect(outcome).toMatchObject({ code: 'HYDRA_HTTP_STATUS', facts: { status: 403 } });
    expect(hydra.stats.refusals).toBe(0);
  });

  it('shows that the server works, however many there are', async () => {
    let left = 20;
    const { hydra, clock } = simulate({
      apps: 20,
      limits: hardlyAnyLimits,
      api: { isRefusal: ({ status }) => status === 502 },
      server: { answer: () => (left-- > 0 ? jsonAnswer({}, 502) : undefined) },
    });
    for (let i = 0; i < 40; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 40, refusals: 20, failed: 0 });
    expect(clock.now()).toBeLessThan(1500);
  });
});

describe('limits in headers that only this API has', () => {
  const readLimits = (headers: ToldHeaders, scope?: string): ToldWindow[] => [
    {
      name: 'Quota',
      requests: Number(headers['quota']),
      perMs: 10_000,
      remaining: undefined,
      resetMs: undefined,
      scope,
    },
  ];

  it('are kept to as soon as an answer tells them', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: [{ requests: 3, perMs: 10_000 }],
      api: { limits: hardlyAnyLimits, readLimits: (headers) => readLimits(headers) },
      server: { tell: () => ({ quota: '3' }) },
      options: { maxConcurrency: 1 },
    });
    for (let i = 0; i < 12; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(server.refused).toBe(0);
    expect(
      highestInWindow(
        server.arrivals.map(({ atMs }) => atMs),
        10_000,
      ),
    ).toBe(3);
  });

  it('take the place of usual ones of the same name', async () => {
    const { hydra, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      api: { readLimits: () => [{ ...window, name: 'X-RateLimit', remaining: 1000 }] },
      server: {
        tell: () => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(50) }),
      },
      options: { maxConcurrency: 1 },
    });
    for (let i = 0; i < 5; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(clock.now()).toBeLessThan(2000);
  });

  it('belong to the scope of their request, where they say so, and hold nothing else back', async () => {
    const perMs = 10_000;
    const limits = { small: [{ requests: 40, perMs }], large: [{ requests: 2, perMs }] };
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      api: {
        // The body says what a request belongs to, as that of a language model does.
        scope: ({ body }) => (JSON.parse(String(body)) as { model: string }).model,
        scopeLimits: { small: limits.small, large: limits.small },
        readLimits: (headers, _wallNow, scope) => readLimits(headers, scope),
      },
      server: {
        scopes: { of: (path) => path.split('/')[2], limits },
        tell: (limiters) => ({ quota: String(limiters.at(-1)?.requests) }),
      },
      options: { maxConcurrency: 1 },
    });
    for (let i = 0; i < 8; i++) {
      for (const model of ['small', 'large']) hydra.post(`/${model}`, { json: { model, i } });
    }
    await clock.advance(perMs - 100);
    const of = (model: string) => server.arrivals.filter(({ path }) => path.endsWith(model));
    expect([of('small').length, of('large').length]).toEqual([8, 2]);
    await clock.runUntil(hydra.join());
    expect(server.refused).toBe(0);
    expect(of('large')).toHaveLength(8);
  });

  const window = { requests: undefined, perMs: undefined, resetMs: 60_000 };
});

describe('a rule that throws', () => {
  it('is told of once, and taken as if it had said nothing', async () => {
    const { logger, lines } = keepingLogger();
    const fail = (): never => {
      throw new Error('no such header');
    };
    const { hydra, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      api: { readLimits: fail, isRefusal: fail },
      server: { answer: ({ path }) => (path === '/v2/9' ? jsonAnswer({}, 403) : undefined) },
      options: { logger },
    });
    for (let i = 0; i < 10; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 9, failed: 1 });
    const told = lines.filter((line) => line.includes('threw: no such header'));
    expect(told).toEqual([
      expect.stringMatching(/^error `readLimits` of the API simulated/),
      expect.stringMatching(/^error `isRefusal` of the API simulated/),
    ]);
  });
});

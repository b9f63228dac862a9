import { describe, expect, it } from 'vitest';
import type { Limit, TransportResult } from '../../src/index.js';
import { hardlyAnyLimits, keepingLogger, simulate } from './hydra-on-virtual-time.js';
import { jsonAnswer, timesByApp } from './simulated-server.js';

const refusal = (headers: Record<string, string> = {}): TransportResult =>
  jsonAnswer({}, 429, headers);

/** When one app's requests arrive, whose first `refusals` the server refuses. */
async function arrivalTimes(refusals: number, headers: Record<string, string>): Promise<number[]> {
  let left = refusals;
  const { hydra, server, clock } = simulate({
    apps: 1,
    limits: hardlyAnyLimits,
    server: { answer: () => (left-- > 0 ? refusal(headers) : undefined) },
  });
  const response = await clock.runUntil(hydra.get('/x').then((answer) => answer));
  expect(response.attempts).toBe(1);
  expect(hydra.stats).toMatchObject({ refusals, attempts: refusals + 1, succeeded: 1 });
  return server.arrivals.map(({ atMs }) => atMs);
}

const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] as number));

/** From one arrival over its refusal to the next arrival. */
const ROUND_TRIP_MS = 40;

describe('refusals', () => {
  it('park the app for as many seconds as Retry-After says', async () => {
    expect(gaps(await arrivalTimes(2, { 'retry-after': '7' }))).toEqual([
      7000 + ROUND_TRIP_MS,
      7000 + ROUND_TRIP_MS,
    ]);
  });

  it('park the app until the date that Retry-After says', async () => {
    const date = new Date(Date.UTC(2026, 0, 1, 0, 0, 30)).toUTCString();
    const [, second] = await arrivalTimes(1, { 'retry-after': date });
    expect(second).toBe(30_000 + 20);
  });

  it('park the app for 1 s, doubling to 5 min, where the server names no time', async () => {
    const seconds = gaps(await arrivalTimes(11, {})).map((gap) => (gap - ROUND_TRIP_MS) / 1000);
    expect(seconds.map(Math.round)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  it('that nothing explains keep the app at 0.7 of its rate, from where it climbs back', async () => {
    let isRefused = false;
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: [{ requests: 20, perMs: 1000 }],
      server: {
        answer: () => {
          if (isRefused || clock.now() < 10_000) return undefined;
          isRefused = true;
          return refusal();
        },
      },
    });
    for (let i = 0; i < 1000; i++) hydra.get(`/${i}`);
    await clock.advance(40_000);
    expect(hydra.stats.refusals).toBe(1);
    const inSecondFrom = (fromMs: number): number =>
      server.arrivals.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + 1000).length;
    expect(inSecondFrom(8000)).toBeGreaterThanOrEqual(19);
    // It is parked for a second first.
    expect(inSecondFrom(12_100)).toBeLessThanOrEqual(15);
    expect(inSecondFrom(12_100)).toBeGreaterThanOrEqual(13);
    expect(inSecondFrom(16_100)).toBeGreaterThan(inSecondFrom(12_100));
    expect(inSecondFrom(30_000)).toBeGreaterThanOrEqual(19);
  });

  it('begin at 1 s again once a request was accepted', async () => {
    const answers = [refusal(), refusal(), undefined, refusal(), undefined];
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      server: { answer: () => answers.shift() },
      options: { maxConcurrency: 1 },
    });
    hydra.get('/1');
    hydra.get('/2');
    await clock.runUntil(hydra.join());
    const [, , , fourth = 0, fifth = 0] = server.arrivals.map(({ atMs }) => atMs);
    expect(fifth - fourth).toBeCloseTo(1000 + ROUND_TRIP_MS, 6);
  });

  it('park the app and not the request: another app takes it at once', async () => {
    const { logger, lines } = keepingLogger();
    const { hydra, server, clock } = simulate({
      apps: 2,
      limits: hardlyAnyLimits,
      options: { logger },
      server: {
        answer: (_request, appId) =>
          appId === 'app0' ? refusal({ 'retry-after': '2400' }) : undefined,
      },
    });
    for (let i = 0; i < 50; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ succeeded: 50, failed: 0 });
    expect(clock.now()).toBeLessThan(2000);
    expect(timesByApp(server.arrivals).get('app1')).toHaveLength(50);
    expect(lines.filter((line) => line.includes('app0') && line.includes('parked'))).not.toEqual(
      [],
    );
  });

  it('of one app for 40 minutes delay no request of the others, and it comes back', async () => {
    const limits: Limit[] = [{ requests: 2, perMs: 1000 }];
    let refusals = 1;
    const { hydra, server, clock } = simulate({
      apps: 5,
      limits,
      server: {
        answer: (_request, appId) =>
          appId === 'app0' && refusals-- > 0 ? refusal({ 'retry-after': '2400' }) : undefined,
      },
    });
    for (let i = 0; i < 25_000; i++) hydra.get(`/${i}`);
    await clock.advance(2_400_000);
    const others = server.arrivals.filter(({ appId }) => appId !== 'app0');
    expect(server.arrivals.length - others.length).toBe(1);
    expect(others.length / (2400 * 8)).toBeGreaterThan(0.97);
    const [longestGap = 0] = gaps(others.map(({ atMs }) => atMs)).toSorted((a, b) => b - a);
    expect(longestGap).toBeLessThan(1000);
    await clock.advance(60_000);
    expect(timesByApp(server.arrivals).get('app0')?.length).toBeGreaterThan(100);
    expect(server.refused).toBe(0);
  });
});

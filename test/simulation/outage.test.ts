/** The server goes away in the middle of a job, for a moment or for hours, and comes back. */
import { describe, expect, it } from 'vitest';
import { sleep, type Auth, type TransportResult } from '../../src/index.js';
import {
  back,
  during,
  expectAllAnswered,
  HOUR_MS,
  opened,
  probes,
  refused,
  world,
  type Line,
} from './failing-server.js';
import { highestInWindow, jsonAnswer } from './simulated-server.js';

const backSoon: TransportResult = {
  ...jsonAnswer({}),
  body: new TextEncoder().encode('<html>back soon'),
} as TransportResult;

const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, index) => time - (times[index] as number));

describe('an outage of six hours', () => {
  const fromMs = 60_000;
  const toMs = fromMs + 6 * HOUR_MS;

  it.each([
    ['refused connections', refused, 20, 'does not answer (nobody there)'],
    ['status 502', jsonAnswer({}, 502), 40, 'answers with status 502'],
    ['status 500', jsonAnswer({}, 500), 40, 'answers with status 500'],
    ['pages that say "back soon"', backSoon, 70, 'answers with something else'],
    ['no answers at all', 'stall' as const, 60_000, 'does not answer in time'],
  ])('with %s uses up no attempts, and everything is answered', async (_, fault, tripMs, cause) => {
    const one = world(during(fromMs, toMs, fault));
    for (let i = 0; i < 4000; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 4000)).toBeLessThanOrEqual(6);

    expect([opened(one).length, back(one).length]).toEqual([1, 1]);
    const [{ atMs: openedAt, message }] = opened(one) as [Line];
    const [{ atMs: backAt, message: backMessage }] = back(one) as [Line];
    expect(message).toContain(cause);
    expect(backMessage).toMatch(/again after 6 h [0-2] min/);
    expect(openedAt - fromMs).toBeLessThan(1500 + tripMs);

    // Nothing but probes, one at a time, ever more seldom.
    const meanwhile = one.sent.filter(({ atMs }) => atMs > openedAt && atMs < backAt);
    const times = meanwhile.map(({ atMs }) => atMs);
    expect(times).toEqual(probes(one).map(({ atMs }) => atMs));
    const waits = gaps([openedAt - tripMs, ...times]).map((gap) => (gap - tripMs) / 1000);
    expect(waits.map((wait) => Math.round(wait * 100) / 100)).toEqual([
      1,
      2,
      4,
      8,
      16,
      32,
      ...Array.from({ length: waits.length - 6 }, () => 60),
    ]);
    const probesAlone = meanwhile.filter(({ atMs }) => atMs > openedAt + 60_000);
    expect(Math.max(...probesAlone.map(({ atOnce }) => atOnce))).toBe(1);

    // It is found to be back within one interval, and the stream goes on evenly, without a refusal.
    expect(backAt - toMs).toBeLessThanOrEqual(60_000 + tripMs + 70);
    const after = one.server.arrivals.filter(({ atMs }) => atMs >= backAt).map(({ atMs }) => atMs);
    expect((after[0] as number) - backAt).toBeLessThan(100);
    expect(highestInWindow(after, 1000)).toBeLessThanOrEqual(46);
    expect(highestInWindow(after, 100)).toBeLessThanOrEqual(6);
    expect(one.server.refused).toBe(0);
  });

  it('at the very beginning is waited for, too: what waits takes turns in asking', async () => {
    const one = world(during(0, 6 * HOUR_MS, refused));
    for (let i = 0; i < 50; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 50)).toBeLessThanOrEqual(6);
    const asked = probes(one).slice(0, 10);
    expect(new Set(asked.map(({ message }) => message)).size).toBe(10);
  });

  it('costs a hydra with one app few attempts, too', async () => {
    const one = world(during(fromMs, toMs, refused), { apps: 1 });
    for (let i = 0; i < 200; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 200)).toBeLessThanOrEqual(15);
  });

  it('spares the last two requests of a job as well', async () => {
    const one = world(during(fromMs, toMs, refused));
    one.hydra.get('/0');
    await one.clock.advance(fromMs);
    for (let i = 1; i <= 2; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 3)).toBeLessThanOrEqual(6);
  });

  it('that takes the token endpoint along, too, is survived by tokens that live two hours', async () => {
    const isDown = (): boolean => clock.now() >= fromMs && clock.now() < toMs;
    const auth: Auth = {
      authorize: (_app, token) => ({ headers: { authorization: `Bearer ${token?.value ?? ''}` } }),
      async renewToken(app) {
        await sleep(clock, 100);
        if (isDown()) throw new Error('down');
        return { value: app.id, expiresAtMs: clock.wallNow() + 2 * HOUR_MS };
      },
    };
    const one = world(during(fromMs, toMs, refused), { api: { auth } });
    const { clock } = one;
    for (let i = 0; i < 4000; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 4000)).toBeLessThanOrEqual(6);
    expect((back(one)[0] as Line).atMs - toMs).toBeLessThan(63_000);
  });

  it('is told in few lines, when the log is not at debug', async () => {
    const one = world(during(fromMs, toMs, refused));
    for (let i = 0; i < 4000; i++) one.hydra.get(`/${i}`);
    await expectAllAnswered(one, 4000);
    expect(one.lines.filter(({ level }) => level !== 'debug')).toHaveLength(2);
  });
});

describe('what may not be sent twice', () => {
  it('waits while connections are refused, and is then sent once', async () => {
    const one = world(during(10_000, HOUR_MS, refused));
    for (let i = 0; i < 1000; i++) one.hydra.post(`/${i}`, { json: {} });
    expect(await expectAllAnswered(one, 1000)).toBeLessThanOrEqual(6);
    const reached = one.server.arrivals.map(({ path }) => path);
    expect(new Set(reached).size).toBe(reached.length);
  });

  it('is no probe while anything else can tell; only what was under way is lost', async () => {
    const one = world(during(10_000, HOUR_MS, jsonAnswer({}, 502)));
    one.hydra.get('/first');
    for (let i = 1; i <= 1000; i++) one.hydra.post(`/${i}`, { json: {} });
    await one.clock.runUntil(one.hydra.join());
    const [{ atMs: openedAt }] = opened(one) as [Line];
    const failures = await one.hydra.failures();
    // One second of the stream, and what it takes to begin.
    expect(failures.length).toBeLessThan(60);
    for (const { error } of failures) expect(error.message).toContain('not sent again');
    const asked = one.sent.filter(({ atMs }) => atMs > openedAt && atMs < HOUR_MS);
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.every(({ path }) => path === '/v2/first')).toBe(true);
    const posts = one.server.arrivals.filter(({ method }) => method === 'POST');
    expect(new Set(posts.map(({ path }) => path)).size).toBe(posts.length);
  });

  it('is a probe where nothing else waits and nothing has worked yet', async () => {
    const one = world(during(0, HOUR_MS, refused), { apps: 2 });
    for (let i = 0; i < 8; i++) one.hydra.post(`/${i}`, { json: {} });
    expect(await expectAllAnswered(one, 8)).toBeLessThan(51);
    expect(opened(one)).toHaveLength(1);
  });
});

describe('a request on its last attempt', () => {
  it('does not end when that was under way as the server was found to be down', async () => {
    const one = world(during(10_000, HOUR_MS, 'stall'), { options: { maxRetries: 0 } });
    for (let i = 0; i < 2000; i++) one.hydra.get(`/${i}`);
    await one.clock.runUntil(one.hydra.join());
    // Those four are what it was found out by.
    expect(one.hydra.stats).toMatchObject({ failed: 4, succeeded: 1996 });
  });
});

describe('a server that comes and goes', () => {
  it.each([
    [5000, 5000],
    [20_000, 10_000],
    [3000, 120_000],
  ])('up for %d ms, down for %d ms: every request is answered', async (upMs, downMs) => {
    const one = world((nowMs) => (nowMs % (upMs + downMs) < upMs ? undefined : refused));
    for (let i = 0; i < 4000; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 4000)).toBeLessThan(20);
    expect(opened(one).length).toBeGreaterThan(1);
    expect(opened(one)).toHaveLength(back(one).length);
  });

  it('answers every tenth attempt only: no request is lost', async () => {
    let attempts = 0;
    const one = world(() => (++attempts % 10 === 0 ? undefined : jsonAnswer({}, 502)), {
      server: {},
    });
    for (let i = 0; i < 300; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 300)).toBeGreaterThan(1);
  });
});

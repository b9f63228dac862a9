import { createHook } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HydraError } from '../../src/index.js';
import { hardlyAnyLimits, keepingLogger, perSecond2, simulate } from './hydra-on-virtual-time.js';
import { jsonAnswer } from './simulated-server.js';

const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', keep);
});
afterEach(() => {
  process.off('unhandledRejection', keep);
});

const failing = {
  answer: ({ path }: { path: string }) => (/[05]$/.test(path) ? jsonAnswer({}, 400) : undefined),
};

describe('a request', () => {
  it('left alone is sent, its failure is listed, and nothing is left unhandled', async () => {
    const { hydra, clock } = simulate({ apps: 1, limits: hardlyAnyLimits, server: failing });
    hydra.get('/5', { key: 'five' });
    await clock.runUntil(hydra.join());
    const [failure] = await hydra.failures();
    expect(failure).toMatchObject({ id: 0, method: 'GET', key: 'five', attempts: 1 });
    expect(failure?.error).toBeInstanceOf(HydraError);
    expect(unhandled).toEqual([]);
  });

  it('makes no promise and no unhandled rejection, 10,000 times over', async () => {
    const { hydra, clock } = simulate({ apps: 20, limits: hardlyAnyLimits, server: failing });
    let promises = 0;
    const hook = createHook({
      init: (_id, type) => {
        if (type === 'PROMISE') promises += 1;
      },
    });
    hook.enable();
    for (let i = 0; i < 10_000; i++) hydra.get(`/${i}`);
    hook.disable();
    expect(promises).toBe(0);
    await clock.runUntil(hydra.join());
    expect(hydra.stats).toMatchObject({ requested: 10_000, succeeded: 8000, failed: 2000 });
    expect(unhandled).toEqual([]);
  });

  it('can be awaited late, often, and in any of its forms', async () => {
    const { hydra, clock } = simulate({ apps: 1, limits: hardlyAnyLimits, server: failing });
    const good = hydra.get('/1');
    const bad = hydra.get('/5');
    await clock.runUntil(hydra.join());
    expect((await good).status).toBe(200);
    expect(await good.json()).toEqual({ path: '/v2/1' });
    expect(await good.text()).toBe('{"path":"/v2/1"}');
    expect(await good.bytes()).toBeInstanceOf(Uint8Array);
    await expect(bad).rejects.toMatchObject({ code: 'HYDRA_HTTP_STATUS' });
    await expect(bad.json()).rejects.toMatchObject({ code: 'HYDRA_HTTP_STATUS' });
    expect(await bad.catch(() => 'caught')).toBe('caught');
    let finals = 0;
    await good.finally(() => (finals += 1));
    expect([finals, good.id, bad.url]).toEqual([1, 0, 'http://simulated/v2/5']);
  });
});

describe('abort by signal', () => {
  it('before it is asked for sends nothing', async () => {
    const { hydra, server, clock } = simulate({ apps: 1, limits: perSecond2 });
    const reason = new Error('changed my mind');
    const pending = hydra.get('/x', { signal: AbortSignal.abort(reason) });
    await expect(pending).rejects.toMatchObject({ code: 'HYDRA_ABORTED', cause: reason });
    await clock.advance(10_000);
    expect(server.arrivals).toEqual([]);
  });

  it('while it waits for an app sends nothing and costs the others nothing', async () => {
    const { hydra, server, clock } = simulate({ apps: 1, limits: [{ requests: 1, perMs: 1000 }] });
    const abort = new AbortController();
    hydra.get('/1');
    const waiting = hydra.get('/2', { signal: abort.signal });
    hydra.get('/3');
    await clock.advance(500);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
    await clock.runUntil(hydra.join());
    expect(server.arrivals.map(({ path }) => path)).toEqual(['/v2/1', '/v2/3']);
    expect((server.arrivals[1]?.atMs ?? 0) - (server.arrivals[0]?.atMs ?? 0)).toBeLessThan(1100);
  });

  it('while it waits for a retry ends it at once', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      server: { answer: () => jsonAnswer({}, 500) },
      options: { retryDelayMs: 50_000 },
    });
    const abort = new AbortController();
    const pending = hydra.get('/1', { signal: abort.signal });
    await clock.advance(100);
    abort.abort();
    await expect(pending).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
    await clock.advance(200_000);
    expect(server.arrivals).toHaveLength(1);
    expect(hydra.stats).toMatchObject({ waiting: 0, inFlight: 0, failed: 1 });
  });

  it('in flight breaks the attempt off and frees its place', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      server: { answer: ({ path }) => (path === '/v2/slow' ? 'stall' : undefined) },
      options: { maxConcurrency: 1 },
    });
    const abort = new AbortController();
    const slow = hydra.get('/slow', { signal: abort.signal });
    const next = hydra.get('/next');
    await clock.advance(5000);
    expect(hydra.stats).toMatchObject({ inFlight: 1, waiting: 1 });
    abort.abort();
    await expect(slow).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
    expect((await clock.runUntil(next.then((answer) => answer))).status).toBe(200);
    expect([server.inFlight, server.highestInFlight]).toEqual([0, 1]);
  });
});

describe('outcomes', () => {
  it('come in the order of asking, failures apart, whatever the order of answers', async () => {
    const { hydra, clock } = simulate({
      apps: 5,
      limits: hardlyAnyLimits,
      server: { ...failing, jitterMs: 5000 },
    });
    for (let i = 0; i < 100; i++) hydra.get(`/${i}`, { priority: i % 2 });
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    const responses = await clock.runUntil(hydra.getResponses());
    const good = numbers.filter((number) => number % 5 !== 0);
    expect(responses.map(({ id }) => id)).toEqual(good);
    expect((await hydra.failures()).map(({ id }) => id)).toEqual(
      numbers.filter((number) => number % 5 === 0),
    );
    expect(await hydra.getResponsesAsJson()).toEqual(
      good.map((number) => [`http://simulated/v2/${number}`, { path: `/v2/${number}` }]),
    );
  });

  it('are let go of by clearResponses, those under way are kept when they come', async () => {
    const { hydra, clock } = simulate({ apps: 1, limits: perSecond2, server: failing });
    hydra.get('/1');
    hydra.get('/5');
    await clock.runUntil(hydra.join());
    hydra.get('/2');
    hydra.clearResponses();
    expect((await clock.runUntil(hydra.getResponses())).map(({ id }) => id)).toEqual([2]);
    expect(await hydra.failures()).toEqual([]);
    hydra.clearResponses();
    expect(await hydra.getResponses()).toEqual([]);
    expect(hydra.stats).toMatchObject({ requested: 3, succeeded: 2, failed: 1 });
  });

  it('that are no JSON make getResponsesAsJson fail clearly', async () => {
    const body = new TextEncoder().encode('<html>');
    const { hydra, clock } = simulate({
      apps: 1,
      limits: perSecond2,
      server: {
        answer: () => ({
          kind: 'response',
          status: 200,
          headers: { 'content-type': 'text/html' },
          body,
          wireBytes: 6,
        }),
      },
    });
    hydra.get('/x');
    await expect(clock.runUntil(hydra.getResponsesAsJson())).rejects.toMatchObject({
      code: 'HYDRA_BODY_NOT_JSON',
    });
  });
});

describe('stats', () => {
  it('add up at every moment', async () => {
    const { hydra, server, clock } = simulate({
      apps: 3,
      limits: [{ requests: 20, perMs: 1000 }],
      server: {
        jitterMs: 400,
        answer: ({ path }) => (path.endsWith('3') ? jsonAnswer({}, 429) : failing.answer({ path })),
      },
    });
    for (let i = 0; i < 200; i++) hydra.get(`/${i}`);
    for (let i = 0; i < 100; i++) {
      await clock.advance(77);
      const { requested, succeeded, failed, waiting, inFlight, attempts } = hydra.stats;
      expect(succeeded + failed + waiting + inFlight).toBe(requested);
      expect(inFlight).toBe(server.inFlight);
      expect(attempts).toBeGreaterThanOrEqual(succeeded + failed + inFlight);
    }
    expect(hydra.stats.refusals).toBeGreaterThan(0);
  });
});

describe('finish()', () => {
  it('waits for what is under way, leaves no timer, and may be called again', async () => {
    const { hydra, server, clock } = simulate({ apps: 1, limits: perSecond2 });
    for (let i = 0; i < 9; i++) hydra.get(`/${i}`);
    const first = hydra.finish();
    expect(hydra.finish()).toBe(first);
    await clock.runUntil(first);
    expect(hydra.stats.succeeded).toBe(9);
    expect([clock.pendingTimers, server.inFlight]).toEqual([0, 0]);
    await hydra[Symbol.asyncDispose]();
    expect(await hydra.getResponses()).toHaveLength(9);
  });

  it('takes no request any more, at once and clearly', async () => {
    const { hydra, clock } = simulate({ apps: 1, limits: perSecond2 });
    const finished = hydra.finish();
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
      expect(() => hydra[method]('/x')).toThrow(
        expect.objectContaining({ code: 'HYDRA_FINISHED' }),
      );
    }
    await clock.runUntil(finished);
  });

  it('prints the totals when asked', async () => {
    const { logger, lines } = keepingLogger();
    const { hydra, clock } = simulate({
      apps: 1,
      limits: perSecond2,
      options: { stats: true, logger },
    });
    hydra.get('/x');
    await clock.runUntil(hydra.finish());
    expect(lines.find((line) => line.startsWith('info requests'))).toContain(
      '1 asked, 1 answered, 0 failed',
    );
  });
});

describe('without apps', () => {
  it('a request fails at once, saying what to do', () => {
    const { hydra } = simulate({ apps: 0, limits: perSecond2 });
    expect(() => hydra.get('/x')).toThrow(expect.objectContaining({ code: 'HYDRA_NO_APPS' }));
    expect(() => hydra.get('/x')).toThrow(/option `apps`/);
  });
});

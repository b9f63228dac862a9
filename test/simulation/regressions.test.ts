/** What a second pair of eyes found wrong in the engine once. */
import { describe, expect, it, vi } from 'vitest';
import { bearerToken, defineApi, type Limit } from '../../src/index.js';
import { makeApps, perSecond2, simulate, type Simulation } from './hydra-on-virtual-time.js';
import { jsonAnswer } from './simulated-server.js';
import { ask, down, rejected, simulateTokens } from './tokens-on-virtual-time.js';
import { finish, OwnAppsFile } from './own-apps-file.js';

/** 60 in ten minutes stand for 1200 in an hour. */
const tenMinutes: Limit[] = [
  { requests: 2, perMs: 1000 },
  { requests: 60, perMs: 600_000 },
];

const file = new OwnAppsFile();

function start(after?: Simulation, inCode = true): Simulation {
  return simulate({
    apps: 10,
    limits: tenMinutes,
    options: { appsFile: file.path, apps: inCode ? makeApps(10) : undefined },
    ...(after === undefined ? {} : { after }),
  });
}

describe('the engine', () => {
  it('refusals of one burst without Retry-After park the app for 1 s, not 256 s', async () => {
    const { hydra, server, clock } = simulate({
      apps: 1,
      limits: [{ requests: 8, perMs: 1000 }],
      server: {
        workMs: 1000,
        answer: () => (clock.now() < 1200 ? jsonAnswer({}, 429) : undefined),
      },
    });
    for (let i = 0; i < 20; i++) hydra.get(`/${i}`);
    await clock.runUntil(hydra.join());
    const times = server.arrivals.map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(Math.max(...gaps)).toBeLessThan(2500);
  });

  it('recoverApp that fails once, as a network does, is tried again and fails no request', async () => {
    let calls = 0;
    const simulation = simulateTokens({
      api: {
        recoverApp: (app) =>
          ++calls === 1 ? Promise.reject(new Error('network')) : Promise.resolve(app),
      },
    });
    simulation.endpoint.failures.push(rejected());
    ask(simulation, 5);
    await simulation.clock.advance(60_000);
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 5, failed: 0 });
  });

  it('finish() ends when a late 401 comes home while the token endpoint is down', async () => {
    const simulation = simulateTokens({
      server: { answer: () => jsonAnswer({}, 401), jitterMs: 5000 },
    });
    simulation.endpoint.failures.push(undefined, ...Array.from({ length: 1000 }, down));
    ask(simulation, 20);
    await simulation.clock.advance(120);
    let ended = false;
    void simulation.hydra.finish().then(() => {
      ended = true;
    });
    await simulation.clock.advance(600_000);
    expect(ended).toBe(true);
  });

  it('tokens that are born expired are asked for every 2 s, not without a pause', async () => {
    const simulation = simulateTokens({ livesMs: 0 });
    ask(simulation, 5);
    await simulation.clock.advance(60_000);
    expect(simulation.endpoint.renewals.length).toBeLessThan(40);
  });

  it('a path that answers 401 to every app uses up its retries, and few renewals', async () => {
    const simulation = simulateTokens({
      apps: 4,
      takes: (_token, path) => path !== '/v2/forbidden',
      options: { maxRetries: 3 },
      limits: [{ requests: 10, perMs: 1000 }],
    });
    simulation.hydra.get('/forbidden');
    for (let i = 0; i < 10_000; i++) simulation.hydra.get(`/${i}`);
    await simulation.clock.advance(200_000);
    const sent = simulation.server.arrivals.filter(({ path }) => path === '/v2/forbidden');
    expect(simulation.hydra.stats.failed).toBe(1);
    expect(sent.length).toBeLessThanOrEqual(5);
  });

  it('one signal for thousands of requests makes no MaxListenersExceededWarning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const { hydra, clock } = simulate({ apps: 1, limits: perSecond2 });
    const abort = new AbortController();
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}`, { signal: abort.signal });
    await clock.advance(5000);
    abort.abort();
    await clock.runUntil(hydra.join());
    process.off('warning', note);
    expect(hydra.stats.succeeded + hydra.stats.failed).toBe(2000);
    expect(warnings).toEqual([]);
  });

  it('a crash within 5 s of working again after a pause exceeds no window', async () => {
    const first = start();
    first.hydra.get('/x');
    await first.clock.runUntil(first.hydra.join());
    await first.clock.advance(60_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = await file.read();
    for (let i = 0; i < 2000; i++) first.hydra.get(`/${i}`);
    await first.clock.advance(4900);
    // Time is virtual, the disk is not: it may need a while to say what was begun at once.
    await vi.waitFor(
      async () => {
        expect(await file.read()).not.toBe(before);
      },
      { timeout: 5000, interval: 10 },
    );
    await file.crashNow(first);
    const second = start(first);
    for (let i = 0; i < 700; i++) second.hydra.get(`/${i}`);
    await finish(second);
    expect(first.server.refused).toBe(0);
  });

  it('a constructor that throws leaves no timer and does not overwrite the apps file', async () => {
    const first = start();
    await finish(first);
    const before = await file.read();
    const twice = [...makeApps(1), ...makeApps(1)];
    expect(() =>
      simulate({
        apps: 0,
        limits: tenMinutes,
        options: { appsFile: file.path, apps: twice },
        after: first,
      }),
    ).toThrow(/two of id/);
    expect(first.clock.pendingTimers).toBe(0);
    await first.clock.advance(10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await file.read()).toBe(before);
  });

  it('a signature in capitals cannot be replaced by a header of the request', async () => {
    const seen: (string | undefined)[] = [];
    const { hydra, clock } = simulate({
      apps: 1,
      limits: perSecond2,
      api: { auth: { authorize: () => ({ headers: { Authorization: 'Bearer real' } }) } },
      server: {
        answer: ({ headers }) => {
          seen.push(headers['authorization'], headers['Authorization']);
          return undefined;
        },
      },
    });
    hydra.get('/a', { headers: { authorization: 'other' } });
    await clock.runUntil(hydra.join());
    expect(seen).toEqual(['Bearer real', undefined]);
  });

  it('JSON is taken as it is when it is asked for, whatever becomes of it later', async () => {
    const bodies: unknown[] = [];
    const { hydra, clock } = simulate({
      apps: 1,
      limits: perSecond2,
      server: { answer: ({ body }) => void bodies.push(body) },
    });
    const json: Record<string, unknown> = { a: 1 };
    hydra.post('/a', { json });
    json['a'] = 2;
    await clock.runUntil(hydra.join());
    expect(bodies).toEqual(['{"a":1}']);
  });

  it('join() waits for what the last answers ask for', async () => {
    const { hydra, clock } = simulate({ apps: 1, limits: perSecond2 });
    void hydra.get('/a').then(() => hydra.get('/b'));
    expect(await clock.runUntil(hydra.getResponses())).toHaveLength(2);
  });

  it.each(['http://simulated/v2?', 'http://simulated/v2#'])(
    'the base URL %s is refused, or taken without its end',
    (baseUrl) => {
      let taken = 'refused';
      try {
        taken = defineApi({
          baseUrl,
          limits: perSecond2,
          auth: bearerToken(),
        }).baseUrl;
      } catch {}
      expect(['refused', 'http://simulated/v2']).toContain(taken);
    },
  );

  it('a token that comes after finish() sets no timer any more', async () => {
    const simulation = simulateTokens({ livesMs: 60_000, options: { appsFile: file.path } });
    ask(simulation, 1);
    await simulation.clock.runUntil(simulation.hydra.join());
    void simulation.hydra.renewTokens();
    await simulation.hydra.finish();
    await simulation.clock.advance(200);
    expect(simulation.clock.pendingTimers).toBe(0);
  });
});

/** What the engine says that everything waits for. */
import { describe, expect, it } from 'vitest';
import { defineApi, sleep, type Auth, type Limit } from '../../src/index.js';
import { Engine } from '../../src/engine/engine.js';
import { Job } from '../../src/engine/job.js';
import { resolveOptions } from '../../src/options.js';
import { seededRandom } from '../../src/random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { hardlyAnyLimits, keepingLogger, makeApps } from './hydra-on-virtual-time.js';
import { jsonAnswer, SimulatedServer, type SimulatedServerOptions } from './simulated-server.js';

interface EngineSetting {
  readonly apps?: number;
  readonly limits?: readonly Limit[];
  readonly server?: (clock: VirtualClock) => Partial<SimulatedServerOptions>;
  readonly auth?: (clock: VirtualClock) => Auth;
}

function makeEngine(setting: EngineSetting) {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const { apps = 2, limits = hardlyAnyLimits } = setting;
  const server = new SimulatedServer({ clock, random, limits, ...setting.server?.(clock) });
  const auth: Auth = setting.auth?.(clock) ?? {
    authorize: ({ id }) => ({ headers: { authorization: `Bearer ${id}` } }),
  };
  const api = defineApi({ baseUrl: 'http://simulated/v2', limits, auth });
  const { logger } = keepingLogger();
  const engine = new Engine({
    api,
    options: resolveOptions({ api, apps: makeApps(apps), appsFile: false, minRequestDelayMs: 0 }),
    runtime: { clock, random, transport: server },
    logger,
    isCongested: () => false,
    onHungry() {},
    file: undefined,
    context: {
      fetch: server.fetch,
      signal: new AbortController().signal,
      wallNow: () => clock.wallNow(),
    },
    finishing: new AbortController().signal,
  });
  engine.roster.load();
  let asked = 0;
  const ask = (howMany: number): Job[] =>
    Array.from({ length: howMany }, () => {
      const id = asked++;
      const job = new Job(id, 'GET', `http://simulated/v2/${id}`, {}, { put() {} });
      engine.submit(job);
      return job;
    });
  return { engine, clock, server, ask };
}

describe('engine.waiting', () => {
  it('is undefined while requests are sent, and when there are none', async () => {
    const { engine, clock, ask } = makeEngine({ limits: [{ requests: 2, perMs: 1000 }], apps: 1 });
    expect(engine.waiting).toBeUndefined();
    ask(20);
    for (let i = 0; i < 50; i++) {
      await clock.advance(177);
      expect(engine.waiting).toBeUndefined();
    }
    await clock.runUntil(engine.idle());
    expect(engine.waiting).toBeUndefined();
  });

  it('names the server while it is down, why, and when it is asked again', async () => {
    const { engine, clock, ask } = makeEngine({
      server: (time) => ({
        isUnreachable: () => time.now() < 60_000,
        answer: () => (time.now() < 120_000 ? jsonAnswer({}, 502) : undefined),
      }),
    });
    ask(50);
    await clock.advance(10_000);
    const first = engine.waiting;
    expect(first).toMatchObject({
      kind: 'server',
      reason: expect.stringMatching(
        /^the server at http:\/\/simulated does not answer \(nobody there\), asked again in \d+ s$/,
      ),
    });
    expect(first?.untilMs).toBeGreaterThan(10_000);
    await clock.advance((first?.untilMs ?? NaN) - clock.now());
    expect(engine.waiting).toEqual({
      kind: 'server',
      untilMs: clock.now(),
      reason: 'the server at http://simulated does not answer (nobody there), being asked again',
    });
    await clock.advance(90_000 - clock.now());
    expect(engine.waiting?.reason).toContain('answers with status 502, asked again');
    await clock.runUntil(engine.idle());
    expect(engine.waiting).toBeUndefined();
  });

  it('is undefined again when nobody wants what waits for the server', async () => {
    const { engine, clock, ask } = makeEngine({ server: () => ({ isUnreachable: () => true }) });
    const jobs = ask(50);
    await clock.advance(10_000);
    expect(engine.waiting?.kind).toBe('server');
    for (const job of jobs) engine.withdraw(job);
    expect(engine.waiting).toBeUndefined();
  });

  it('names the windows while all apps are used up, until the first is free', async () => {
    const { engine, clock, ask, server } = makeEngine({ limits: [{ requests: 3, perMs: 60_000 }] });
    ask(10);
    await clock.advance(30_000);
    expect(server.arrivals).toHaveLength(6);
    const wait = engine.waiting;
    expect(wait).toMatchObject({ kind: 'windows', reason: expect.stringContaining('used up') });
    const untilMs = wait?.untilMs ?? NaN;
    expect(untilMs).toBeGreaterThan(59_000);
    expect(untilMs).toBeLessThan(61_000);
    await clock.advance(untilMs - clock.now());
    expect(engine.waiting).toBeUndefined();
    await clock.advance(100);
    expect(server.arrivals.length).toBeGreaterThan(6);
    await clock.runUntil(engine.idle());
    expect(engine.waiting).toBeUndefined();
  });

  it('names the windows while all apps are parked', async () => {
    const { engine, clock, ask } = makeEngine({
      server: (time) => ({
        answer: () =>
          time.now() < 1000 ? jsonAnswer({}, 429, { 'retry-after': '600' }) : undefined,
      }),
    });
    ask(10);
    await clock.advance(300_000);
    expect(engine.waiting).toMatchObject({
      kind: 'windows',
      reason: expect.stringMatching(/30\d s$/),
    });
    await clock.runUntil(engine.idle());
    expect(engine.waiting).toBeUndefined();
  });

  it('names the tokens while no app has one', async () => {
    let isDown = true;
    const { engine, clock, ask } = makeEngine({
      auth: (time) => ({
        authorize: (_app, token) => ({ headers: { authorization: `Bearer ${token?.value}` } }),
        async renewToken(app) {
          await sleep(time, 100);
          if (isDown) throw new Error('down');
          return { value: app.id };
        },
      }),
    });
    ask(10);
    await clock.advance(30_000);
    expect(engine.waiting).toMatchObject({
      kind: 'tokens',
      reason: expect.stringContaining('token'),
    });
    isDown = false;
    await clock.runUntil(engine.idle());
    expect(engine.waiting).toBeUndefined();
  });
});

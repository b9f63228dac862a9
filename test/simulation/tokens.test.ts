import { describe, expect, it } from 'vitest';
import type { Auth } from '../../src/index.js';
import type { VirtualClock } from '../../src/testing/virtual-clock.js';
import { keepingLogger } from './hydra-on-virtual-time.js';
import { ask, down, rejected, simulateTokens } from './tokens-on-virtual-time.js';

describe('tokens', () => {
  it('are got when they are needed, once for each app, and kept', async () => {
    const simulation = simulateTokens({ apps: 3 });
    ask(simulation, 300);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 300 });
    expect(simulation.endpoint.renewals.map(({ appId }) => appId).toSorted()).toEqual([
      'app0',
      'app1',
      'app2',
    ]);
  });

  it('are got for no more apps than requests wait, and for eight at a time', async () => {
    const one = simulateTokens({ apps: 50 });
    ask(one, 1);
    await one.clock.runUntil(one.hydra.join());
    expect(one.endpoint.renewals).toHaveLength(1);
    const many = simulateTokens({ apps: 50, limits: [{ requests: 1, perMs: 60_000 }] });
    ask(many, 50);
    await many.clock.runUntil(many.hydra.join());
    expect(many.endpoint.renewals).toHaveLength(50);
    expect(many.endpoint.highestAtOnce).toBe(8);
  });

  it('are renewed once at 401, however many requests are in flight, and all of them go on', async () => {
    let valid = 1;
    const simulation = simulateTokens({ takes: (token) => Number(token.split('#')[1]) >= valid });
    ask(simulation, 1);
    await simulation.clock.runUntil(simulation.hydra.join());
    valid = 2;
    ask(simulation, 200);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.endpoint.renewals).toHaveLength(2);
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 201, failed: 0 });
    expect((await simulation.hydra.getResponses()).every(({ attempts }) => attempts === 1)).toBe(
      true,
    );
  });

  it('park the app when a new one is not taken either, say so, and let others do the work', async () => {
    const { logger, lines } = keepingLogger();
    const simulation = simulateTokens({
      apps: 2,
      limits: [{ requests: 10, perMs: 1000 }],
      options: { logger },
      takes: (token) => !token.startsWith('app0'),
    });
    ask(simulation, 300);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 300, failed: 0 });
    expect(lines.some((line) => /^warn App app0: .*token.*parked/.test(line))).toBe(true);
  });

  it('that no app ever gets taken end in HYDRA_UNAUTHORIZED after all retries', async () => {
    const simulation = simulateTokens({ takes: () => false, options: { maxRetries: 4 } });
    ask(simulation, 1);
    const [failure] = await simulation.clock.runUntil(simulation.hydra.failures());
    expect(failure?.error.code).toBe('HYDRA_UNAUTHORIZED');
    expect(failure?.error.facts).toMatchObject({ status: 401, attempts: 5 });
  });

  it('are renewed before they expire: no request meets an old one', async () => {
    const clockOf: { clock?: VirtualClock } = {};
    const simulation = simulateTokens({
      livesMs: 7_200_000,
      limits: [{ requests: 1, perMs: 10_000 }],
      takes: (token) => {
        const number = Number(token.split('#')[1]);
        const gotAt = simulation.endpoint.renewals[number - 1]?.atMs ?? -Infinity;
        return (clockOf.clock?.now() ?? 0) < gotAt + 7_200_000;
      },
    });
    clockOf.clock = simulation.clock;
    ask(simulation, 2500);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 2500, attempts: 2500 });
    const times = simulation.endpoint.renewals.map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(gaps.length).toBeGreaterThan(2);
    for (const gap of gaps) {
      expect(gap).toBeLessThan(7_200_000);
      expect(gap).toBeGreaterThan(7_200_000 - 400_000);
    }
  });

  it('are tried for every 2 s while their endpoint is down, and no request is lost', async () => {
    const simulation = simulateTokens({});
    simulation.endpoint.failures.push(down(), down(), down());
    ask(simulation, 3);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.endpoint.renewals.map(({ atMs }) => atMs)).toEqual([0, 2100, 4200, 6300]);
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 3, failed: 0 });
  });

  it('with rejected credentials drop the app with a warning, and the others do its work', async () => {
    const { logger, lines } = keepingLogger();
    const simulation = simulateTokens({ apps: 2, options: { logger } });
    simulation.endpoint.failures.push(rejected());
    ask(simulation, 20);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 20, failed: 0, apps: 1 });
    expect(lines.filter((line) => line.startsWith('warn App app0 is dropped'))).toHaveLength(1);
  });

  it('with rejected credentials of the last app end what waits with HYDRA_NO_APPS', async () => {
    const simulation = simulateTokens({});
    simulation.endpoint.failures.push(rejected());
    ask(simulation, 5);
    const failures = await simulation.clock.runUntil(simulation.hydra.failures());
    expect(failures.map(({ error }) => error.code)).toEqual(Array(5).fill('HYDRA_NO_APPS'));
    expect(failures[0]?.error.cause).toMatchObject({ code: 'HYDRA_CREDENTIALS_REJECTED' });
    expect(() => simulation.hydra.get('/x')).toThrow(
      expect.objectContaining({ code: 'HYDRA_NO_APPS' }),
    );
  });

  it('go on with the credentials that recoverApp brings', async () => {
    const simulation = simulateTokens({
      api: {
        recoverApp: (app) =>
          Promise.resolve({ ...app, credentials: { token: 'fresh' }, name: 'recovered' }),
      },
    });
    simulation.endpoint.failures.push(rejected());
    ask(simulation, 5);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 5, apps: 1 });
    expect(simulation.hydra.apps).toEqual([
      { id: 'app0', credentials: { token: 'fresh' }, name: 'recovered' },
    ]);
  });

  it('drop the app that recoverApp says is gone', async () => {
    const simulation = simulateTokens({
      apps: 2,
      api: { recoverApp: () => Promise.resolve(undefined) },
    });
    simulation.endpoint.failures.push(rejected());
    ask(simulation, 5);
    await simulation.clock.runUntil(simulation.hydra.join());
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 5, apps: 1 });
  });

  it('can be renewed for all apps at once by the caller', async () => {
    const simulation = simulateTokens({ apps: 20 });
    await simulation.clock.runUntil(simulation.hydra.renewTokens());
    expect(simulation.endpoint.renewals).toHaveLength(20);
    expect(simulation.endpoint.highestAtOnce).toBe(8);
  });

  it('that cannot be had any more do not keep finish() from ending', async () => {
    const simulation = simulateTokens({});
    simulation.endpoint.failures.push(...Array.from({ length: 1000 }, down));
    ask(simulation, 5);
    await simulation.clock.advance(10_000);
    await simulation.clock.runUntil(simulation.hydra.finish());
    expect(simulation.hydra.stats).toMatchObject({ requested: 5, failed: 5 });
    expect(simulation.clock.pendingTimers).toBe(0);
  });

  it('that have expired already when they come are tried for again, which is said', async () => {
    const { logger, lines } = keepingLogger();
    const simulation = simulateTokens({ livesMs: 0, options: { logger } });
    ask(simulation, 1);
    await simulation.clock.advance(5000);
    expect(simulation.endpoint.renewals.map(({ atMs }) => atMs)).toEqual([0, 2100, 4200]);
    const said = lines.filter((line) => /^warn App app0: no token yet.*expired already/.test(line));
    expect(said).toHaveLength(3);
    const finished = simulation.hydra.finish();
    await simulation.clock.advance(60_000);
    expect(simulation.hydra.stats).toMatchObject({ failed: 1, waiting: 0 });
    await finished;
    const [failure] = await simulation.hydra.failures();
    expect(failure?.error).toMatchObject({
      code: 'HYDRA_NETWORK',
      message: expect.stringMatching(/expired already.*clock of this machine/) as string,
    });
    expect(simulation.clock.pendingTimers).toBe(0);
  });

  it('that have expired already bring a refresh token that is kept and used', async () => {
    const used: (string | undefined)[] = [];
    const auth: Auth = {
      authorize: () => ({ headers: {} }),
      rotatesTokens: true,
      renewToken: (_app, context, last) => {
        used.push(last?.refreshToken);
        const refreshToken = `refresh${used.length}`;
        const livesMs = used.length < 3 ? 0 : 60_000;
        return Promise.resolve({
          value: 't',
          refreshToken,
          expiresAtMs: context.wallNow() + livesMs,
        });
      },
    };
    const simulation = simulateTokens({ api: { auth } });
    ask(simulation, 1);
    await simulation.clock.advance(5000);
    expect(used).toEqual([undefined, 'refresh1', 'refresh2']);
    expect(simulation.hydra.stats).toMatchObject({ succeeded: 1 });
  });
});

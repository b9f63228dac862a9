/** Finishing, aborting and counting in the middle of an outage. */
import { describe, expect, it } from 'vitest';
import { during, HOUR_MS, opened, probes, refused, world, type World } from './failing-server.js';
import { hardlyAnyLimits } from './hydra-on-virtual-time.js';
import { jsonAnswer } from './simulated-server.js';

describe('while the server is down', () => {
  const down = (): World => {
    const one = world(during(10_000, Infinity, refused), { limits: hardlyAnyLimits, apps: 2 });
    one.hydra.get('/works');
    return one;
  };

  it('finish() ends: what cannot be sent uses up its attempts', async () => {
    const one = down();
    await one.clock.advance(20_000);
    for (let i = 0; i < 100; i++) one.hydra.get(`/${i}`);
    await one.clock.advance(HOUR_MS);
    expect(one.hydra.stats).toMatchObject({ failed: 0, waiting: 100 });
    await one.clock.runUntil(one.hydra.finish());
    const failures = await one.hydra.failures();
    expect(failures).toHaveLength(100);
    for (const { attempts, error } of failures) {
      expect([attempts, error.code]).toEqual([51, 'HYDRA_NETWORK']);
    }
    expect(one.clock.now()).toBeLessThan(2 * HOUR_MS);
    expect([one.clock.pendingTimers, one.server.inFlight]).toEqual([0, 0]);
  });

  it('finish() leaves nothing behind when it comes in the middle of a probe', async () => {
    const one = world(during(10_000, Infinity, 'stall'), { apps: 2 });
    one.hydra.get('/works');
    await one.clock.advance(20_000);
    const abort = new AbortController();
    for (let i = 0; i < 10; i++) one.hydra.get(`/${i}`, { signal: abort.signal });
    await one.clock.advance(100_000);
    expect(opened(one)).toHaveLength(1);
    abort.abort();
    expect(one.server.inFlight).toBe(1);
    expect(one.hydra.stats).toMatchObject({ waiting: 0, inFlight: 0 });
    await one.clock.runUntil(one.hydra.finish());
    expect([one.clock.pendingTimers, one.server.inFlight]).toEqual([0, 0]);
  });

  it('nothing is asked once nobody waits any more', async () => {
    const one = down();
    await one.clock.advance(20_000);
    const abort = new AbortController();
    for (let i = 0; i < 100; i++) one.hydra.get(`/${i}`, { signal: abort.signal });
    await one.clock.advance(600_000);
    abort.abort();
    await one.clock.advance(600_000);
    const until = one.sent.length;
    await one.clock.advance(HOUR_MS);
    expect(one.sent).toHaveLength(until);
    expect(one.hydra.stats).toMatchObject({ failed: 100, waiting: 0, inFlight: 0 });
  });

  it('a probe that its caller aborts is followed by another', async () => {
    const one = world(during(0, HOUR_MS, 'stall'), { apps: 1 });
    const aborts = Array.from({ length: 8 }, () => new AbortController());
    aborts.forEach(({ signal }, i) => void one.hydra.get(`/${i}`, { signal }));
    await one.clock.advance(66_000);
    expect([opened(one).length, probes(one).length]).toEqual([1, 1]);
    const asked = Number(probes(one)[0]?.message.split('/').at(-1));
    aborts[asked]?.abort();
    await one.clock.advance(1100);
    expect(probes(one)).toHaveLength(2);
    await one.clock.runUntil(one.hydra.join());
    expect(one.hydra.stats).toMatchObject({ succeeded: 7, failed: 1 });
  });

  it('stats add up at every moment', async () => {
    const one = world(during(5000, 400_000, jsonAnswer({}, 503)));
    for (let i = 0; i < 1000; i++) one.hydra.get(`/${i}`);
    for (let i = 0; i < 1000; i++) {
      await one.clock.advance(577);
      const { requested, succeeded, failed, waiting, inFlight } = one.hydra.stats;
      expect(succeeded + failed + waiting + inFlight).toBe(requested);
      expect(Math.min(waiting, inFlight)).toBeGreaterThanOrEqual(0);
    }
    expect(one.hydra.stats.succeeded).toBe(1000);
  });
});

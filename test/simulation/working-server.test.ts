/** What must not be taken for an outage. */
import { describe, expect, it } from 'vitest';
import { during, expectAllAnswered, opened, probes, world } from './failing-server.js';
import { jsonAnswer } from './simulated-server.js';

describe('a server that works', () => {
  it('is not taken for down because one path always fails', async () => {
    const one = world((_, path) => (path.includes('broken') ? jsonAnswer({}, 500) : undefined));
    one.hydra.get('/broken');
    for (let i = 0; i < 20_000; i++) one.hydra.get(`/${i}`);
    await one.clock.runUntil(one.hydra.join());
    const [failure, ...others] = await one.hydra.failures();
    expect([failure?.attempts, others.length]).toEqual([51, 0]);
    expect(opened(one)).toEqual([]);
  });

  it('is not taken for down because the only request fails', async () => {
    const one = world(() => jsonAnswer({}, 500));
    one.hydra.get('/broken');
    const [failure] = await one.clock.runUntil(one.hydra.failures());
    expect(failure?.attempts).toBe(51);
    expect([one.sent.length, opened(one).length]).toEqual([51, 0]);
  });

  it('is not taken for down because of a job that asks for one thing after the other', async () => {
    const one = world((_, path) => (path.includes('broken') ? jsonAnswer({}, 500) : undefined));
    const work = async (): Promise<void> => {
      for (const path of ['/1', '/broken', '/2']) await one.hydra.get(path).catch(() => {});
    };
    await one.clock.runUntil(work());
    expect((await one.hydra.failures())[0]?.attempts).toBe(51);
    expect(opened(one)).toEqual([]);
  });

  it.each([
    ['404', jsonAnswer({}, 404)],
    ['403', jsonAnswer({}, 403)],
    ['302 to another host', jsonAnswer({}, 302, { location: 'http://elsewhere/' })],
  ])('is not taken for down because all is answered with %s', async (_, answer) => {
    const one = world(() => answer);
    for (let i = 0; i < 500; i++) one.hydra.get(`/${i}`);
    await one.clock.runUntil(one.hydra.join());
    expect([one.hydra.stats.failed, opened(one).length]).toEqual([500, 0]);
  });

  it.each([
    ['429', jsonAnswer({}, 429)],
    ['503 with Retry-After', jsonAnswer({}, 503, { 'retry-after': '7' })],
  ])('is not taken for down because it refuses everybody with %s', async (_, answer) => {
    const one = world(during(5000, 120_000, answer));
    for (let i = 0; i < 2000; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 2000)).toBe(1);
    expect(opened(one)).toEqual([]);
  });

  it('is not waited for for ever when only broken requests are left', async () => {
    const one = world((_, path) => (path.includes('broken') ? jsonAnswer({}, 500) : undefined));
    for (let i = 0; i < 100; i++) one.hydra.get(`/${i}`);
    for (let i = 0; i < 40; i++) one.hydra.get(`/broken/${i}`);
    await one.clock.runUntil(one.hydra.join());
    const failures = await one.hydra.failures();
    expect(failures.map(({ attempts }) => attempts)).toEqual(Array(40).fill(51));
    // It asked whether the server works, and believed it: at most once for any two of them.
    expect(opened(one).length).toBeGreaterThan(0);
    expect(opened(one).length).toBeLessThanOrEqual(20);
    expect(probes(one)).toHaveLength(opened(one).length);
    expect(one.clock.now()).toBeLessThan(20 * 60_000);
  });

  it('costs no request an attempt more when it drops all connections for a moment', async () => {
    const one = world(during(30_000, 30_600, { kind: 'broken', error: new Error('reset') }));
    for (let i = 0; i < 3000; i++) one.hydra.get(`/${i}`);
    expect(await expectAllAnswered(one, 3000)).toBeLessThanOrEqual(5);
    expect(opened(one)).toEqual([]);
  });
});

import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Limit } from '../../src/index.js';
import { makeApps, simulate, type Simulation } from './hydra-on-virtual-time.js';
import { highestInWindow, timesByApp, type Arrival } from './simulated-server.js';
import { finish, OwnAppsFile } from './own-apps-file.js';

/** 60 in ten minutes stand for 1200 in an hour. */
const limits: Limit[] = [
  { requests: 2, perMs: 1000 },
  { requests: 60, perMs: 600_000 },
];

const file = new OwnAppsFile();

function start(after?: Simulation, inCode = true): Simulation {
  return simulate({
    apps: 10,
    limits,
    options: { appsFile: file.path, apps: inCode ? makeApps(10) : undefined },
    ...(after === undefined ? {} : { after }),
  });
}

function expectNoWindowExceeded(arrivals: readonly Arrival[]): void {
  for (const times of timesByApp(arrivals).values()) {
    for (const { requests, perMs } of limits) {
      expect(highestInWindow(times, perMs)).toBeLessThanOrEqual(requests);
    }
  }
}

describe('starting again with an apps file', () => {
  it('goes on with the windows as they were left: the long one is never exceeded', async () => {
    const first = start();
    for (let i = 0; i < 400; i++) first.hydra.get(`/${i}`);
    await finish(first);
    const second = start(first);
    for (let i = 0; i < 600; i++) second.hydra.get(`/${i}`);
    await finish(second);
    expect(first.server.refused).toBe(0);
    expectNoWindowExceeded(first.server.arrivals);
    expect(first.server.arrivals).toHaveLength(1000);
  });

  it('goes on using the apps evenly', async () => {
    const first = start();
    for (let i = 0; i < 15; i++) first.hydra.get(`/${i}`);
    await finish(first);
    const second = start(first);
    for (let i = 0; i < 15; i++) second.hydra.get(`/${i}`);
    await finish(second);
    const counts = [...timesByApp(first.server.arrivals).values()].map((times) => times.length);
    expect(counts).toEqual(Array(10).fill(3));
  });

  it('takes apps from the file where none are given', async () => {
    const first = start();
    first.hydra.get('/x');
    await finish(first);
    const second = start(first, false);
    expect(second.hydra.apps).toEqual(makeApps(10));
    await finish(second);
  });

  it('keeps the apps in the file that are not in use now', async () => {
    const first = start();
    await finish(first);
    const second = simulate({ apps: 2, limits, options: { appsFile: file.path }, after: first });
    await finish(second);
    const third = start(first, false);
    expect(third.hydra.apps.map(({ id }) => id).toSorted()).toEqual(
      makeApps(10).map(({ id }) => id),
    );
    await finish(third);
  });

  it('refuses a file of another API, and leaves it as it is', async () => {
    const first = start();
    await finish(first);
    const before = await file.read();
    const other = { baseUrl: 'http://other/v2' };
    expect(() =>
      simulate({ apps: 1, limits, options: { appsFile: file.path }, api: other }),
    ).toThrow(expect.objectContaining({ code: 'HYDRA_APPS_FILE' }));
    expect(await file.read()).toBe(before);
  });

  it('refuses a file that it cannot understand at once, and leaves it as it is', async () => {
    await writeFile(file.path, '{"version":1,');
    expect(() => start()).toThrow(expect.objectContaining({ code: 'HYDRA_APPS_FILE' }));
    expect(await file.read()).toBe('{"version":1,');
  });

  it('writes the file while it works, so that a crash loses no more than seconds', async () => {
    const first = start();
    for (let i = 0; i < 200; i++) first.hydra.get(`/${i}`);
    await first.clock.advance(8000);
    await file.saved(first.clock);
    const { apps } = JSON.parse(await file.read()) as {
      apps: { sent: unknown[] }[];
    };
    const kept = apps.reduce((sum, { sent }) => sum + sent.length, 0);
    // Ten apps at 2/s, and a file that is written every 4 s.
    expect(kept).toBeGreaterThanOrEqual(70);
    await finish(first);
  });

  it.each([5600, 7000, 9900, 14_000, 21_000])(
    'after a crash at %d ms exceeds no window either',
    async (atMs) => {
      const first = start();
      for (let i = 0; i < 2000; i++) first.hydra.get(`/${i}`);
      await first.clock.advance(atMs);
      await file.crash(first);
      const second = start(first);
      for (let i = 0; i < 900; i++) second.hydra.get(`/${i}`);
      await finish(second);
      expectNoWindowExceeded(first.server.arrivals);
      expect(first.server.refused).toBe(0);
    },
  );
});

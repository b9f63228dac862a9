import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Limit } from '../../src/index.js';
import type { VirtualClock } from '../../src/testing/virtual-clock.js';
import { makeApps, simulate, type Simulation } from './hydra-on-virtual-time.js';
import { highestInWindow, timesByApp, type Arrival } from './simulated-server.js';

/** 60 in ten minutes stand for 1200 in an hour. */
const limits: Limit[] = [
  { requests: 2, perMs: 1000 },
  { requests: 60, perMs: 600_000 },
];

let folder = '';
let appsFile = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apihydra-'));
  appsFile = join(folder, 'apps.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(after?: Simulation, inCode = true): Simulation {
  return simulate({
    apps: 10,
    limits,
    options: { appsFile, apps: inCode ? makeApps(10) : undefined },
    ...(after === undefined ? {} : { after }),
  });
}

/** The work passes in virtual time, writing the file in real time. */
async function finish({ hydra, clock }: Simulation): Promise<void> {
  await clock.runUntil(hydra.join());
  await hydra.finish();
}

/** Files are written in real time: waits until the latest save, at most 5 s ago in virtual time, is there. */
function waitForSave(clock: VirtualClock): Promise<void> {
  return vi.waitFor(
    async () => {
      const { savedAtMs } = JSON.parse(await readFile(appsFile, 'utf8')) as { savedAtMs: number };
      expect(clock.wallNow() - savedAtMs).toBeLessThan(5100);
    },
    { timeout: 10_000, interval: 5 },
  );
}

/** The process is gone: it sends nothing more, and the next one finds the file as it is now. */
async function crash({ hydra, clock }: Simulation): Promise<void> {
  await waitForSave(clock);
  const left = join(folder, 'left.json');
  await copyFile(appsFile, left);
  appsFile = left;
  for (const app of hydra.apps) hydra.removeApp(app.id);
  await clock.runUntil(hydra.join());
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
    const second = simulate({ apps: 2, limits, options: { appsFile }, after: first });
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
    const before = await readFile(appsFile, 'utf8');
    const other = { baseUrl: 'http://other/v2' };
    expect(() => simulate({ apps: 1, limits, options: { appsFile }, api: other })).toThrow(
      expect.objectContaining({ code: 'HYDRA_APPS_FILE' }),
    );
    expect(await readFile(appsFile, 'utf8')).toBe(before);
  });

  it('refuses a file that it cannot understand at once, and leaves it as it is', async () => {
    await writeFile(appsFile, '{"version":1,');
    expect(() => start()).toThrow(expect.objectContaining({ code: 'HYDRA_APPS_FILE' }));
    expect(await readFile(appsFile, 'utf8')).toBe('{"version":1,');
  });

  it('writes the file while it works, so that a crash loses no more than seconds', async () => {
    const first = start();
    for (let i = 0; i < 200; i++) first.hydra.get(`/${i}`);
    await first.clock.advance(8000);
    await waitForSave(first.clock);
    const { apps } = JSON.parse(await readFile(appsFile, 'utf8')) as {
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
      await crash(first);
      const second = start(first);
      for (let i = 0; i < 900; i++) second.hydra.get(`/${i}`);
      await finish(second);
      expectNoWindowExceeded(first.server.arrivals);
      expect(first.server.refused).toBe(0);
    },
  );
});

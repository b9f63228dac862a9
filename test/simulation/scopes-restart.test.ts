import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Limit } from '../../src/index.js';
import { hardlyAnyLimits, makeApps, simulate, type Simulation } from './hydra-on-virtual-time.js';
import { finish, OwnAppsFile } from './own-apps-file.js';

const search: Limit[] = [{ requests: 3, perMs: 600_000 }];
const scopeOf = (path: string): string | undefined =>
  path.includes('/search/') ? 'search' : undefined;

const file = new OwnAppsFile();

function start(after?: Simulation, scopeLimits: Record<string, Limit[]> = { search }): Simulation {
  return simulate({
    apps: 2,
    limits: hardlyAnyLimits,
    options: { appsFile: file.path, apps: makeApps(2) },
    api: { scope: ({ path }) => scopeOf(path), scopeLimits },
    server: { scopes: { of: scopeOf, limits: { search } } },
    ...(after === undefined ? {} : { after }),
  });
}

async function sendSearches(simulation: Simulation, howMany: number): Promise<void> {
  for (let i = 0; i < howMany; i++) simulation.hydra.get(`/search/${i}`);
  await finish(simulation);
}

it('used-up windows of a scope are used up in the next process, too', async () => {
  const first = start();
  await sendSearches(first, 4);
  const second = start(first);
  await sendSearches(second, 4);
  expect(first.server.refused).toBe(0);
  expect(first.server.arrivals).toHaveLength(8);
  const late = first.server.arrivals.filter(({ atMs }) => atMs > 600_000);
  expect(late).toHaveLength(2);
});

it('a file that says nothing of scopes is as good as before', async () => {
  const first = start();
  await finish(first);
  const { apps, ...rest } = JSON.parse(await file.read()) as {
    apps: { scopes?: unknown }[];
  };
  for (const app of apps) delete app.scopes;
  await writeFile(file.path, JSON.stringify({ apps, ...rest }));
  const second = start(first);
  await sendSearches(second, 6);
  expect(second.hydra.stats.succeeded).toBe(6);
  expect(first.clock.now()).toBeLessThan(2000);
});

it('after a crash, what may have been sent of a scope since the file was written is used up', async () => {
  const first = start();
  await finish(first);
  const content = JSON.parse(await file.read()) as object;
  await writeFile(file.path, JSON.stringify({ ...content, unsavedMs: 5000 }));
  const second = start(first);
  second.hydra.get('/search/1');
  second.hydra.get('/plain/1');
  await finish(second);
  const [plain, of] = first.server.arrivals;
  expect([plain?.path, of?.path]).toEqual(['/v2/plain/1', '/v2/search/1']);
  expect(of?.atMs).toBeGreaterThanOrEqual(600_000);
});

it('what is kept of a scope that is no longer there is passed over', async () => {
  const first = start();
  await sendSearches(first, 4);
  const second = start(first, { other: search });
  second.hydra.get('/x');
  await finish(second);
  expect(second.hydra.stats.succeeded).toBe(1);
});

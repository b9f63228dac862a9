/** Everything that may go wrong at the API and the website, all at once. */
import { expect, it } from 'vitest';
import { until } from '../transport/http-world.js';
import { hydraFor, standIn } from './setting.js';

it('brings 300 right bodies home, each once, with all faults on together', async () => {
  const limits = [
    { requests: 20, perMs: 1000 },
    { requests: 1200, perMs: 3_600_000 },
  ];
  const intra = await standIn({
    limits,
    latency: { beforeMs: 5, jitterMs: 10, workMs: 10 },
    stallMs: 5000,
    faults: {
      status500: 0.03,
      status502: 0.03,
      status504: 0.03,
      reset: 0.03,
      truncated: 0.03,
      html200: 0.03,
      stall: 0.01,
    },
    compress: true,
    webPagesPerSecond: 20,
  });
  const hydra = hydraFor(intra, { timeoutMs: 2000, retryDelayMs: 100 });
  await hydra.setNumberOfApps(5);
  for (let i = 0; i < 300; i++) hydra.get(`/users/${intra.user(i)?.login}`);
  await until(() => hydra.stats.succeeded > 50);
  intra.expireTokens();
  await until(() => hydra.stats.succeeded > 100);
  intra.rotateSecret(intra.apps[0]?.id ?? '');
  intra.deleteApp(intra.apps[1]?.id ?? '');
  intra.dropSessions();
  await until(() => hydra.stats.succeeded > 150);
  await intra.startOutage('refuse', { forMs: 500 });
  const bodies = await hydra.getResponsesAsJson<{ login: string }>();
  expect(await hydra.failures()).toEqual([]);
  expect(bodies).toHaveLength(300);
  bodies.forEach(([url, user], index) => {
    expect(url).toBe(`${intra.apiBase}/users/${user.login}`);
    expect(user).toEqual(intra.user(index));
  });
  // An answer that was lost on the way (reset, cut, stalled) is asked again; one that came is not.
  expect(intra.account.totals.repeats).toBeLessThanOrEqual(intra.account.totals.highestInFlight);
  expect(intra.account.highestInWindow(1000)).toBeLessThanOrEqual(20);
  expect(hydra.getNumberOfApps()).toBe(4);
});

import { describe, expect, it } from 'vitest';
import { hydraFor, standIn, standInProcess } from './setting.js';

describe('against a server that enforces strict sliding windows', () => {
  it('20 apps at 2/s with 10 ms of jitter: nothing above any window, no refusal, 0.96 of the rate', async () => {
    const intra = await standInProcess({ latency: { beforeMs: 20, jitterMs: 10, workMs: 30 } });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(20);
    for (let i = 0; i < 600; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    const { totals, rate, highestInWindow } = await intra.count(1000);
    expect(totals).toMatchObject({ accepted: 600, refused: 0, repeats: 0 });
    expect(highestInWindow).toBe(2);
    expect(rate / 40).toBeGreaterThanOrEqual(0.96);
    expect(rate / 40).toBeLessThanOrEqual(1);
  });

  it('brings 600 right bodies home, each once, with all faults on together', async () => {
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
    for (let i = 0; i < 600; i++) hydra.get(`/users/${intra.user(i)?.login}`);
    await until(() => hydra.stats.succeeded > 100);
    intra.expireTokens();
    await until(() => hydra.stats.succeeded > 200);
    intra.rotateSecret(intra.apps[0]?.id ?? '');
    intra.deleteApp(intra.apps[1]?.id ?? '');
    intra.dropSessions();
    await until(() => hydra.stats.succeeded > 300);
    await intra.startOutage('refuse', { forMs: 1000 });
    const bodies = await hydra.getResponsesAsJson<{ login: string }>();
    expect(await hydra.failures()).toEqual([]);
    expect(bodies).toHaveLength(600);
    bodies.forEach(([url, user], index) => {
      expect(url).toBe(`${intra.apiBase}/users/${user.login}`);
      expect(user).toEqual(intra.user(index));
    });
    // An answer that was lost on the way (reset, cut, stalled) is asked again; one that came is not.
    expect(intra.account.totals.repeats).toBeLessThanOrEqual(intra.account.totals.highestInFlight);
    expect(intra.account.highestInWindow(1000)).toBeLessThanOrEqual(20);
    expect(hydra.getNumberOfApps()).toBe(4);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

import { describe, expect, it } from 'vitest';
import { hydraFor, standInProcess } from './setting.js';

/** At 40/s for 12 s, of which the last 10 are judged. */
const REQUESTS = 480;

describe('against a server that enforces strict sliding windows', () => {
  // That there is no refusal at all is shown on virtual time: here, a busy machine adds jitter of its own.
  it('20 apps at 2/s with 10 ms of jitter: nothing above any window, hardly a refusal, 0.96 of the rate', async () => {
    const intra = await standInProcess({ latency: { beforeMs: 20, jitterMs: 10, workMs: 30 } });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(20);
    for (let i = 0; i < REQUESTS; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    const { totals, rate, highestInWindow } = await intra.count(1000);
    expect(totals).toMatchObject({ accepted: REQUESTS, repeats: 0 });
    expect(totals.refused).toBeLessThanOrEqual(REQUESTS / 100);
    expect(highestInWindow).toBe(2);
    expect(rate / 40).toBeGreaterThanOrEqual(0.96);
    expect(rate / 40).toBeLessThanOrEqual(1);
  });
});

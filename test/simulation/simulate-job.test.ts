import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { scenario, type ScenarioParts } from '../../src/simulation/scenario.js';
import { simulateJob } from '../../src/simulation/simulate-job.js';

const groups = [{ apps: 4, limits: [{ requests: 2, perMs: 1000 }] }];
const simulate = (requests: number, parts: ScenarioParts = {}) =>
  simulateJob(scenario({ requests, groups }, parts));

describe('simulateJob', () => {
  it('ends the same each time with the same seed, and otherwise with another', async () => {
    const parts: ScenarioParts = {
      server: {
        errorRate: 0.1,
        tokenLifeMs: 20_000,
        revokeRate: 0.01,
        outages: [{ fromMs: 20_000, forMs: 9000, kind: 502 }],
      },
      network: { lossRate: 0.05 },
    };
    const report = await simulate(400, { ...parts, seed: 5 });
    expect(report.hasEnded).toBe(true);
    expect(await simulate(400, { ...parts, seed: 5 })).toEqual(report);
    expect(await simulate(400, { ...parts, seed: 6 })).not.toEqual(report);
  });

  it('ends the same whether somebody looks on or not', async () => {
    const settings = scenario({ requests: 300, groups }, { server: { errorRate: 0.1 } });
    const urls = new Set<string>();
    const onOutcome = (outcome: Outcome): void => {
      urls.add(outcome.kind === 'response' ? outcome.response.url : outcome.failure.url);
    };
    expect(await simulateJob(settings, { onOutcome })).toEqual(await simulateJob(settings));
    expect(urls.size).toBe(300);
  });

  it('waits for the limits where nothing goes wrong', async () => {
    const report = await simulate(800);
    expect(report).toMatchObject({ succeeded: 800, attempts: 800, refused: 0, accepted: 800 });
    expect(report.durationMs).toBeGreaterThan(99_000);
    expect(report.heldBackBy[0]).toMatchObject({ what: 'limits' });
  });

  it('is longer by an outage, through which no request is lost', async () => {
    const outages = [{ fromMs: 30_000, forMs: 60_000, kind: 'unreachable' }] as const;
    const [calm, report] = [await simulate(800), await simulate(800, { server: { outages } })];
    expect(report).toMatchObject({ succeeded: 800, failed: 0 });
    expect(report.durationMs - calm.durationMs).toBeGreaterThan(60_000);
    expect(report.heldBackBy.map(({ what }) => what)).toContain('server');
  });

  it.each<[string, ScenarioParts]>([
    ['delay', { client: { minRequestDelayMs: 500 } }],
    ['concurrency', { client: { maxConcurrency: 1 }, server: { workMs: 900 } }],
    ['server', { server: { outages: [{ fromMs: 1000, forMs: 1e7, kind: 500 }] } }],
  ])('tells that the %s held it back', async (what, parts) => {
    const report = await simulate(100, parts);
    expect(report.heldBackBy[0]?.what).toBe(what);
  });

  it('ends when its patience does, with what was done by then', async () => {
    const report = await simulate(800, { patienceMs: 10_000 });
    expect(report.hasEnded).toBe(false);
    expect(report.succeeded).toBeGreaterThan(50);
    expect(report.succeeded).toBeLessThan(100);
  });

  it('sees refusals where somebody else uses an app, and ends all the same', async () => {
    const stranger = { apps: 1, requestsPerSecond: 1 };
    const report = await simulate(400, { server: { stranger } });
    expect(report).toMatchObject({ hasEnded: true, succeeded: 400 });
    expect(report.refused).toBeGreaterThan(0);
  });

  it('needs no memory for requests that are still to come', async () => {
    const asked: number[] = [];
    const hooks = {
      requestOf: (id: number) => {
        asked.push(id);
        return { method: 'GET', options: {} } as const;
      },
    };
    await simulateJob(scenario({ requests: 1e9, groups }, { patienceMs: 100_000 }), hooks);
    expect(asked.length).toBeLessThan(800 + 2000);
  });
});

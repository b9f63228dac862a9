import { describe, expect, it } from 'vitest';
import type { JobReport } from '../../simulation/job-report.js';
import { scenario } from '../../simulation/scenario.js';
import { simulationJson, simulationText } from './simulation-text.js';

const world = scenario(
  { requests: 2400, groups: [{ apps: 5, limits: [{ requests: 2, perMs: 1000 }] }] },
  {
    network: { latencyMs: 50 },
    server: {
      workMs: 0,
      errorRate: 0.01,
      outages: [{ fromMs: 180_000, forMs: 90_000, kind: 'unreachable' }],
    },
  },
);

const report: JobReport = {
  hasEnded: true,
  requests: 2400,
  succeeded: 2399,
  failed: 1,
  attempts: 2441,
  retries: { 'http-500': 23, network: 14 },
  accepted: 2430,
  refused: 3,
  durationMs: 270_000,
  leastMs: 240_000,
  heldBackBy: [
    { what: 'limits', share: 0.75 },
    { what: 'server', share: 0.245 },
    { what: 'answers', share: 0.005 },
  ],
  usesOfApp: { least: 485, most: 487 },
  leftBehind: { timers: 0, inFlight: 0 },
};

describe('simulationText', () => {
  it('tells how the job went, and what it waited for', () => {
    expect(simulationText({ world, report })).toBe(
      [
        'Simulated with answers after 100 ms, jitter of up to 10 ms each way, 1.0% errors, the server down for 1 min 30 s after 3 min, seed 1:',
        'It takes 4 min 30 s, 12.5% longer than planned.',
        '2,441 attempts, 3 of them refused; sent again after a failure: http-500 23, network 14.',
        '2,399 requests answered, 1 failed for good.',
        '9.00 requests a second of 10.0 allowed (90.0%).',
        'It waited for the limits of the apps (75.0%), the server, which was down (24.5%).',
        '',
      ].join('\n'),
    );
  });

  it('says so when the job has not ended', () => {
    const text = simulationText({ world, report: { ...report, hasEnded: false } });
    expect(text).toContain('It has not ended after 4 min 30 s.\n');
  });

  it('does not compare a job of nothing', () => {
    const nothing = { durationMs: 0, leastMs: 0, accepted: 0, attempts: 0, heldBackBy: [] };
    const text = simulationText({ world, report: { ...report, ...nothing } });
    expect(text).not.toContain('NaN');
    expect(text).toContain('Nothing was to be sent.');
  });
});

describe('simulationJson', () => {
  it('has the seed and the rates beside the report', () => {
    expect(simulationJson({ world, report })).toMatchObject({
      seed: 1,
      durationMs: 270_000,
      refused: 3,
      rate: { reached: 9, allowed: 10 },
    });
  });
});

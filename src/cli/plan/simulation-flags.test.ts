import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  plannedScenario,
  simulationMisuse,
  simulationOptions,
  type SimulationFlags,
} from './simulation-flags.js';

const job = {
  requests: 10,
  groups: [{ apps: 2, limits: [{ requests: 2, perMs: 1000 }] }],
  minRequestDelayMs: 5,
  durationMs: 2500,
};

function flagsOf(...args: string[]): SimulationFlags {
  return simulationOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse(args, { from: 'user' })
    .opts();
}

describe('the options of a simulation', () => {
  it('have defaults: answers after 100 ms, 10 ms of jitter, no faults', () => {
    expect(plannedScenario(flagsOf('--simulate'), job)).toMatchObject({
      requests: 10,
      groups: job.groups,
      client: { minRequestDelayMs: 5, maxConcurrency: 4000 },
      network: { latencyMs: 50, jitterMs: 10, lossRate: 0 },
      server: { workMs: 0, errorRate: 0, outages: [], limiter: 'sliding-window' },
      seed: 1,
    });
  });

  it('are read with their units', () => {
    const line =
      '--simulate --latency 0.2s --jitter 5ms --error-rate 2.5% --loss-rate .01 --outage 0+1min --outage 1h+90s --seed 7 --limiter token-bucket --max-concurrency 9';
    const flags = flagsOf(...line.split(' '));
    const world = plannedScenario(flags, job);
    expect(world).toMatchObject({
      client: { maxConcurrency: 9 },
      network: { latencyMs: 100, jitterMs: 5, lossRate: 0.01 },
      server: {
        errorRate: 0.025,
        limiter: 'token-bucket',
        outages: [
          { fromMs: 0, forMs: 60_000, kind: 'unreachable' },
          { fromMs: 3_600_000, forMs: 90_000, kind: 'unreachable' },
        ],
      },
      seed: 7,
    });
    expect(world.patienceMs).toBeGreaterThan(3_690_000);
  });

  it.each([
    ['--latency', '5', 'Expected a time such as 80ms or 0.2s, at most 10s'],
    ['--latency', '11s', 'at most 10s'],
    ['--jitter', '-1ms', 'Expected a time'],
    ['--error-rate', '101%', 'Expected a share such as 1% or 0.01, at most 100%.'],
    ['--error-rate', '2', 'Expected a share'],
    ['--loss-rate', '%', 'Expected a share'],
    ['--loss-rate', '.', 'Expected a share'],
    ['--outage', '10min', 'Expected when it begins and how long it lasts, such as 10min+90s'],
    ['--outage', '10min+0s', 'Expected when it begins'],
    ['--outage', '1min+1s+1s', 'Expected when it begins'],
    ['--seed', '1.5', 'Expected a whole number from 0 to 4294967295.'],
    ['--max-concurrency', '0', 'Expected a whole number from 1'],
    ['--limiter', 'none', 'Allowed choices are'],
  ])('%s %s is refused, with a word on what was expected', (flag, value, message) => {
    expect(() => flagsOf('--simulate', flag, value)).toThrow(message);
  });

  it('are of no use without --simulate, which is said', () => {
    expect(simulationMisuse(flagsOf('--seed', '0'))).toContain('Expected --simulate with');
    expect(simulationMisuse(flagsOf('--simulate', '--seed', '0'))).toBeUndefined();
    expect(simulationMisuse(flagsOf())).toBeUndefined();
  });

  it('go with so many apps only as can be simulated', () => {
    const groups = [{ apps: 100_001, limits: job.groups[0]!.limits }];
    expect(() => plannedScenario({}, { ...job, groups })).toThrow(
      'Expected at most 100000 apps to simulate, got 100001.',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { holdBackAt, HoldBackTimes, type JobMoment } from './hold-backs.js';

const moment: JobMoment = {
  ready: 10,
  inFlight: 3,
  maxConcurrency: 4,
  wait: undefined,
  isDelayTight: false,
};

describe('holdBackAt', () => {
  it.each<[Partial<JobMoment>, string]>([
    [{}, 'limits'],
    [{ isDelayTight: true }, 'delay'],
    [{ isDelayTight: true, wait: 'windows' }, 'limits'],
    [{ inFlight: 4 }, 'concurrency'],
    [{ ready: 0, inFlight: 4 }, 'answers'],
    [{ wait: 'server' }, 'server'],
    [{ wait: 'tokens', inFlight: 0 }, 'tokens'],
  ])('of %j is %s', (part, expected) => {
    expect(holdBackAt({ ...moment, ...part })).toBe(expected);
  });
});

describe('HoldBackTimes', () => {
  it('tells the shares of time, the longest first', () => {
    const times = new HoldBackTimes();
    times.add('delay', 100);
    times.add('limits', 250);
    times.add('delay', 50);
    expect(times.shares()).toEqual([
      { what: 'limits', share: 0.625 },
      { what: 'delay', share: 0.375 },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { effectiveLimits } from './effective-limits.js';

const hour = { requests: 1200, perMs: 3_600_000 };
const second = { requests: 2, perMs: 1000 };

describe('effectiveLimits', () => {
  it("leaves the API's limits alone where nothing is asked", () => {
    expect(effectiveLimits([second, hour], undefined)).toEqual([second, hour]);
  });

  it('puts requestsPerSecond in place of the one-second window only', () => {
    const eight = { requests: 8, perMs: 1000 };
    expect(effectiveLimits([second, hour], 8)).toEqual([eight, hour]);
  });

  it('knows none where they are to be discovered, but what is asked for', () => {
    expect(effectiveLimits('discover', undefined)).toEqual([]);
    expect(effectiveLimits('discover', 2)).toEqual([second]);
  });

  it('puts it beside the other windows where none is of one second', () => {
    expect(effectiveLimits([hour], 0.5)).toEqual([{ requests: 1, perMs: 2000 }, hour]);
  });
});

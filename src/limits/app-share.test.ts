import { describe, expect, it } from 'vitest';
import { AppShare } from './app-share.js';

describe('AppShare', () => {
  it('is lowered to 0.7 by a refusal, once for all that was under way', () => {
    const share = new AppShare();
    share.onRefusal(900, 1000);
    share.onRefusal(950, 1010);
    expect(share.value).toBeCloseTo(0.7);
    share.onRefusal(1000, 1100);
    expect(share.value).toBeCloseTo(0.49);
  });

  it('climbs back by 5% in each window without a refusal, and not above what is allowed', () => {
    const share = new AppShare();
    share.onRefusal(0, 0);
    for (const time of [10, 999]) share.onAcceptance(time, 1000);
    expect(share.value).toBeCloseTo(0.7);
    for (const time of [1000, 1001, 2000]) share.onAcceptance(time, 1000);
    expect(share.value).toBeCloseTo(0.7 * 1.05 ** 2);
    for (let second = 3; second < 20; second++) share.onAcceptance(second * 1000, 1000);
    expect(share.value).toBe(1);
  });

  it('never comes to nothing', () => {
    const share = new AppShare();
    for (let time = 0; time < 100; time++) share.onRefusal(time, time);
    expect(share.value).toBeGreaterThanOrEqual(0.05);
  });
});

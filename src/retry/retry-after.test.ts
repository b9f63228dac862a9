import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['1.5', 1500],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 12:00:30 GMT', 30_000],
    ['Thu Jan  1 12:00:30 2026', 30_000],
    ['Thu, 01 Jan 2026 11:59:00 GMT', 0],
  ])('reads %j as %d ms from now', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it.each(['', '   ', 'soon', '-5', '+5', 'in 5', '5 seconds', '1, 2', 'Infinity', 'NaN'])(
    'does not take %j for a time',
    (header) => {
      expect(retryAfterMs(header, now)).toBeUndefined();
    },
  );

  it('knows of no time where there is no header', () => {
    expect(retryAfterMs(undefined, now)).toBeUndefined();
    expect(retryAfterMs([], now)).toBeUndefined();
  });

  it('takes the first of several', () => {
    expect(retryAfterMs(['3', '9'], now)).toBe(3000);
  });
});

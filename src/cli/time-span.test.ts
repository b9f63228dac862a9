import { describe, expect, it } from 'vitest';
import { timeSpanMs } from './time-span.js';

describe('timeSpanMs', () => {
  it.each([
    ['80ms', 80],
    ['0.5s', 500],
    ['min', 60_000],
    ['1.5h', 5_400_000],
    ['0s', 0],
  ])('reads %s', (text, expected) => expect(timeSpanMs(text)).toBe(expected));

  it.each(['', '5', '.s', '-1s', '1m', '1s ', '1 s', '1e3s'])('does not take %j', (text) =>
    expect(timeSpanMs(text)).toBeUndefined(),
  );
});

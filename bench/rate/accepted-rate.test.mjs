import { describe, expect, it } from 'vitest';
import { acceptedRate } from './accepted-rate.mjs';

/** Arrivals every so many milliseconds, for so long. */
function everyMs(gapMs, untilMs, { fromMs = 0, accepted = true } = {}) {
  const count = Math.ceil((untilMs - fromMs) / gapMs);
  return Array.from({ length: count }, (_, i) => ({ atMs: fromMs + i * gapMs, accepted }));
}

describe('acceptedRate', () => {
  it('is 1 where all that is allowed was accepted, whenever the first arrived', () => {
    const arrivals = everyMs(100, 20_000, { fromMs: 7777 });
    expect(acceptedRate(arrivals, 5, 10)).toMatchObject({ share: 1, arrived: 80, refused: 0 });
  });

  it('does not count the first two seconds', () => {
    const start = everyMs(1, 2000);
    const then = everyMs(200, 9000, { fromMs: 2000 });
    expect(acceptedRate([...start, ...then], 5, 10).share).toBeCloseTo(0.5, 10);
  });

  it('counts refusals over the whole time and after the start, and not as accepted', () => {
    const arrivals = everyMs(100, 8000).map((one, i) =>
      Object.assign(one, { accepted: i % 2 === 0 }),
    );
    const { share, arrived, refused, refusedLater } = acceptedRate(arrivals, 5, 10);
    expect([share, arrived, refused, refusedLater]).toEqual([0.5, 80, 40, 30]);
  });

  it('gives who sends in bursts no more than they get', () => {
    const bursts = everyMs(1050, 20_000).flatMap((one) => Array.from({ length: 20 }, () => one));
    expect(acceptedRate(bursts, 10, 20).share).toBeCloseTo(1000 / 1050, 1);
    expect(acceptedRate(bursts, 10, 20).share).toBeLessThan(1);
  });

  it('is 0 where nothing arrived', () => {
    expect(acceptedRate([], 5, 10)).toMatchObject({ share: 0, arrived: 0, refused: 0 });
  });
});

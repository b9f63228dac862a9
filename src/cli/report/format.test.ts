import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  count,
  counted,
  duration,
  percent,
  share,
  shorten,
  threeDigits,
  timeFormat,
} from './format.js';

const spaced = (text: string): string => text.replaceAll('\u00A0', ' ');

describe('figures', () => {
  it.each([
    [0, '0 ms'],
    [0.4242, '0.424 ms'],
    [83.4, '83 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [5000, '5 s'],
    [1240, '1.24 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [61_000, '1 min 1 s'],
    [3_599_700, '1 h'],
    [3_720_000, '1 h 2 min'],
    [86_399_000, '1 d'],
    [2 * 86_400_000 + 3 * 3_600_000, '2 d 3 h'],
  ])('gives %d ms as %s', (ms, text) => {
    expect(spaced(duration(ms))).toBe(text);
  });

  it('never shows a unit that should have been carried over', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (ms) => {
        expect(spaced(duration(ms))).not.toMatch(/\b(1000 ms|60\.0 s|60 s|60 min|24 h)\b/);
      }),
    );
  });

  it.each([
    [0, '0%'],
    [0.0001, '<0.1%'],
    [0.054, '5.4%'],
    [0.9999, '>99.9%'],
    [1, '100%'],
    [1.013, '101.3%'],
  ])('gives %d as %s', (fraction, text) => {
    expect(percent(fraction)).toBe(text);
  });

  it('has no share of nothing', () => {
    expect(share(0, 0)).toBe('0%');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [2280, '2.28 kB'],
    [999_700, '1.00 MB'],
    [12e9, '12.0 GB'],
  ])('gives %d bytes as %s', (value, text) => {
    expect(spaced(bytes(value))).toBe(text);
  });

  it('groups thousands and counts things', () => {
    expect([count(1_234_567), counted(1, 'app'), counted(2000, 'app')]).toEqual([
      '1,234,567',
      '1 app',
      '2,000 apps',
    ]);
  });

  it.each([
    [0.0123, '0.012'],
    [1.5, '1.50'],
    [38.42, '38.4'],
    [1234.5, '1,235'],
  ])('gives %d with three digits as %s', (value, text) => {
    expect(threeDigits(value)).toBe(text);
  });

  it('cuts a long text in its middle', () => {
    expect([shorten('short', 10), shorten('0123456789abc', 7)]).toEqual(['short', '012…abc']);
  });

  it('gives times in the zone', () => {
    const time = timeFormat('Europe/Berlin');
    expect(time.dateTime(Date.UTC(2026, 6, 1, 22, 5, 9))).toBe('2 Jul 2026, 00:05:09');
  });
});

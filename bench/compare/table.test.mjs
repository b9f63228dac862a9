import { describe, expect, it } from 'vitest';
import { markdownTable, table } from './table.mjs';

const machine = { node: 'v20', cores: 2, processor: 'x', loadBefore: 0.1, date: '2026-01-01' };

describe('markdownTable', () => {
  it('makes columns as wide as what is in them', () => {
    expect(markdownTable(['', 'b'], [['long name', '1']])).toEqual([
      '|           | b   |',
      '| --------- | --- |',
      '| long name | 1   |',
    ]);
  });
});

describe('table', () => {
  it('is empty without results', () => {
    expect(table({})).toBe('');
  });

  it('shows for each setting the share and what was refused, and a word on each contender', () => {
    const ours = {
      name: 'Ours',
      words: 'By itself.',
      share: 0.9871,
      refusedShare: 0,
      refusedLaterShare: 0,
    };
    const theirs = {
      name: 'Theirs',
      words: 'As told.',
      share: 0.5,
      refusedShare: 0.05,
      refusedLaterShare: 0.0004,
    };
    const settings = [{ apps: 20, requests: 2, contenders: [ours, theirs] }];
    const rate = { machine, settings, limiter: 'strict', rateRounds: 3, rateSeconds: 30 };
    const text = table({ rate });
    expect(text).toContain('| Ours   | 0.987 / 0 / 0         |');
    expect(text).toContain('| Theirs | 0.500 / 5.0% / 0.040% |');
    expect(text).toContain('- Theirs: As told.');
    expect(text).toContain('30 s each, median of 3 rounds');
  });

  it('leaves a gap where a contender was not measured', () => {
    const point = (size, microseconds) => ({ size, microseconds });
    const ours = { name: 'Ours', words: '', points: [point(10, 1), point(100, 2)] };
    const theirs = { name: 'Theirs', words: '', points: [point(10, 3)] };
    const growth = {
      machine,
      growthRounds: 1,
      growthSeconds: 1,
      apps: [ours, theirs],
      waiting: [ours],
    };
    expect(table({ growth })).toContain('| Theirs | 3.0 µs | -      |');
  });
});

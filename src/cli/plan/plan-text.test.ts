import { describe, expect, it } from 'vitest';
import type { AppGroup } from '../../limits/makespan.js';
import type { InputCount } from './count-input.js';
import { planText } from './plan-text.js';
import { makePlan } from './plan.js';

const second = { requests: 2, perMs: 1000 };
const hour = { requests: 1200, perMs: 3_600_000 };

function textOf(groups: readonly AppGroup[], count: Partial<InputCount>): string {
  const counted = { requests: 2400, duplicates: 0, areAllCompared: true, ...count };
  return planText({
    input: 'requests.txt',
    appsFile: './apps.json',
    count: counted,
    apps: { groups, from: 'file' },
    plan: makePlan({ requests: counted.requests, groups, minRequestDelayMs: 10 }),
  });
}

describe('planText', () => {
  it('says that the delay between requests is in the way of many apps', () => {
    expect(textOf([{ limits: [second, hour], apps: 200 }], {})).toBe(
      [
        '2,400 requests in requests.txt.',
        '200 apps (from ./apps.json), each allowed 2 a second and 1,200 an hour.',
        'It takes at least 24 s, 100 requests a second on average.',
        'The delay of 10 ms between any two requests (minRequestDelayMs) holds it back.',
        'No number of apps would halve that: the delay between any two requests (minRequestDelayMs) alone makes 24 s.',
        '',
      ].join('\n'),
    );
  });

  it('lists apps that are allowed different things', () => {
    const groups = [
      { limits: [{ requests: 8, perMs: 1000 }], apps: 2 },
      { limits: [second, { requests: 5, perMs: 1500 }], apps: 1 },
    ];
    expect(textOf(groups, {})).toContain(
      '3 apps (from ./apps.json): 2 allowed 8 a second; 1 allowed 2 a second and 5 in 1.50 s.',
    );
  });

  it('says that requests are alike, as far as they were compared', () => {
    const apps = [{ limits: [second], apps: 1 }];
    expect(textOf(apps, { duplicates: 12 })).toContain(', 12 of them the same as an earlier one.');
    expect(textOf(apps, { duplicates: 12, areAllCompared: false })).toContain(
      'at least 12 of them',
    );
  });

  it('says that apps without a request are of no use', () => {
    expect(textOf([{ limits: [second], apps: 2 }], { requests: 2 })).toMatch(
      /More apps are of no use: there is one for each request\.\n$/,
    );
  });
});

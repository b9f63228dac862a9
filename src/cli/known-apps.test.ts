import { describe, expect, it } from 'vitest';
import type { AppState } from '../engine/apps-file.js';
import { knownApps } from './known-apps.js';

const HOUR_MS = 3_600_000;
const limits = [
  { requests: 2, perMs: 1000 },
  { requests: 1200, perMs: HOUR_MS },
];

function fileWith(...apps: AppState[]) {
  return { baseUrl: 'https://api.example.com', apps, savedAtMs: 0, unsavedMs: 0 };
}

describe('knownApps', () => {
  it('counts what was sent within the longest window', () => {
    const app = { id: '1', name: 'x_1', credentials: { clientSecret: 'hidden' }, limits };
    const now = 10 * HOUR_MS;
    const sentAtMs = [now - HOUR_MS - 1, now - HOUR_MS, now - HOUR_MS + 1, now - 5];
    expect(knownApps(fileWith({ app, sentAtMs }), now)).toEqual([
      { id: '1', name: 'x_1', left: 1198, max: 1200 },
    ]);
  });

  it('is never less than nothing', () => {
    const app = { id: '1', credentials: {}, limits: [{ requests: 1, perMs: 1000 }] };
    expect(knownApps(fileWith({ app, sentAtMs: [1, 2, 3] }), 4)).toEqual([
      { id: '1', name: null, left: 0, max: 1 },
    ]);
  });

  it('does not guess limits that the file does not have', () => {
    const app = { id: '1', credentials: {} };
    expect(knownApps(fileWith({ app, sentAtMs: [] }), 0)).toEqual([
      { id: '1', name: null, left: null, max: null },
    ]);
  });

  it('is none without a file', () => {
    expect(knownApps(undefined, 0)).toEqual([]);
  });
});

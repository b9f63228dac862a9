import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppsFile } from '../../engine/apps-file.js';
import type { Limit } from '../../limits/limit.js';
import { plannedApps } from './planned-apps.js';

const usual = [
  { requests: 2, perMs: 1000 },
  { requests: 1200, perMs: 3_600_000 },
];
const fast = [{ requests: 8, perMs: 1000 }];

/** An apps file with an app for each of these limits. */
async function appsFileWith(...limits: (readonly Limit[] | undefined)[]): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = new AppsFile(path.join(folder, 'apps.json'));
  const apps = limits.map((ofApp, index) => ({
    app: { id: `${index}`, credentials: {}, ...(ofApp === undefined ? {} : { limits: ofApp }) },
    sentAtMs: [],
  }));
  await file.save({ baseUrl: 'https://api.example.com', savedAtMs: 0, unsavedMs: 0, apps });
  return file.path;
}

describe('plannedApps', () => {
  it('takes the number that was asked for, and does not look for a file', () => {
    const flags = { apps: 7, appsFile: '/' };
    expect(plannedApps(flags)).toEqual({ groups: [{ limits: usual, apps: 7 }], from: 'flag' });
  });

  it('takes the apps of the file with their limits, grouped', async () => {
    const appsFile = await appsFileWith(fast, undefined, fast);
    expect(plannedApps({ appsFile })).toEqual({
      groups: [
        { limits: fast, apps: 2 },
        { limits: usual, apps: 1 },
      ],
      from: 'file',
    });
  });

  it('replaces the limits of all apps by those that were given', async () => {
    const appsFile = await appsFileWith(fast, undefined);
    const limit = [{ requests: 1, perMs: 50 }];
    expect(plannedApps({ appsFile, limit }).groups).toEqual([{ limits: limit, apps: 2 }]);
    expect(plannedApps({ appsFile, limit: usual, requestsPerSecond: 3 }).groups).toEqual([
      { limits: [{ requests: 3, perMs: 1000 }, usual[1]], apps: 2 },
    ]);
  });

  it('takes one app where there is no file, or no app in it', async () => {
    const one = { groups: [{ limits: usual, apps: 1 }], from: 'default' };
    const empty = await appsFileWith();
    expect(plannedApps({ appsFile: empty })).toEqual(one);
    expect(plannedApps({ appsFile: `${empty}.none` })).toEqual(one);
  });
});

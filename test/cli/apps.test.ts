import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApiUsage } from '../../src/intra42/index.js';
import { hydraFor, standIn, temporaryFolder } from '../intra42/setting.js';
import { accountOf, apihydra, apihydraHere, apihydraTyped, basesOf } from './command-line.js';

const names = (apps: readonly { name: string }[]): string[] => apps.map((app) => app.name);

describe('apihydra apps', () => {
  it('makes apps, lists them, and deletes them, without showing a secret', async () => {
    const intra = await standIn({ existingApps: ['mine'] });
    const [folder, account] = [temporaryFolder(), accountOf(intra)];

    const made = await apihydra(['apps', 'set', '3', '--json'], folder, account);
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toEqual({ apps: 3, made: 3, deleted: 0 });
    expect(names(intra.apps)).toEqual(['mine', 'ApiHydra_1', 'ApiHydra_2', 'ApiHydra_3']);
    const [, first, second] = intra.apps;

    const listed = await apihydraHere(['apps', 'list', '--json'], folder);
    expect(JSON.parse(listed.stdout)).toEqual(
      intra.apps.slice(1).map(({ id, name }) => ({ id, name, left: 1200, max: 1200 })),
    );

    const deleted = await apihydraHere(['apps', 'delete', second?.id ?? ''], folder, account);
    expect(deleted).toMatchObject({ code: 0, stdout: '' });
    expect(deleted.stderr).toContain(`Deleted app ${second?.id}: 2 left.`);
    expect(names(intra.apps)).toEqual(['mine', 'ApiHydra_1', 'ApiHydra_3']);

    const fewer = await apihydraHere(['apps', 'set', '1', '--yes'], folder, account);
    expect(fewer).toMatchObject({ code: 0, stdout: '' });
    expect(fewer.stderr).toContain('Deleted 1: there is 1 app.');
    expect(names(intra.apps)).toEqual(['mine', 'ApiHydra_1']);

    const table = await apihydraHere(['apps', 'list'], folder);
    expect(table.stdout).toBe(
      `id     name        left    of\n${first?.id}  ApiHydra_1  1200  1200\n`,
    );

    const file = readFileSync(path.join(folder, 'apps.json'), 'utf8');
    const secrets = [...file.matchAll(/"clientSecret":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(secrets).toHaveLength(1);
    const said = [made, listed, deleted, fewer, table].map((run) => run.stdout + run.stderr).join();
    for (const secret of [...secrets, 's-s4t2ud', intra.password])
      expect(said).not.toContain(secret);
  });

  it('does not delete where there is nobody to ask', async () => {
    const intra = await standIn({ existingApps: ['ApiHydra_1', 'ApiHydra_2'] });
    const { code, stderr } = await apihydraHere(
      ['apps', 'set', '1'],
      temporaryFolder(),
      accountOf(intra),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('Expected --yes: 1 of 2 apps would be deleted, with nobody to ask.');
    expect(intra.apps).toHaveLength(2);
  });

  it.each([
    ['', 1, 'Nothing was deleted: there are still 2 apps.', 2],
    ['y', 0, 'Deleted 1: there is 1 app.', 1],
  ])('asks on a terminal before it deletes: %j', async (answer, exitCode, said, left) => {
    const intra = await standIn({ existingApps: ['ApiHydra_1', 'ApiHydra_2'] });
    const { code, stderr } = await apihydraTyped(
      ['apps', 'set', '1'],
      temporaryFolder(),
      accountOf(intra),
      [['Delete 1 of 2 apps, those with the highest numbers? [y/N]', `${answer}\r`]],
    );
    expect(stderr).toContain(said);
    expect(code).toBe(exitCode);
    expect(intra.apps).toHaveLength(left);
  });

  it('deletes no app that is not ours, and says what was expected', async () => {
    const intra = await standIn({ existingApps: ['mine'] });
    const id = intra.apps[0]?.id ?? '';
    const { code, stderr } = await apihydraHere(
      ['apps', 'delete', id],
      temporaryFolder(),
      accountOf(intra),
    );
    expect(code).toBe(1);
    expect(stderr).toContain(
      `apihydra: Expected the id of an app whose name begins with "ApiHydra_", got "${id}"`,
    );
    expect(intra.apps).toHaveLength(1);
  });

  it('lists what the file has without signing in, and what the account has when told to', async () => {
    const intra = await standIn({ existingApps: ['ApiHydra_7'] });
    const folder = temporaryFolder();
    const without = await apihydraHere(['apps', 'list', '--json'], folder);
    expect(without).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(without.stderr).toContain('apihydra apps set N');
    expect(intra.account.totals.pageRequests).toBe(0);
    const { code, stdout } = await apihydraHere(
      ['apps', 'list', '--json', '--update', '--log-level', 'error'],
      folder,
      accountOf(intra),
    );
    expect(code).toBe(0);
    expect(names(JSON.parse(stdout) as { name: string }[])).toEqual(['ApiHydra_7']);
  });

  it('shows in the list what was asked within the hour', async () => {
    const intra = await standIn({ users: 10 });
    const folder = temporaryFolder();
    const hydra = hydraFor(intra, { appsFile: path.join(folder, 'apps.json') });
    await hydra.setNumberOfApps(1);
    for (let i = 0; i < 2; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.finish();
    const { stdout } = await apihydraHere(['apps', 'list', '--json'], folder);
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'ApiHydra_1', left: 1198, max: 1200 }]);
  });

  it('says what is wrong with a file that it cannot read', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'apps.json'), '[]');
    const { code, stdout, stderr } = await apihydraHere(['apps', 'list'], folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^apihydra: The apps file .*apps\.json is not as expected/);
  });
});

describe('apihydra usage', () => {
  it('sums up what the website counted, whoever asked', async () => {
    const intra = await standIn({ users: 10 });
    const folder = temporaryFolder();
    const account = accountOf(intra);
    const hydra = hydraFor(intra, { appsFile: path.join(folder, 'apps.json') });
    await hydra.setNumberOfApps(2);
    for (let i = 0; i < 3; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.finish();
    intra.useUp(intra.apps[0]?.id ?? '', 100);

    const table = await apihydraHere(['usage'], folder, account);
    const json = await apihydraHere(['usage', '--json'], folder, account);
    const usage = JSON.parse(json.stdout) as Record<string, unknown> & { apps: ApiUsage[] };
    expect(usage).toMatchObject({ max: 2400, left: 2297 });
    expect(names(usage.apps)).toEqual(['ApiHydra_1', 'ApiHydra_2']);
    expect(usage['total']).toBe(usage.apps.reduce((sum, app) => sum + app.totalRequests, 0));
    expect(table.stdout).toMatch(/^app +last hour +of +left +total +tokens\n/);
    expect(table.stdout).toMatch(/^2 apps +103 +2400 +2297 /m);
    expect(json.stdout + table.stdout + table.stderr).not.toContain('s-s4t2ud');
  });

  it('without apps says how to get some, and does not sign in', async () => {
    const intra = await standIn();
    const { code, stdout, stderr } = await apihydraHere(
      ['usage', '--json'],
      temporaryFolder(),
      basesOf(intra),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ left: 0, max: 0, total: 0, apps: [] });
    expect(stderr).toContain('No apps in ./apps.json');
    expect(intra.account.totals.pageRequests).toBe(0);
  });
});

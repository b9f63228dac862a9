import * as path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hydraFor, standIn, temporaryFolder } from './setting.js';

const existingApps = ['mine', 'ApiHydra', 'MyApiHydra_1', 'apihydra_2'];
/** For what is not about the rate. */
const fast = [{ requests: 50, perMs: 1000 }];

describe('setNumberOfApps', () => {
  it('makes and deletes to have exactly so many, and touches no app of another name', async () => {
    const intra = await standIn({ existingApps });
    const hydra = hydraFor(intra);
    for (const howMany of [4, 2, 3, 0, 1]) {
      await hydra.setNumberOfApps(howMany);
      const names = intra.apps.map((app) => app.name);
      expect(names.filter((name) => name.startsWith('ApiHydra_'))).toHaveLength(howMany);
      expect(names).toEqual(expect.arrayContaining(existingApps));
      expect(hydra.getNumberOfApps()).toBe(howMany);
    }
  });

  it('keeps the smallest numbers, and fills the gaps', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(4);
    await hydra.deleteApp(intra.apps[1]?.id ?? '');
    await hydra.setNumberOfApps(4);
    expect(intra.apps.map((app) => app.name)).toEqual([
      'ApiHydra_1',
      'ApiHydra_3',
      'ApiHydra_4',
      'ApiHydra_2',
    ]);
    await hydra.setNumberOfApps(2);
    expect(intra.apps.map((app) => app.name)).toEqual(['ApiHydra_1', 'ApiHydra_2']);
  });

  it.each([-1, 201, 1.5, Number.NaN, Infinity, '3', null, undefined])(
    'refuses %s at once',
    async (howMany) => {
      const intra = await standIn();
      const hydra = hydraFor(intra);
      await expect(hydra.setNumberOfApps(howMany as number)).rejects.toMatchObject({
        code: 'HYDRA_INVALID_OPTION',
      });
      expect(intra.account.totals.signIns).toBe(0);
    },
  );

  it('takes over apps of ours that the account has already', async () => {
    const intra = await standIn({ existingApps: ['ApiHydra_7', 'other', 'ApiHydra_2'] });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(2);
    expect(intra.apps.map((app) => app.name)).toEqual(['ApiHydra_7', 'other', 'ApiHydra_2']);
    expect(await hydra.get('/users/100000').json()).toEqual(intra.user(0));
  });

  it('makes no surplus app when the answers that say so are lost', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    intra.loseCreateAnswers(1);
    await hydra.setNumberOfApps(2);
    expect(intra.apps.map((app) => app.name)).toEqual(['ApiHydra_1', 'ApiHydra_2']);
  });

  it('says why the website does not make an app', async () => {
    const intra = await standIn({ maxApps: 1 });
    const error: unknown = await hydraFor(intra)
      .setNumberOfApps(2)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HYDRA_APP_NOT_MADE' });
    expect((error as Error).message).toContain('too many applications');
  });

  it.each([true, false])(
    'waits when the website refuses some requests (429, Retry-After: %s), says so, and gets there',
    async (webRetryAfter) => {
      const intra = await standIn({ webPagesPerSecond: 4, webRetryAfter });
      const hydra = hydraFor(intra);
      await hydra.setNumberOfApps(3);
      expect(intra.apps).toHaveLength(3);
      const waiting = `waiting ${webRetryAfter ? 1 : 2} s`;
      expect(hydra.log.lines.some((line) => line.includes(waiting))).toBe(true);
    },
  );
});

describe('a second start', () => {
  it('does not sign in, and asks no page and no token, when the file holds what it needs', async () => {
    const intra = await standIn({ users: 60 });
    const appsFile = path.join(temporaryFolder(), 'apps.json');
    const first = hydraFor(intra, { appsFile });
    await first.setNumberOfApps(10);
    for (let i = 0; i < 10; i++) first.get(`/users/${100_000 + i}`);
    await first.join();
    await first.finish();
    intra.account.reset();

    const second = hydraFor(intra, { appsFile, intraLogin: undefined, intraPassword: undefined });
    await second.setNumberOfApps(10);
    expect(await second.get('/users/100003').json()).toEqual(intra.user(3));
    expect(intra.account.totals).toMatchObject({
      signIns: 0,
      pageRequests: 0,
      tokenRequests: 0,
      refused: 0,
    });
  });

  it('gets tokens from kept secrets, without the website, when they have expired', async () => {
    const intra = await standIn();
    const appsFile = path.join(temporaryFolder(), 'apps.json');
    const first = hydraFor(intra, { appsFile });
    await first.setNumberOfApps(2);
    await first.get('/users/100000');
    await first.finish();
    intra.expireTokens();
    intra.account.reset();
    const second = hydraFor(intra, { appsFile });
    await second.setNumberOfApps(2);
    await second.get('/users/100001');
    expect(intra.account.totals).toMatchObject({ signIns: 0, pageRequests: 0 });
  });

  it('goes on counting what was used up before, so that no window is exceeded', async () => {
    const limits = [{ requests: 6, perMs: 2000 }];
    const intra = await standIn({ limits });
    const appsFile = path.join(temporaryFolder(), 'apps.json');
    for (let start = 0; start < 2; start++) {
      const hydra = hydraFor(intra, { appsFile, limits });
      await hydra.setNumberOfApps(1);
      for (let i = 0; i < 6; i++) hydra.get(`/users/${100_000 + i}`);
      await hydra.join();
      await hydra.finish();
    }
    expect(intra.account.totals).toMatchObject({ accepted: 12, refused: 0 });
    expect(intra.account.highestInWindow(2000)).toBe(6);
  });
});

describe('while a job runs', () => {
  it('takes over a secret that was rotated on the website', async () => {
    const intra = await standIn({ limits: fast });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(2);
    await hydra.get('/users/100000');
    for (const app of intra.apps) intra.rotateSecret(app.id);
    for (let i = 0; i < 8; i++) hydra.get(`/users/${100_000 + i}`);
    const users = await hydra.getResponsesAsJson();
    expect(users).toHaveLength(9);
    expect(await hydra.failures()).toEqual([]);
    expect(hydra.getNumberOfApps()).toBe(2);
  });

  it('drops an app that was deleted on the website, says so, and goes on with the others', async () => {
    const intra = await standIn({ limits: fast });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(3);
    const gone = intra.apps[1]?.id ?? '';
    intra.deleteApp(gone);
    for (let i = 0; i < 12; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    expect(hydra.stats).toMatchObject({ succeeded: 12, failed: 0 });
    expect(hydra.getNumberOfApps()).toBe(2);
    expect(
      hydra.log.lines.some(
        (line) => line.startsWith('warn') && line.includes(`App ${gone} is dropped`),
      ),
    ).toBe(true);
  });

  it('renews tokens that expire, once each, and loses nothing', async () => {
    const intra = await standIn({ limits: [{ requests: 50, perMs: 1000 }] });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(2);
    for (let i = 0; i < 20; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    intra.account.reset();
    intra.expireTokens();
    for (let i = 20; i < 60; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    expect(hydra.stats).toMatchObject({ succeeded: 60, failed: 0 });
    expect(intra.account.totals.tokenRequests).toBe(2);
  });

  it('leaves an app alone that somebody else uses up, and goes on with the others', async () => {
    const limits = [
      { requests: 20, perMs: 1000 },
      { requests: 1200, perMs: 3_600_000 },
    ];
    const intra = await standIn({ limits });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(3);
    await hydra.get('/users/100000');
    intra.useUp(intra.apps[0]?.id ?? '', 20);
    for (let i = 0; i < 60; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    expect(hydra.stats).toMatchObject({ succeeded: 61, failed: 0 });
  });
});

describe('without apps', () => {
  it('a request is an error at once that says what to do', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    expect(() => hydra.get('/users')).toThrowError(/setNumberOfApps/);
    await hydra.setNumberOfApps(0);
    expect(() => hydra.get('/users')).toThrowError(
      expect.objectContaining({ code: 'HYDRA_NO_APPS' }) as Error,
    );
  });
});

describe('usage', () => {
  it('is read from the pages of the apps', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(2);
    for (let i = 0; i < 5; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    expect(await hydra.getRequestsLeftThisHour()).toEqual({ left: 2395, max: 2400 });
    expect(await hydra.getTotalNumberOfRequests()).toBe(5);
    const written: string[] = [];
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0);
    await hydra.printApiUsage();
    write.mockRestore();
    expect(written[0]).toMatch(/^app +last hour +of +left +total +tokens\n$/);
    expect(written).toHaveLength(4);
    expect(written.at(-1)).toMatch(/^2 apps +5 +2400 +2395 +5 +2\n$/);
  });

  it('update() takes over new secrets and drops what is gone', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(3);
    intra.rotateSecret(intra.apps[0]?.id ?? '');
    intra.deleteApp(intra.apps[2]?.id ?? '');
    await hydra.update();
    expect(hydra.getNumberOfApps()).toBe(2);
    await hydra.refreshTokens();
    expect(hydra.log.lines.filter((line) => line.includes('rejected'))).toEqual([]);
    expect(intra.account.totals.tokenRequests).toBe(2);
  });

  it('createApp() and deleteApp() count as one each; another app is refused', async () => {
    const intra = await standIn({ existingApps });
    const hydra = hydraFor(intra);
    const id = await hydra.createApp();
    expect(hydra.getNumberOfApps()).toBe(1);
    await expect(hydra.deleteApp(intra.apps[0]?.id ?? '')).rejects.toMatchObject({
      code: 'HYDRA_INVALID_OPTION',
    });
    await hydra.deleteApp(id);
    expect(intra.apps.map((app) => app.name)).toEqual(existingApps);
  });
});

describe('options of FtApiHydra', () => {
  it.each([
    [{ intraPasword: 'x' }, 'Did you mean `intraPassword`?'],
    [{ api: {} }, 'Unknown option `api`'],
    [{ intraLogin: 3 }, 'Expected `intraLogin` to be a string'],
    [{ apiBase: 'api.intra.42.fr/v2' }, 'Expected `apiBase` to be an absolute http or https URL'],
    [
      { maxRetries: '50' },
      'Expected `maxRetries` to be a whole number, 0 or more, got "50" (string)',
    ],
  ])('%j is refused: %s', async (options, message) => {
    const intra = await standIn();
    expect(() => hydraFor(intra, options as object)).toThrowError(
      expect.objectContaining({
        code: 'HYDRA_INVALID_OPTION',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});

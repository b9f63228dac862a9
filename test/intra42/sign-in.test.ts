import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { inspect } from 'node:util';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { until } from '../transport/http-world.js';
import { hydraFor, standIn, temporaryFolder, type KeepingLogger } from './setting.js';

const otpSecret = 'JBSWY3DPEHPK3PXP';

const isTryingAgain = ({ lines }: KeepingLogger): boolean =>
  lines.some((line) => line.includes('trying again'));

describe('signing in', () => {
  it('makes exactly the apps that are asked for, with one sign-in', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(3);
    expect(intra.apps.map((app) => app.name)).toEqual(['ApiHydra_1', 'ApiHydra_2', 'ApiHydra_3']);
    expect(hydra.getNumberOfApps()).toBe(3);
    expect(intra.account.totals.signIns).toBe(1);
    expect(await hydra.get('/users/100000').json()).toEqual(intra.user(0));
  });

  it('gives the second factor from its secret', async () => {
    const intra = await standIn({ otpSecret });
    const hydra = hydraFor(intra, { intraOtp: 'JBSW Y3DP EHPK 3PXP' });
    await hydra.setNumberOfApps(1);
    expect(intra.account.totals.signIns).toBe(1);
  });

  it('gives the second factor that a function returns', async () => {
    const intra = await standIn({ otpSecret });
    const totp = new TOTP({ secret: Secret.fromBase32(otpSecret) });
    const hydra = hydraFor(intra, { intraOtp: async () => totp.generate() });
    await hydra.setNumberOfApps(1);
    expect(hydra.getNumberOfApps()).toBe(1);
  });

  it('takes login and password from functions, which it calls only when it has to sign in', async () => {
    const intra = await standIn();
    const appsFile = path.join(temporaryFolder(), 'apps.json');
    const asked: string[] = [];
    const options = {
      appsFile,
      intraLogin: () => (asked.push('login'), intra.login),
      intraPassword: async () => (asked.push('password'), intra.password),
    };
    const first = hydraFor(intra, options);
    await first.setNumberOfApps(1);
    await first.finish();
    await hydraFor(intra, options).setNumberOfApps(1);
    expect(asked).toEqual(['login', 'password']);
  });

  it.each([
    [
      'a wrong password',
      {},
      { intraPassword: 'hunter2-wrong' },
      'HYDRA_WRONG_PASSWORD',
      'Invalid username or password',
    ],
    [
      'a second factor that is wanted and missing',
      { otpSecret },
      {},
      'HYDRA_OTP_REQUIRED',
      'intraOtp',
    ],
    [
      'a second factor of another secret',
      { otpSecret },
      { intraOtp: 'KRSXG5CTMVRXEZLU' },
      'HYDRA_OTP_REJECTED',
      'Invalid authenticator code',
    ],
    [
      'a code that is wrong',
      { otpSecret },
      { intraOtp: () => 'not-a-code' },
      'HYDRA_OTP_REJECTED',
      'Invalid authenticator code',
    ],
    [
      'a secret that is not base32',
      { otpSecret },
      { intraOtp: 'not base32!' },
      'HYDRA_INVALID_OPTION',
      'base32',
    ],
    [
      'no password at all',
      {},
      { intraPassword: undefined },
      'HYDRA_INVALID_OPTION',
      'intraPassword',
    ],
  ] as const)(
    '%s is an error with its own code, at once',
    async (_name, server, options, code, message) => {
      const intra = await standIn(server);
      const hydra = hydraFor(intra, options);
      const error: unknown = await hydra.setNumberOfApps(1).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'HydraError', code });
      expect((error as Error).message).toContain(message);
      expect(intra.apps).toEqual([]);
      expect(hydra.log.lines.filter((line) => line.includes('trying again'))).toEqual([]);
      expect(inspect(error, { depth: 10 })).not.toContain('hunter2-wrong');
    },
  );

  it.each([
    ['the sign-in form', 'openid-connect/auth', 'kc-form-login', 'form#kc-form-login'],
    ['the list of apps', '/oauth/applications', 'apps-root', 'div.apps-root[data]'],
    ['the token of the forms', '/oauth/applications', 'csrf-token', 'meta[name="csrf-token"]'],
    ['the name of an app', '/oauth/applications/', 'application-info', 'div.application-info span'],
  ])('a page without %s is an error that names it', async (_name, at, gone, element) => {
    const intra = await standIn({
      alterPage: (page, html) =>
        page.includes(at) ? html.replaceAll(gone, 'something-else') : html,
    });
    const error: unknown = await hydraFor(intra)
      .setNumberOfApps(1)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HYDRA_PAGE_NOT_UNDERSTOOD', facts: { name: element } });
    expect((error as Error).message).toContain(element);
  });

  it('reads uid and secret where they are shown, when the copy buttons are gone', async () => {
    const intra = await standIn({
      alterPage: (_page, html) => html.replaceAll('data-clipboard-text', 'data-else'),
    });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(1);
    expect(await hydra.get('/users/100001').json()).toEqual(intra.user(1));
  });

  it('signs in again when the session ends in the middle', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(1);
    intra.dropSessions();
    await hydra.setNumberOfApps(3);
    expect(intra.apps).toHaveLength(3);
    expect(intra.account.totals.signIns).toBe(2);
  });

  it('gives up on a website that turns it away after every sign-in, instead of going on for ever', async () => {
    const intra = await standIn({
      alterPage: (page, html) =>
        page === '/oauth/applications' ? '<a id="reset-password">' : html,
    });
    await expect(hydraFor(intra).setNumberOfApps(1)).rejects.toMatchObject({
      code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
    });
    expect(intra.account.totals.signIns).toBeLessThanOrEqual(3);
  });

  it('survives an outage during the sign-in', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await intra.startOutage('503', { forMs: 500 });
    await hydra.setNumberOfApps(1);
    expect(hydra.log.lines.some((line) => line.includes('trying again in 2 s'))).toBe(true);
    expect(intra.apps).toHaveLength(1);
  });

  it('stops trying when the caller aborts', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await intra.startOutage('reset');
    const caller = new AbortController();
    const made = hydra.setNumberOfApps(1, { signal: caller.signal });
    await until(() => isTryingAgain(hydra.log));
    caller.abort();
    await expect(made).rejects.toMatchObject({ code: 'HYDRA_NETWORK' });
  });

  it('stops trying when the hydra finishes', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await intra.startOutage('reset');
    const made = hydra.setNumberOfApps(1);
    made.catch(() => {});
    await until(() => isTryingAgain(hydra.log));
    await hydra.finish();
    await expect(made).rejects.toMatchObject({ code: 'HYDRA_NETWORK' });
  });

  it('writes no password, secret or token anywhere but into a file of mode 0600', async () => {
    const intra = await standIn({ otpSecret });
    const appsFile = path.join(temporaryFolder(), 'apps.json');
    const hydra = hydraFor(intra, { intraOtp: otpSecret, appsFile });
    await hydra.setNumberOfApps(2);
    intra.expireTokens();
    intra.rotateSecret(intra.apps[0]?.id ?? '');
    for (let i = 0; i < 8; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    await hydra.finish();
    const kept = readFileSync(appsFile, 'utf8');
    const secrets = [...kept.matchAll(/"(?:clientSecret|value)":"([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(secrets.length).toBeGreaterThanOrEqual(4);
    expect(statSync(appsFile).mode & 0o777).toBe(0o600);
    const log = hydra.log.lines.join('\n');
    for (const secret of [...secrets, intra.password, otpSecret]) expect(log).not.toContain(secret);
    expect(inspect(hydra.stats, { depth: 10 })).not.toMatch(/s-s4t2ud/);
  });
});

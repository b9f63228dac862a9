/** What may go wrong between the hydra and the website, several things at a time. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { inspect } from 'node:util';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { seededRandom } from '../../src/random.js';
import { UndiciTransport } from '../../src/transport/undici-transport.js';
import type { Transport } from '../../src/index.js';
import { hydraFor, standIn, temporaryFolder } from './setting.js';

/** The usual network, with something done before each request for what is no API request. */
function network(before: (url: URL) => Promise<void>): Transport {
  const usual = new UndiciTransport({
    clock: systemClock,
    timeoutMs: 60_000,
    maxConnections: 100,
    env: {},
  });
  return {
    send: (request, settle) => usual.send(request, settle),
    close: () => usual.close(),
    fetch: async (input, init) => {
      await before(new URL(new Request(input).url));
      return await usual.fetch(input, init);
    },
  };
}

/** Answers that come in another order than they were asked for. */
function jitter(seed: number): (url: URL) => Promise<void> {
  const random = seededRandom(seed);
  return () => new Promise((resolve) => setTimeout(resolve, random() * 15));
}

describe('calls side by side', () => {
  it('make no two apps of one name, and no surplus one', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    const ids = await Promise.all([hydra.createApp(), hydra.createApp(), hydra.createApp()]);
    expect(new Set(ids).size).toBe(3);
    expect(intra.apps.map((app) => app.name)).toEqual(['ApiHydra_1', 'ApiHydra_2', 'ApiHydra_3']);
    await Promise.all([hydra.setNumberOfApps(5), hydra.setNumberOfApps(5), hydra.update()]);
    expect(intra.apps).toHaveLength(5);
    expect(hydra.getNumberOfApps()).toBe(5);
    expect(intra.account.totals.signIns).toBe(1);
  });

  it('survive a session that ends while pages are under way, with one sign-in more', async () => {
    const existingApps = Array.from({ length: 40 }, (_, index) => `ApiHydra_${index + 1}`);
    for (let seed = 1; seed <= 5; seed++) {
      const intra = await standIn({ existingApps });
      let pages = 0;
      const delay = jitter(seed);
      const transport = network(async (url) => {
        if (/\/oauth\/applications\/\d/.test(url.pathname) && ++pages === 12) intra.dropSessions();
        await delay(url);
      });
      const hydra = hydraFor(intra, {}, { transport });
      await hydra.setNumberOfApps(40);
      expect(hydra.getNumberOfApps()).toBe(40);
      expect(intra.account.totals.signIns).toBe(2);
    }
  });
});

describe('apps that are not ours', () => {
  it('need not be understood but for their name', async () => {
    const intra = await standIn({
      existingApps: ['theirs', 'ApiHydra_1'],
      alterPage: (_path, html) =>
        html.includes('<span>theirs</span>')
          ? html.replaceAll('data-clipboard-text', 'x').replaceAll('class="credential"', '')
          : html,
    });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(2);
    expect(intra.apps.map((app) => app.name)).toEqual(['theirs', 'ApiHydra_1', 'ApiHydra_2']);
  });

  it('are not deleted either when they were ours and have got another name since', async () => {
    let isRenamed = false;
    const intra = await standIn({
      alterPage: (_path, html) => (isRenamed ? html.replaceAll('ApiHydra_3', 'precious') : html),
    });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(3);
    isRenamed = true;
    await hydra.setNumberOfApps(2);
    expect(intra.apps.map((app) => app.name)).toContain('ApiHydra_3');
    expect(hydra.getNumberOfApps()).toBe(2);
    expect(hydra.log.lines.some((line) => line.includes('left alone'))).toBe(true);
  });
});

describe('pages that show less', () => {
  it('without the limit of the second do not make an app faster than 2 a second', async () => {
    const intra = await standIn({
      alterPage: (_path, html) => html.replaceAll('application-desc', 'x'),
    });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(1);
    for (let i = 0; i < 4; i++) hydra.get(`/users/${100_000 + i}`);
    await hydra.join();
    expect(intra.account.totals).toMatchObject({ accepted: 4, refused: 0 });
  });

  it('without numbers are good enough for secrets, and an error for who asks for numbers', async () => {
    const intra = await standIn({ alterPage: (_path, html) => html.replaceAll('h4>', 'h5>') });
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(1);
    await hydra.get('/users/100000');
    for (const ask of [
      hydra.getRequestsLeftThisHour(),
      hydra.getTotalNumberOfRequests(),
      hydra.printApiUsage(),
    ]) {
      await expect(ask).rejects.toMatchObject({ code: 'HYDRA_PAGE_NOT_UNDERSTOOD' });
    }
  });
});

describe('a sign-in that is rejected', () => {
  it('is not tried again for each app whose secret is rejected', async () => {
    const intra = await standIn();
    const appsFile = path.join(temporaryFolder(), 'apps.json');
    const first = hydraFor(intra, { appsFile });
    await first.setNumberOfApps(12);
    await first.finish();
    for (const app of intra.apps) intra.rotateSecret(app.id);
    let passwords = 0;
    const transport = network((url) => {
      if (url.pathname.endsWith('/authenticate')) passwords += 1;
      return Promise.resolve();
    });
    const second = hydraFor(intra, { appsFile, intraPassword: 'old one' }, { transport });
    for (let i = 0; i < 30; i++) second.get(`/users/${100_000 + i}`);
    await second.join();
    expect(passwords).toBe(1);
    const [failure] = await second.failures();
    expect(failure?.error).toMatchObject({
      code: 'HYDRA_NO_APPS',
      cause: { code: 'HYDRA_WRONG_PASSWORD' },
    });
  });

  it('may be tried again by who asks for it', async () => {
    const otpSecret = 'JBSWY3DPEHPK3PXP';
    const intra = await standIn({ otpSecret });
    const totp = new TOTP({ secret: Secret.fromBase32(otpSecret) });
    const codes = [() => 'mistyped', () => totp.generate()];
    const hydra = hydraFor(intra, { intraOtp: () => codes.shift()?.() ?? '' });
    await expect(hydra.setNumberOfApps(1)).rejects.toMatchObject({ code: 'HYDRA_OTP_REJECTED' });
    await hydra.setNumberOfApps(1);
    expect(hydra.getNumberOfApps()).toBe(1);
  });

  it('because the function for the code fails does not call it again and again', async () => {
    const intra = await standIn({ otpSecret: 'JBSWY3DPEHPK3PXP' });
    let calls = 0;
    const intraOtp = () => {
      calls += 1;
      throw new Error('no terminal');
    };
    await expect(hydraFor(intra, { intraOtp }).setNumberOfApps(1)).rejects.toMatchObject({
      code: 'HYDRA_OTP_REQUIRED',
    });
    expect(calls).toBe(1);
  });
});

describe('giving up', () => {
  it('when the caller aborts while the website has everybody wait', async () => {
    const intra = await standIn({ webPagesPerSecond: 0.01 });
    const hydra = hydraFor(intra);
    const caller = new AbortController();
    const made = hydra.setNumberOfApps(1, { signal: caller.signal });
    const logged = hydra.log.lines;
    while (!logged.some((line) => line.includes('429')))
      await new Promise((resolve) => setTimeout(resolve, 10));
    caller.abort();
    await expect(made).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
  });

  it('when the hydra finishes while the website has everybody wait', async () => {
    const intra = await standIn({ webPagesPerSecond: 0.01 });
    const hydra = hydraFor(intra);
    const made = hydra.setNumberOfApps(1);
    made.catch(() => {});
    while (!hydra.log.lines.some((line) => line.includes('429')))
      await new Promise((resolve) => setTimeout(resolve, 10));
    await hydra.finish();
    await expect(made).rejects.toMatchObject({ name: 'HydraError', code: 'HYDRA_NETWORK' });
  });

  it('at once after finish()', async () => {
    const intra = await standIn();
    const hydra = hydraFor(intra);
    await hydra.setNumberOfApps(1);
    await hydra.finish();
    const pages = intra.account.totals.pageRequests;
    for (const ask of [
      () => hydra.setNumberOfApps(2),
      () => hydra.createApp(),
      () => hydra.deleteApp('40001'),
      () => hydra.update(),
      () => hydra.refreshTokens(),
      () => hydra.getRequestsLeftThisHour(),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'HYDRA_FINISHED' });
    }
    expect(intra.account.totals.pageRequests).toBe(pages);
  });
});

describe('secrets', () => {
  it('are in no log line and no error, whatever goes wrong', async () => {
    const otpSecret = 'JBSWY3DPEHPK3PXP';
    const intra = await standIn({ otpSecret, maxApps: 3, webPagesPerSecond: 30 });
    const totp = new TOTP({ secret: Secret.fromBase32(otpSecret) });
    const given: string[] = [];
    const intraOtp = () => {
      given.push(totp.generate());
      return given.at(-1) ?? '';
    };
    const appsFile = path.join(temporaryFolder(), 'apps.json');
    const hydra = hydraFor(intra, { intraOtp, appsFile });
    const errors: unknown[] = [];
    const note = (error: unknown) => errors.push(error);
    const secrets = new Set<string>([intra.password, otpSecret]);
    const noteSecrets = () => {
      const kept = readFileSync(appsFile, 'utf8');
      for (const [, secret = ''] of kept.matchAll(/"(?:clientSecret|value)":"([^"]+)"/g))
        secrets.add(secret);
    };
    await hydra.setNumberOfApps(3);
    await hydra.refreshTokens();
    noteSecrets();
    await hydra.createApp().catch(note);
    intra.dropSessions();
    intra.rotateSecret(intra.apps[0]?.id ?? '');
    intra.deleteApp(intra.apps[1]?.id ?? '');
    intra.expireTokens();
    for (let i = 0; i < 6; i++) hydra.get(`/users/${100_000 + i}`).catch(note);
    await hydra.join();
    await hydra.finish();
    noteSecrets();
    await hydra.createApp().catch(note);
    for (const code of given) secrets.add(code);
    expect(secrets.size).toBeGreaterThanOrEqual(9);
    expect(errors).toHaveLength(2);
    const seen = hydra.log.lines.join('\n') + inspect([errors, hydra], { depth: 20 });
    expect(seen).toContain('Signing in');
    for (const secret of secrets) expect(seen).not.toContain(secret);
  });
});

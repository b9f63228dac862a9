import { describe, expect, it } from 'vitest';
import { HydraError } from '../../index.js';
import type { Page } from '../pages/page.js';
import type { Browser } from './browser.js';
import { isPermanent, Session } from './session.js';

const base = 'https://site.example.com';
const good: Page = { url: `${base}/x`, status: 200, body: '<h1>Hello</h1>' };
const away: Record<string, Page> = {
  'a sign-in form': { ...good, body: '<form id="kc-form-login"></form>' },
  'the page for who is not signed in': { ...good, body: '<a id="reset-password"></a>' },
  'status 401': { ...good, status: 401, body: '{}' },
  'a page of another host': { ...good, url: 'https://auth.example.com/x' },
};

/** A session whose n-th browser answers as `answer` says. */
function setting(answer: (browser: number) => Page | Promise<Page>, signIn?: () => Promise<void>) {
  let browsers = 0;
  let signIns = 0;
  const session = new Session({
    base,
    newBrowser: () => {
      const number = ++browsers;
      return { open: async () => await answer(number) } as unknown as Browser;
    },
    signIn: async () => {
      signIns += 1;
      await (signIn?.() ?? Promise.resolve());
    },
  });
  return { session, signIns: () => signIns };
}

describe('Session', () => {
  it('signs in once, for however many pages', async () => {
    const { session, signIns } = setting(() => good);
    const pages = await Promise.all([session.open('/x'), session.open('/y'), session.open('/z')]);
    expect(pages).toEqual([good, good, good]);
    expect(signIns()).toBe(1);
  });

  it.each(Object.entries(away))('signs in again when it gets %s', async (_name, page) => {
    const { session, signIns } = setting((browser) => (browser === 1 ? page : good));
    expect(await session.open('/x')).toBe(good);
    expect(signIns()).toBe(2);
  });

  it('signs in again once for all pages that are turned away together', async () => {
    const { session, signIns } = setting((browser) =>
      browser === 1 ? (away['status 401'] as Page) : good,
    );
    await Promise.all(Array.from({ length: 8 }, () => session.open('/x')));
    expect(signIns()).toBe(2);
  });

  it('does not end a new session because of a page that the old one turned away late', async () => {
    const turnedAway = away['status 401'] as Page;
    let answerLate: ((page: Page) => void) | undefined;
    let asked = 0;
    const { session, signIns } = setting((browser) => {
      if (browser > 1) return good;
      asked += 1;
      return asked > 1 ? turnedAway : new Promise<Page>((resolve) => (answerLate = resolve));
    });
    const late = session.open('/x');
    expect(await session.open('/y')).toBe(good);
    answerLate?.(turnedAway);
    expect(await late).toBe(good);
    expect(signIns()).toBe(2);
  });

  it('gives up when two sign-ins in a row do not help', async () => {
    const { session, signIns } = setting(() => away['a sign-in form'] as Page);
    await expect(session.open('/x')).rejects.toMatchObject({ code: 'HYDRA_PAGE_NOT_UNDERSTOOD' });
    expect(signIns()).toBe(2);
  });

  it('gives an old session that has ended two sign-ins as well', async () => {
    let isSignedIn = true;
    const { session, signIns } = setting((browser) =>
      isSignedIn || browser > 2 ? good : (away['a sign-in form'] as Page),
    );
    await session.open('/x');
    isSignedIn = false;
    expect(await session.open('/x')).toBe(good);
    expect(signIns()).toBe(3);
  });

  it('does not send a form again that was turned away', async () => {
    let asked = 0;
    const { session } = setting(() => {
      asked += 1;
      return away['status 401'] as Page;
    });
    expect(await session.send('/x', { form: { token: 'old' } })).toBeUndefined();
    expect(asked).toBe(1);
  });

  it('remembers that the sign-in was rejected, until one succeeds', async () => {
    let error: Error | undefined = new HydraError('HYDRA_WRONG_PASSWORD', 'No.');
    const { session } = setting(
      () => good,
      () => (error === undefined ? Promise.resolve() : Promise.reject(error)),
    );
    await expect(session.open('/x')).rejects.toBe(error);
    expect(session.rejection).toBe(error);
    error = undefined;
    await session.open('/x');
    expect(session.rejection).toBeUndefined();
  });

  it('takes a failure that may pass for no rejection', async () => {
    const error = new HydraError('HYDRA_NETWORK', 'Down.');
    const { session } = setting(
      () => good,
      () => Promise.reject(error),
    );
    await expect(session.open('/x')).rejects.toBe(error);
    expect(session.rejection).toBeUndefined();
  });

  it('lets who aborts go, without ending the sign-in that others wait for', async () => {
    let finishSignIn: (() => void) | undefined;
    const { session, signIns } = setting(
      () => good,
      () => new Promise((resolve) => (finishSignIn = resolve)),
    );
    const caller = new AbortController();
    const mine = session.open('/x', { signal: caller.signal });
    const other = session.open('/x');
    caller.abort();
    await expect(mine).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
    finishSignIn?.();
    expect(await other).toBe(good);
    expect(signIns()).toBe(1);
  });
});

describe('isPermanent', () => {
  it('is false only for what may pass', () => {
    expect(isPermanent(new HydraError('HYDRA_NETWORK', ''))).toBe(false);
    expect(isPermanent(new HydraError('HYDRA_TIMEOUT', ''))).toBe(false);
    expect(isPermanent(new HydraError('HYDRA_WRONG_PASSWORD', ''))).toBe(true);
    expect(isPermanent(new TypeError('a mistake'))).toBe(true);
  });
});

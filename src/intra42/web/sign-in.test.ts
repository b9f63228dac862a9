import { describe, expect, it } from 'vitest';
import type { Page } from '../pages/page.js';
import type { Browser, BrowserRequest } from './browser.js';
import { signIn, type Credentials } from './sign-in.js';

const profileBase = 'https://profile.example.com';
const auth = 'https://auth.example.com';
const password = 'correct horse';

const page = (url: string, body: string, status = 200): Page => ({ url, status, body });
const form = (action = `${auth}/go`, message = '') =>
  `<form id="kc-form-login" action="${action}"><input type="hidden" name="credentialId" value="7">${message}</form>`;
const loginPage = page(`${auth}/login?state=1`, form());
const otpPage = (message = '') =>
  page(
    `${auth}/otp`,
    `<form action="/otp"><input type="hidden" name="selectedCredentialId" value="d1"><input name="otp">${message}</form>`,
  );
const profile = page(`${profileBase}/`, '<h1>Hello</h1>');

/** Signs in where the pages come in this order; keeps what was sent. */
async function signInWhere(pages: Page[], otp?: Credentials['otp']) {
  const sent: { url: string; form: unknown; within: string[] | undefined }[] = [];
  const browser = {
    origins: new Set([profileBase, auth]),
    open: (url: string, request: BrowserRequest = {}) => {
      sent.push({ url, form: request.form, within: request.within && [...request.within] });
      const next = pages.shift();
      return next === undefined
        ? Promise.reject(new Error('No more pages'))
        : Promise.resolve(next);
    },
  } as unknown as Browser;
  const credentials = { profileBase, login: 'me', password, otp };
  const error: unknown = await signIn(browser, credentials, () => 0).catch(
    (reason: unknown) => reason,
  );
  return { sent, error, message: (error as Error | undefined)?.message ?? '' };
}

describe('signIn', () => {
  it('sends login and password to where the form says, with its hidden fields', async () => {
    const { sent, error } = await signInWhere([loginPage, profile]);
    expect(error).toBeUndefined();
    expect(sent).toEqual([
      { url: `${profileBase}/users/auth/keycloak_student`, form: undefined, within: undefined },
      {
        url: `${auth}/go`,
        form: { credentialId: '7', username: 'me', password },
        within: [profileBase, auth],
      },
    ]);
  });

  it('sends the code with the hidden fields of its own form', async () => {
    const { sent, error } = await signInWhere([loginPage, otpPage(), profile], () => '123456');
    expect(error).toBeUndefined();
    expect(sent[2]).toMatchObject({
      url: `${auth}/otp`,
      form: { selectedCredentialId: 'd1', otp: '123456' },
      within: [profileBase, auth],
    });
  });

  it('tries the next code of a secret once, and then gives up', async () => {
    const rejected = otpPage('<span id="input-error">Invalid code.</span>');
    const { sent, error, message } = await signInWhere(
      [loginPage, otpPage(), rejected, rejected],
      'JBSWY3DPEHPK3PXP',
    );
    const codes = sent.slice(2).map(({ form: fields }) => (fields as { otp: string }).otp);
    expect(new Set(codes).size).toBe(2);
    expect(error).toMatchObject({ code: 'HYDRA_OTP_REJECTED' });
    expect(message).toContain('Invalid code.');
    for (const code of codes) expect(message).not.toContain(code);
  });

  it('sends the password to no other host than the one that served the form', async () => {
    const { sent, error } = await signInWhere([
      page(loginPage.url, form('https://evil.example.com/go')),
    ]);
    expect(error).toMatchObject({ code: 'HYDRA_FOREIGN_ORIGIN' });
    expect(sent).toHaveLength(1);
  });

  it('says what the page says of a wrong password, without what was sent', async () => {
    const said = `<span id="input-error">No user me with the password ${password} and so on.</span>`;
    const { error, message } = await signInWhere([
      loginPage,
      page(loginPage.url, form(undefined, said)),
    ]);
    expect(error).toMatchObject({ code: 'HYDRA_WRONG_PASSWORD' });
    expect(message).toContain('No user me with the password [hidden] and so on.');
    expect(message).not.toContain(password);
  });

  it('says what an error page of the sign-in says', async () => {
    const expired = page(`${auth}/go?code=1`, '<p id="kc-error-message">Too late</p>', 400);
    const { error, message } = await signInWhere([loginPage, expired]);
    expect(error).toMatchObject({ code: 'HYDRA_PAGE_NOT_UNDERSTOOD' });
    expect(message).toContain(`the page ${auth}/go (status 400), which says: Too late`);
  });

  it.each([
    ['an unknown page', page(`${auth}/go`, '<h1>News</h1>')],
    ['the profile turning it away', page(`${profileBase}/`, '<a id="reset-password"></a>')],
    ['a profile that is not there', page(`${profileBase}/`, '', 404)],
  ])('%s after the password is not taken for success', async (_name, last) => {
    const { error } = await signInWhere([loginPage, last]);
    expect(error).toMatchObject({ code: 'HYDRA_PAGE_NOT_UNDERSTOOD' });
  });
});

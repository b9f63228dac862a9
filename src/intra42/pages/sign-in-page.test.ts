import { describe, expect, it } from 'vitest';
import { asksToSignIn, readSignInPage } from './sign-in-page.js';

const page = (body: string) => ({
  url: 'https://auth.example.com/realms/x?state=1',
  status: 200,
  body,
});

describe('readSignInPage', () => {
  it('unescapes the address of the form and keeps the hidden fields', () => {
    const form = `<form id="kc-form-login" action="https://auth.example.com/go?a=1&amp;b=2" method="post">
<input name="username"><input name="password"><input type="hidden" name="credentialId" value="c"><input type="hidden" name="empty"></form>`;
    expect(readSignInPage(page(form))).toEqual({
      kind: 'password',
      form: {
        action: 'https://auth.example.com/go?a=1&b=2',
        hidden: { credentialId: 'c', empty: '' },
      },
      error: undefined,
    });
  });

  it.each(['<span id="input-error">', '<p class="kc-feedback-text">', '<div class="alert-error">'])(
    'reads the message in %s',
    (tag) => {
      const form = '<form id="kc-form-login" action="/go"></form>';
      expect(readSignInPage(page(`${tag} No. ${form}`)).error).toContain('No.');
    },
  );

  it.each([
    ["Keycloak's own", '<form id="kc-otp-login-form" action="/c"><input name="otp"></form>', 'otp'],
    ['another one', '<form action="/c"><input name="totp"></form>', 'totp'],
    ['one that says code', '<form action="/c"><input name="code"></form>', 'code'],
    [
      'one with a longer name',
      '<form action="/c"><input name="userOtpField"></form>',
      'userOtpField',
    ],
  ])('finds the field of a second factor: %s', (_name, form, field) => {
    expect(readSignInPage(page(`<form action="/search"><input name="q"></form>${form}`))).toEqual({
      kind: 'one-time-code',
      form: { action: 'https://auth.example.com/c', hidden: {} },
      field,
      error: undefined,
    });
  });

  it('takes a page without a form for something else, and says what it says', () => {
    const expired = '<p id="kc-error-message">Too late</p>';
    expect(readSignInPage(page(expired))).toEqual({ kind: 'other', error: 'Too late' });
  });

  it.each(['', 'action=""', 'action="http://["'])(
    'a form with the address %j is an error that names it',
    (action) => {
      expect(() => readSignInPage(page(`<form id="kc-form-login" ${action}></form>`))).toThrowError(
        expect.objectContaining({
          code: 'HYDRA_PAGE_NOT_UNDERSTOOD',
          message: expect.stringContaining('form#kc-form-login[action]') as string,
        }) as Error,
      );
    },
  );
});

describe('asksToSignIn', () => {
  it.each([
    '<form id="kc-form-login"></form>',
    '<form id="kc-otp-login-form"></form>',
    '<a id="reset-password"></a>',
  ])('%s does', (body) => {
    expect(asksToSignIn(page(body))).toBe(true);
  });

  it('a page with another form does not', () => {
    expect(asksToSignIn(page('<form id="new_application"></form>'))).toBe(false);
  });
});

/** The sign-in chain: website, Keycloak with password and second factor, back to the website. */
import { HydraError } from '../../index.js';
import { notUnderstood, type Page } from '../pages/page.js';
import {
  asksToSignIn,
  readSignInPage,
  type SignInPage,
  type WebForm,
} from '../pages/sign-in-page.js';
import type { Browser } from './browser.js';
import { oneTimeCode, type OneTimeCodeSource } from './one-time-code.js';

/** Who signs in, and where. */
export interface Credentials {
  readonly profileBase: string;
  readonly login: string;
  /** Secret. */
  readonly password: string;
  /** Secret. */
  readonly otp: OneTimeCodeSource | undefined;
}

const START = '/users/auth/keycloak_student';

/**
 * Signs in; afterwards the browser's cookies hold the session.
 *
 * @throws HydraError `HYDRA_WRONG_PASSWORD`, `HYDRA_OTP_REQUIRED`, `HYDRA_OTP_REJECTED`,
 * `HYDRA_PAGE_NOT_UNDERSTOOD`; `HYDRA_NETWORK` for what may pass.
 */
export async function signIn(
  browser: Browser,
  credentials: Credentials,
  wallNow: () => number,
): Promise<void> {
  const first = await browser.open(credentials.profileBase + START);
  if (isSignedIn(first, credentials.profileBase)) return;
  const asked = readSignInPage(first);
  if (asked.kind !== 'password') throw notUnderstood('form#kc-form-login', first);
  const { login, password } = credentials;
  const answer = await send(browser, first, asked.form, { username: login, password });
  const last = await giveCode(browser, answer, credentials, wallNow);
  if (isSignedIn(last, credentials.profileBase)) return;
  const page = readSignInPage(last);
  if (page.kind !== 'password')
    throw notUnderstood(page.error ?? 'the profile after the sign-in', last);
  throw new HydraError(
    'HYDRA_WRONG_PASSWORD',
    `The sign-in was rejected: ${page.error ?? 'it asks for the password again'}. Expected \`intraLogin\` and \`intraPassword\` to be right.`,
    { name: 'intraPassword' },
  );
}

/** Gives the second factor where the page asks for one. Returns the page that comes then. */
async function giveCode(
  browser: Browser,
  start: Page,
  credentials: Credentials,
  wallNow: () => number,
): Promise<Page> {
  let page = start;
  for (let attempt = 0; ; attempt++) {
    const asked: SignInPage = isSignedIn(page, credentials.profileBase)
      ? { kind: 'other', error: undefined }
      : readSignInPage(page);
    if (asked.kind !== 'one-time-code') return page;
    if (credentials.otp === undefined) {
      const message =
        'The sign-in wants a second factor. Expected `intraOtp`: the secret of it, or a function that returns the code.';
      throw new HydraError('HYDRA_OTP_REQUIRED', message, { name: 'intraOtp' });
    }
    const code = await oneTimeCode(credentials.otp, attempt, wallNow());
    if (code === undefined) {
      const message = `The second factor was rejected: ${asked.error ?? 'it is asked for again'}. Expected \`intraOtp\` and this machine's clock to be right.`;
      throw new HydraError('HYDRA_OTP_REJECTED', message, { name: 'intraOtp' });
    }
    page = await send(browser, page, asked.form, { [asked.field]: code });
  }
}

/** Sends a form back to the host that served it, and to no other: it holds the password. */
function send(
  browser: Browser,
  page: Page,
  form: WebForm,
  fields: Record<string, string>,
): Promise<Page> {
  if (new URL(form.action).origin !== new URL(page.url).origin) {
    throw new HydraError(
      'HYDRA_FOREIGN_ORIGIN',
      `Expected the sign-in form of ${new URL(page.url).origin} to be sent back there, not to ${new URL(form.action).origin}.`,
      { url: new URL(page.url).origin },
    );
  }
  return browser.open(form.action, { form: { ...form.hidden, ...fields } });
}

function isSignedIn(page: Page, profileBase: string): boolean {
  return (
    page.status < 400 &&
    new URL(page.url).origin === new URL(profileBase).origin &&
    !asksToSignIn(page)
  );
}

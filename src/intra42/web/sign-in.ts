/** The sign-in chain: website, Keycloak with password and second factor, back to the website. */
import { HydraError } from '../../index.js';
import { notUnderstood, withoutQuery, type Page } from '../pages/page.js';
import { asksToSignIn, readSignInPage, type WebForm } from '../pages/sign-in-page.js';
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
 * @param browser - one that has not been used yet.
 * @throws HydraError `HYDRA_WRONG_PASSWORD`, `HYDRA_OTP_REQUIRED`, `HYDRA_OTP_REJECTED`,
 * `HYDRA_PAGE_NOT_UNDERSTOOD`, `HYDRA_FOREIGN_ORIGIN`; `HYDRA_NETWORK` for what may pass.
 */
export async function signIn(
  browser: Browser,
  credentials: Credentials,
  wallNow: () => number,
): Promise<void> {
  const first = await browser.open(credentials.profileBase + START);
  const asked = readSignInPage(first);
  if (asked.kind !== 'password') throw notUnderstood('form#kc-form-login', first);
  const { login, password } = credentials;
  // From here on, nobody else is spoken to than who led to the form.
  const chain = new SignInChain(browser, new Set(browser.origins));
  const answer = await chain.send(first, asked.form, { username: login, password });
  const last = await giveCode(chain, answer, credentials, wallNow);
  if (isSignedIn(last, credentials.profileBase)) return;
  throw chain.problemWith(last);
}

/** The steps after the sign-in form, between the hosts that led to it. */
class SignInChain {
  readonly #browser: Browser;
  readonly #within: ReadonlySet<string>;
  readonly #secrets: string[] = [];

  constructor(browser: Browser, within: ReadonlySet<string>) {
    this.#browser = browser;
    this.#within = within;
  }

  /** Sends a form back to the host that served it, and to no other: it holds the password. */
  send(page: Page, form: WebForm, fields: Record<string, string>): Promise<Page> {
    const { origin } = new URL(page.url);
    const to = new URL(form.action).origin;
    if (to !== origin) {
      throw new HydraError(
        'HYDRA_FOREIGN_ORIGIN',
        `Expected the sign-in form of ${origin} to be sent back there, not to ${to}.`,
        { url: origin },
      );
    }
    const { username: _login, ...secrets } = fields;
    this.#secrets.push(...Object.values(secrets));
    return this.#browser.open(form.action, {
      form: { ...form.hidden, ...fields },
      within: this.#within,
    });
  }

  /** What a page says, without what was sent, should it repeat that. */
  quote(text: string): string {
    const shown = this.#secrets.reduce((said, secret) => said.replaceAll(secret, '[hidden]'), text);
    return shown.replace(/\s+/g, ' ').slice(0, 200);
  }

  /** Why a page is not the one that comes after the sign-in. */
  problemWith(page: Page): HydraError {
    const { kind, error } = readSignInPage(page);
    if (kind === 'password') {
      const reason = this.quote(error ?? 'it asks for the password again');
      const message = `The sign-in was rejected: ${reason} Expected \`intraLogin\` and \`intraPassword\` to be right.`;
      return new HydraError('HYDRA_WRONG_PASSWORD', message, { name: 'intraPassword' });
    }
    if (error === undefined) return notUnderstood('the profile after the sign-in', page);
    const url = withoutQuery(page.url);
    return new HydraError(
      'HYDRA_PAGE_NOT_UNDERSTOOD',
      `Expected the profile after the sign-in, got the page ${url} (status ${page.status}), which says: ${this.quote(error)}`,
      { name: 'the profile after the sign-in', url, status: page.status },
    );
  }
}

/** Gives the second factor where the page asks for one. Returns the page that comes then. */
async function giveCode(
  chain: SignInChain,
  start: Page,
  credentials: Credentials,
  wallNow: () => number,
): Promise<Page> {
  let page = start;
  for (let attempt = 0; ; attempt++) {
    if (isSignedIn(page, credentials.profileBase)) return page;
    const asked = readSignInPage(page);
    if (asked.kind !== 'one-time-code') return page;
    if (credentials.otp === undefined) {
      const message =
        'The sign-in wants a second factor. Expected `intraOtp`: the secret of it, or a function that returns the code.';
      throw new HydraError('HYDRA_OTP_REQUIRED', message, { name: 'intraOtp' });
    }
    const code = await oneTimeCode(credentials.otp, attempt, wallNow());
    if (code === undefined) {
      const reason = chain.quote(asked.error ?? 'it is asked for again.');
      const message = `The second factor was rejected: ${reason} Expected \`intraOtp\` and this machine's clock to be right.`;
      throw new HydraError('HYDRA_OTP_REJECTED', message, { name: 'intraOtp' });
    }
    page = await chain.send(page, asked.form, { [asked.field]: code });
  }
}

function isSignedIn(page: Page, profileBase: string): boolean {
  return (
    page.status < 400 &&
    new URL(page.url).origin === new URL(profileBase).origin &&
    !asksToSignIn(page)
  );
}

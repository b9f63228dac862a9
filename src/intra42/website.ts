/**
 * The website: the session on it, and all that reads its pages. This module is loaded when the website is
 * asked for something: reading HTML and keeping cookies takes longer to load than all the rest.
 */
import { persist, type AuthContext, type Clock, type HydraError, type Logger } from '../index.js';
import { AppWebsite } from './app-website.js';
import type { ResolvedFtOptions } from './ft-options.js';
import { Browser } from './web/browser.js';
import { credential } from './web/credential.js';
import { isPermanent, Session } from './web/session.js';
import { signIn } from './web/sign-in.js';
import { WebGate } from './web/web-gate.js';

/** Time between two tries at what is no API request, milliseconds. */
const RETRY_EVERY_MS = 2000;

/** What it needs. */
export interface WebsiteParts {
  readonly options: ResolvedFtOptions;
  readonly context: AuthContext;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Once aborted, nothing is tried again. */
  readonly finishing: AbortSignal;
}

/** The website of one account. */
export class Website {
  readonly #parts: WebsiteParts;
  readonly #session: Session;

  constructor(parts: WebsiteParts) {
    this.#parts = parts;
    const { clock, context, finishing, logger, options } = parts;
    const gate = new WebGate({
      clock,
      finishing,
      onHold: (holdMs) =>
        logger.warn(`The website refuses requests (429): waiting ${holdMs / 1000} s`),
    });
    this.#session = new Session({
      base: options.profileBase,
      newBrowser: () => new Browser(context, gate),
      signIn: (browser) => this.#signIn(browser),
    });
  }

  /** Why the last sign-in was rejected, if it was: what is asked by nobody must not try it again. */
  get rejection(): HydraError | undefined {
    return this.#session.rejection;
  }

  /** Its applications, for a caller with this signal. Failures that may pass are tried again. */
  applications(signal: AbortSignal | undefined): AppWebsite {
    const { clock, finishing, logger } = this.#parts;
    return new AppWebsite({
      session: this.#session,
      signal,
      persistently: (what, task) =>
        persist(task, {
          clock,
          everyMs: RETRY_EVERY_MS,
          signal: signal === undefined ? finishing : AbortSignal.any([signal, finishing]),
          isPermanent,
          onFailure: (error) =>
            logger.warn(`Could not ${what}, trying again in 2 s (${(error as Error).message})`),
        }),
    });
  }

  async #signIn(browser: Browser): Promise<void> {
    const { context, logger, options } = this.#parts;
    const { intraLogin, intraPassword, intraOtp, profileBase } = options;
    const login = await credential('intraLogin', intraLogin);
    const password = await credential('intraPassword', intraPassword);
    logger.info(`Signing in at ${profileBase}`);
    const credentials = { profileBase, login, password, otp: intraOtp };
    await signIn(browser, credentials, context.wallNow);
  }
}

import { HydraError } from '../../index.js';
import { notUnderstood, type Page } from '../pages/page.js';
import { asksToSignIn } from '../pages/sign-in-page.js';
import type { Browser, BrowserRequest } from './browser.js';
import { untilAborted } from './until-aborted.js';

/** Sign-ins for one page, after which it is not the session that is missing. */
const MAX_SIGN_INS = 2;

/** What a session needs. */
export interface SessionParts {
  /** Where the website is. */
  readonly base: string;
  readonly newBrowser: () => Browser;
  /** Signs a browser in. */
  readonly signIn: (browser: Browser) => Promise<void>;
}

/**
 * Pages of the website for who is signed in. Signs in when it must, and again when the session ends.
 *
 * Each sign-in has a browser of its own, which takes the place of the old one when it is through: so
 * pages that are still under way can not mix their cookies with those of the sign-in.
 */
export class Session {
  readonly #parts: SessionParts;
  #browser: Browser | undefined;
  #signingIn: Promise<void> | undefined;
  #rejection: HydraError | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Why the last sign-in was rejected, if it was: what is asked by nobody must not try it again. */
  get rejection(): HydraError | undefined {
    return this.#rejection;
  }

  /**
   * Asks for a page.
   *
   * @throws HydraError as the sign-in does; `HYDRA_PAGE_NOT_UNDERSTOOD` when signing in does not help.
   */
  async open(path: string, request: BrowserRequest = {}): Promise<Page> {
    // A session that is there already may have ended: to be turned away once more proves nothing.
    const mostTurns = this.#browser === undefined ? MAX_SIGN_INS : MAX_SIGN_INS + 1;
    for (let turns = 1; ; turns++) {
      const page = await this.#ask(path, request);
      if (!this.#isTurnedAway(page)) return page;
      if (turns >= mostTurns) throw notUnderstood('a page for who is signed in', page);
    }
  }

  /**
   * Sends a form, once: `undefined` when it was turned away because the session had ended, for then
   * what the form holds is of no use any more.
   *
   * @throws HydraError as {@link open} does.
   */
  async send(path: string, request: BrowserRequest): Promise<Page | undefined> {
    const page = await this.#ask(path, request);
    return this.#isTurnedAway(page) ? undefined : page;
  }

  async #ask(path: string, request: BrowserRequest): Promise<Page> {
    const browser = await this.#signedIn(request.signal);
    const page = await browser.open(this.#parts.base + path, request);
    if (this.#isTurnedAway(page) && this.#browser === browser) this.#browser = undefined;
    return page;
  }

  async #signedIn(signal: AbortSignal | undefined): Promise<Browser> {
    for (;;) {
      if (this.#browser !== undefined) return this.#browser;
      this.#signingIn ??= this.#start();
      await untilAborted(this.#signingIn, signal);
    }
  }

  async #start(): Promise<void> {
    try {
      const browser = this.#parts.newBrowser();
      await this.#parts.signIn(browser);
      this.#browser = browser;
      this.#rejection = undefined;
    } catch (error) {
      this.#rejection = isRejection(error) ? error : undefined;
      throw error;
    } finally {
      this.#signingIn = undefined;
    }
  }

  #isTurnedAway(page: Page): boolean {
    const { base } = this.#parts;
    return (
      page.status === 401 || new URL(page.url).origin !== new URL(base).origin || asksToSignIn(page)
    );
  }
}

const REJECTIONS = new Set(['HYDRA_WRONG_PASSWORD', 'HYDRA_OTP_REQUIRED', 'HYDRA_OTP_REJECTED']);

function isRejection(error: unknown): error is HydraError {
  return error instanceof HydraError && REJECTIONS.has(error.code);
}

const PASSING = new Set(['HYDRA_NETWORK', 'HYDRA_TIMEOUT']);

/** True for an error that trying again cannot help; what is no error of ours is a mistake, and stays one. */
export function isPermanent(error: unknown): boolean {
  return !(error instanceof HydraError && PASSING.has(error.code));
}

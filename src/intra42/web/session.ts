import { HydraError } from '../../index.js';
import { notUnderstood, type Page } from '../pages/page.js';
import { asksToSignIn } from '../pages/sign-in-page.js';
import type { Browser, BrowserRequest } from './browser.js';

/** Sign-ins for one page, after which it is not the session that is missing. */
const MAX_SIGN_INS = 2;

/** Pages of the website for who is signed in. Signs in when it must, and again when the session ends. */
export class Session {
  readonly #browser: Browser;
  readonly #base: string;
  readonly #signIn: () => Promise<void>;
  #signingIn: Promise<void> | undefined;
  /** Counts sign-ins, so that pages that were turned away together ask for one. */
  #generation = 0;

  constructor(browser: Browser, base: string, signIn: () => Promise<void>) {
    this.#browser = browser;
    this.#base = base;
    this.#signIn = signIn;
  }

  /**
   * Asks for a page.
   *
   * @throws HydraError as the sign-in does; `HYDRA_PAGE_NOT_UNDERSTOOD` when signing in does not help.
   */
  async open(path: string, request: BrowserRequest = {}): Promise<Page> {
    for (let signIns = 0; ; signIns++) {
      const generation = this.#generation;
      if (generation === 0) await this.#renew(generation);
      const page = await this.#browser.open(this.#base + path, request);
      if (!this.#isTurnedAway(page)) return page;
      if (signIns === MAX_SIGN_INS) throw notUnderstood('a page for who is signed in', page);
      await this.#renew(generation);
    }
  }

  #isTurnedAway(page: Page): boolean {
    return (
      page.status === 401 ||
      new URL(page.url).origin !== new URL(this.#base).origin ||
      asksToSignIn(page)
    );
  }

  #renew(generation: number): Promise<void> {
    if (generation !== this.#generation) return Promise.resolve();
    this.#signingIn ??= this.#start();
    return this.#signingIn;
  }

  async #start(): Promise<void> {
    try {
      this.#browser.clearCookies();
      await this.#signIn();
      this.#generation += 1;
    } finally {
      this.#signingIn = undefined;
    }
  }
}

/** True for an error that trying again cannot help. */
export function isPermanent(error: unknown): boolean {
  return (
    error instanceof HydraError && error.code !== 'HYDRA_NETWORK' && error.code !== 'HYDRA_TIMEOUT'
  );
}

/** Keeps each app's token: who has none or an old one gets a new one, a few at a time. */
import type { Api, AuthContext } from '../api.js';
import type { App, Token } from '../app.js';
import type { Clock } from '../clock.js';
import type { HydraError } from '../errors.js';
import type { Logger } from '../logger.js';
import { persist } from '../retry/persist.js';
import {
  asHydraError,
  expiredAlready,
  isPermanent,
  isRejection,
  messageOf,
} from './token-failure.js';

/** A token is renewed in the background when this much of its life is left, at most. */
const RENEW_AHEAD_MS = 300_000;
/** The same as a share of its life, for tokens that live shortly. */
const RENEW_AHEAD_SHARE = 0.1;
/** Token endpoints refuse whoever asks too fast. */
const MAX_RENEWALS_AT_ONCE = 8;
/** Time between two tries at a token, milliseconds. */
const RETRY_EVERY_MS = 2000;

interface Entry {
  app: App;
  token: Token | undefined;
  /** When the token shall be renewed, and until when it may be used; milliseconds since the epoch. */
  renewAtMs: number;
  usableUntilMs: number;
  /** Counts renewals, so that an old 401 does not throw a new token away. */
  generation: number;
  /** The renewal under way. */
  renewal: Promise<void> | undefined;
  /** No renewal is started before this time of the clock. */
  notBeforeMs: number;
}

/** What the keeper needs, and whom it tells. */
export interface TokenKeeperParts {
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly context: AuthContext;
  /** Once aborted, tokens are tried for once, not without end. */
  readonly finishing: AbortSignal;
  /** The app can sign from now on. */
  readonly onUsable: (app: App) => void;
  /** The app has a token whose loss could not be made good: resolves once it is kept. */
  readonly keep: () => Promise<void>;
  /** The app has new credentials. */
  readonly onRecovered: (app: App) => void;
  /** The app can not sign until {@link onUsable}. */
  readonly onUnusable: (appId: string) => void;
  /** The app is lost: its credentials were rejected and could not be had anew. */
  readonly onLost: (appId: string, reason: HydraError) => void;
  /** While finishing: no token could be had. The app is not lost. */
  readonly onGivenUp: (reason: HydraError) => void;
  /** There is no token yet, but it is worth asking again: see {@link TokenKeeper.onShortage}. */
  readonly onTryLater: () => void;
}

/** Tokens of all apps, renewed single-flight, before they expire. */
export class TokenKeeper {
  readonly #parts: TokenKeeperParts;
  readonly #entries = new Map<string, Entry>();
  readonly #wanting = new Set<string>();
  #renewing = 0;
  /** True when the API's apps sign with tokens that must be got. Where not, nothing is looked up. */
  readonly needsTokens: boolean;

  constructor(parts: TokenKeeperParts) {
    this.#parts = parts;
    this.needsTokens = parts.api.auth.renewToken !== undefined;
  }

  /** Renewals under way. */
  get renewing(): number {
    return this.#renewing;
  }

  /** Takes an app in, with the token that it had last, if any. Says whether it can sign at once. */
  add(app: App, token?: Token): boolean {
    const entry: Entry = {
      app,
      token: undefined,
      renewAtMs: Infinity,
      usableUntilMs: Infinity,
      generation: 0,
      renewal: undefined,
      notBeforeMs: -Infinity,
    };
    this.#entries.set(app.id, entry);
    if (!this.needsTokens) return true;
    if (token !== undefined) this.#accept(entry, token);
    return this.#checkUsable(entry);
  }

  /** Signs with an app's new credentials from the next renewal on. */
  replace(app: App): void {
    const entry = this.#entries.get(app.id);
    if (entry !== undefined) entry.app = app;
  }

  remove(appId: string): void {
    this.#entries.delete(appId);
    this.#wanting.delete(appId);
  }

  /**
   * Resolves once no renewal is under way whose answer must not be lost; at once where the API's tokens
   * can be had again and again.
   */
  async settled(): Promise<void> {
    if (!this.#parts.api.auth.rotatesTokens) return;
    for (const { renewal } of this.#entries.values()) await renewal;
  }

  /** The token that an app signs with now. */
  token(appId: string): Token | undefined {
    return this.needsTokens ? this.#entries.get(appId)?.token : undefined;
  }

  /** Which of its tokens an app signs with now; changes with each renewal. */
  generation(appId: string): number {
    return this.needsTokens ? (this.#entries.get(appId)?.generation ?? 0) : 0;
  }

  /**
   * Looks at an app that is about to sign: false when its token has expired (it is renewed when
   * there is a shortage). Starts a renewal in the background when the token will expire soon.
   */
  canSign(appId: string): boolean {
    if (!this.needsTokens) return true;
    const entry = this.#entries.get(appId);
    if (entry === undefined) return false;
    if (!this.#checkUsable(entry)) return false;
    if (this.#parts.clock.wallNow() >= entry.renewAtMs) void this.#renew(entry);
    return true;
  }

  /** The server did not take the token that an app had at `generation`. */
  reject(appId: string, generation: number): void {
    const entry = this.#entries.get(appId);
    if (entry === undefined || entry.generation !== generation || !this.needsTokens) return;
    // What gets the next one outlives it.
    if (entry.token?.refreshToken === undefined) entry.token = undefined;
    else this.#accept(entry, { ...entry.token, expiresAtMs: 0 });
    this.#checkUsable(entry);
    void this.#renew(entry);
  }

  /**
   * Requests wait for apps: gets tokens for at most so many apps that have none.
   *
   * @returns when it is worth asking again, should all who have none have been tried just now.
   */
  onShortage(waiting: number): number | undefined {
    const wanted = Math.min(waiting, MAX_RENEWALS_AT_ONCE) - this.#renewing;
    if (wanted <= 0 || this.#wanting.size === 0) return undefined;
    const now = this.#parts.clock.now();
    const due = [...this.#wanting]
      .map((appId) => this.#entries.get(appId))
      .filter((entry) => entry !== undefined)
      .filter((entry) => now >= entry.notBeforeMs);
    for (const entry of due.slice(0, wanted)) void this.#renew(entry);
    return due.length === 0 ? now + RETRY_EVERY_MS : undefined;
  }

  /** Renews the tokens of all apps, a few at a time. Resolves when each has one or is lost. */
  async renewAll(): Promise<void> {
    if (!this.needsTokens) return;
    const entries = [...this.#entries.values()];
    const renewNext = async (): Promise<void> => {
      for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
        await this.#renew(entry);
      }
    };
    await Promise.all(Array.from({ length: MAX_RENEWALS_AT_ONCE }, renewNext));
  }

  #accept(entry: Entry, token: Token): void {
    const now = this.#parts.clock.wallNow();
    entry.token = token;
    entry.usableUntilMs = token.expiresAtMs ?? Infinity;
    const left = entry.usableUntilMs - now;
    entry.renewAtMs = entry.usableUntilMs - Math.min(RENEW_AHEAD_MS, left * RENEW_AHEAD_SHARE);
  }

  #checkUsable(entry: Entry): boolean {
    const usable = entry.token !== undefined && this.#parts.clock.wallNow() < entry.usableUntilMs;
    if (!usable) {
      if (entry.renewal === undefined) this.#wanting.add(entry.app.id);
      this.#parts.onUnusable(entry.app.id);
    }
    return usable;
  }

  #renew(entry: Entry): Promise<void> {
    entry.renewal ??= this.#startRenewal(entry);
    return entry.renewal;
  }

  async #startRenewal(entry: Entry): Promise<void> {
    this.#renewing += 1;
    this.#wanting.delete(entry.app.id);
    const error = await this.#obtain(entry).then(
      () => undefined,
      (reason: unknown) => asHydraError(reason, entry.app.id),
    );
    entry.renewal = undefined;
    this.#renewing -= 1;
    if (this.#entries.get(entry.app.id) !== entry) return;
    if (error !== undefined && isPermanent(error)) {
      this.#parts.onLost(entry.app.id, error);
      return;
    }
    if (this.#checkUsable(entry)) {
      this.#parts.onUsable(entry.app);
      return;
    }
    // Asking at once would change nothing.
    entry.notBeforeMs = this.#parts.clock.now() + RETRY_EVERY_MS;
    if (error !== undefined) this.#parts.onGivenUp(error);
    this.#parts.onTryLater();
  }

  /** Gets a token, with recovered credentials if the present ones are rejected. */
  async #obtain(entry: Entry): Promise<void> {
    const { api } = this.#parts;
    try {
      await this.#persistently(entry, () => this.#requestToken(entry, entry.token));
    } catch (error) {
      if (!isRejection(error) || api.recoverApp === undefined) throw error;
      this.#parts.logger.warn(
        `App ${entry.app.id}: its credentials were rejected, looking for new ones`,
      );
      const { recoverApp } = api;
      const recovered = await this.#persistently(entry, (app) =>
        recoverApp(app, this.#parts.context),
      );
      if (recovered === undefined) throw error;
      entry.app = recovered;
      this.#parts.onRecovered(recovered);
      await this.#persistently(entry, () => this.#requestToken(entry));
    }
  }

  /** Asks for a token once, and takes it. */
  async #requestToken(entry: Entry, last?: Token): Promise<void> {
    const { api, context, clock } = this.#parts;
    const token = await api.auth.renewToken?.(entry.app, context, last);
    if (token === undefined) throw new Error('This API has no tokens to renew');
    this.#accept(entry, token);
    entry.generation += 1;
    if (api.auth.rotatesTokens) await this.#parts.keep();
    // Taken all the same: what gets the next one may have come with it.
    const nowMs = clock.wallNow();
    if (nowMs >= entry.usableUntilMs) throw expiredAlready(entry.app, token, nowMs);
  }

  #persistently<T>(entry: Entry, task: (app: App) => Promise<T>): Promise<T> {
    const { clock, logger, finishing } = this.#parts;
    return persist(() => task(entry.app), {
      clock,
      everyMs: RETRY_EVERY_MS,
      signal: finishing,
      isPermanent: (error) => isPermanent(error) || this.#entries.get(entry.app.id) !== entry,
      onFailure: (error) =>
        logger.warn(`App ${entry.app.id}: no token yet, trying again in 2 s (${messageOf(error)})`),
    });
  }
}

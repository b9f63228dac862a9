/** The applications of the account: made, limited, rotated and deleted; and their tokens. */
import type { Clock } from '../clock.js';
import type { Random } from '../random.js';
import type { Intra42Settings } from './intra42-options.js';
import { createLimiter, type Limiter } from './limiter.js';

/** An application, as the server knows it. */
export interface RegisteredApp {
  readonly id: string;
  readonly name: string;
  readonly uid: string;
  secret: string;
  /** Accepted already, and the secret from the next rotation on. */
  nextSecret: string | undefined;
  readonly redirectUri: string;
  readonly limiters: readonly Limiter[];
  totalRequests: number;
  generatedTokens: number;
}

/** A token, as the server knows it. */
export interface IssuedToken {
  readonly app: RegisteredApp;
  readonly createdAtMs: number;
  expiresAtMs: number;
}

const FIRST_APP_ID = 40_001;
/** Secrets are valid for so long, as far as the pages say. */
const SECRET_LIFETIME_MS = 30 * 86_400_000;

/** All apps and tokens of a stand-in. */
export class AppRegistry {
  readonly #settings: Intra42Settings;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #apps = new Map<string, RegisteredApp>();
  readonly #byUid = new Map<string, RegisteredApp>();
  readonly #tokens = new Map<string, IssuedToken>();
  #nextId = FIRST_APP_ID;

  constructor(settings: Intra42Settings, clock: Clock, random: Random) {
    this.#settings = settings;
    this.#clock = clock;
    this.#random = random;
    for (const name of settings.existingApps) this.create(name, 'http://127.0.0.1:80');
  }

  get size(): number {
    return this.#apps.size;
  }

  list(): RegisteredApp[] {
    return [...this.#apps.values()];
  }

  get(id: string): RegisteredApp | undefined {
    return this.#apps.get(id);
  }

  create(name: string, redirectUri: string): RegisteredApp {
    const { limits, limiter } = this.#settings;
    const app: RegisteredApp = {
      id: String(this.#nextId++),
      name,
      uid: `u-s4t2ud-${this.randomHex(64)}`,
      secret: `s-s4t2ud-${this.randomHex(64)}`,
      nextSecret: undefined,
      redirectUri,
      limiters: limits.map(({ requests, perMs }) => createLimiter(limiter, requests, perMs)),
      totalRequests: 0,
      generatedTokens: 0,
    };
    this.#apps.set(app.id, app);
    this.#byUid.set(app.uid, app);
    return app;
  }

  delete(id: string): boolean {
    const app = this.#apps.get(id);
    if (app === undefined) return false;
    this.#apps.delete(id);
    this.#byUid.delete(app.uid);
    for (const [value, token] of this.#tokens) if (token.app === app) this.#tokens.delete(value);
    return true;
  }

  /** Makes a new secret the current one; the old one is accepted no more, unless `keepOldValid`. */
  rotateSecret(id: string, keepOldValid: boolean): void {
    const app = this.#apps.get(id);
    if (app === undefined) return;
    const fresh = `s-s4t2ud-${this.randomHex(64)}`;
    if (keepOldValid) {
      app.nextSecret = fresh;
      return;
    }
    app.secret = app.nextSecret ?? fresh;
    app.nextSecret = undefined;
    this.expireTokens(id);
  }

  /** Until when the current secret is said to be valid, milliseconds since the epoch. */
  secretValidUntil(): number {
    return this.#clock.wallNow() + SECRET_LIFETIME_MS;
  }

  authenticate(uid: string, secret: string): RegisteredApp | undefined {
    const app = this.#byUid.get(uid);
    const isValid = app !== undefined && (secret === app.secret || secret === app.nextSecret);
    return isValid ? app : undefined;
  }

  /** Gives an app a token: its live one where that is the custom, else a new one. */
  issueToken(app: RegisteredApp): { value: string; token: IssuedToken } {
    const now = this.#clock.wallNow();
    if (this.#settings.reuseTokens) {
      for (const [value, token] of this.#tokens) {
        if (token.app === app && token.expiresAtMs - now >= 1000) return { value, token };
      }
    }
    const value = this.randomHex(64);
    const expiresAtMs = now + this.#settings.tokenLifetimeSeconds * 1000;
    const token = { app, createdAtMs: now, expiresAtMs };
    this.#tokens.set(value, token);
    app.generatedTokens += 1;
    return { value, token };
  }

  /** The token, expired or not, or `undefined` when it was never issued. */
  token(value: string): IssuedToken | undefined {
    return this.#tokens.get(value);
  }

  activeTokens(app: RegisteredApp): number {
    const now = this.#clock.wallNow();
    return [...this.#tokens.values()].filter(
      (token) => token.app === app && token.expiresAtMs > now,
    ).length;
  }

  expireTokens(appId?: string): void {
    for (const token of this.#tokens.values()) {
      if (appId === undefined || token.app.id === appId) token.expiresAtMs = 0;
    }
  }

  randomHex(length: number): string {
    let text = '';
    while (text.length < length) text += Math.floor(this.#random() * 16).toString(16);
    return text;
  }
}

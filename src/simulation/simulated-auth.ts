import type { Auth, AuthContext, RequestSignature } from '../api.js';
import type { App, Token } from '../app.js';
import { sleep } from '../clock.js';
import type { VirtualClock } from '../testing/virtual-clock.js';
import type { SimulatedServer } from './simulated-server.js';

/** What simulated apps sign with. */
export interface SimulatedAuthParts {
  readonly clock: VirtualClock;
  readonly server: SimulatedServer;
  /** How long a token lives; `undefined`: they need none. */
  readonly tokenLifeMs: number | undefined;
  /** Time of one way over the network. */
  readonly wayMs: () => number;
}

/** Signs with the app's name, and a token where it needs one. */
export class SimulatedAuth {
  readonly auth: Auth;
  readonly #parts: SimulatedAuthParts;
  readonly #renewing = new Set<string>();
  /** By the app, or its token: the same each time, as of the ways to sign that users have. */
  readonly #signatures = new WeakMap<App | Token, RequestSignature>();

  constructor(parts: SimulatedAuthParts) {
    this.#parts = parts;
    this.auth = {
      authorize: (app, token) => this.#sign(app, token),
      ...(parts.tokenLifeMs === undefined
        ? {}
        : { renewToken: (app: App, context: AuthContext) => this.#renew(app, context) }),
    };
  }

  /**
   * True from the first try at a token until there is one. What tries again waits by promises, which
   * do not move on unless the thread is given back.
   */
  get isRenewing(): boolean {
    return this.#renewing.size > 0;
  }

  #sign(app: App, token: Token | undefined): RequestSignature {
    const known = this.#signatures.get(token ?? app);
    if (known !== undefined) return known;
    const headers = Object.freeze({ authorization: token?.value ?? app.id });
    const signature = { headers };
    this.#signatures.set(token ?? app, signature);
    return signature;
  }

  async #renew(app: App, { signal }: AuthContext): Promise<Token> {
    const { clock, server, wayMs, tokenLifeMs = 0 } = this.#parts;
    this.#renewing.add(app.id);
    await sleep(clock, wayMs(), signal);
    const value = server.giveToken(app.id, clock.now());
    await sleep(clock, wayMs(), signal);
    if (value === undefined) throw new Error('no token: the server is down (simulated)');
    this.#renewing.delete(app.id);
    return { value, expiresAtMs: clock.wallNow() + tokenLifeMs };
  }
}

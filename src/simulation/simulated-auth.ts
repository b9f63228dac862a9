import type { Auth, AuthContext } from '../api.js';
import type { App, Token } from '../app.js';
import { sleep } from '../clock.js';
import type { VirtualClock } from '../testing/virtual-clock.js';
import { authorizationWith, type SimulatedServer } from './simulated-server.js';

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

  constructor(parts: SimulatedAuthParts) {
    this.#parts = parts;
    this.auth = {
      authorize: (app, token) => ({
        headers: { authorization: authorizationWith(token?.value ?? app.id) },
      }),
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

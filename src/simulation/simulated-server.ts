import type { AppGroup } from '../limits/makespan.js';
import type { Random } from '../random.js';
import type { ServerOutage, ServerSettings } from './scenario.js';
import { SimulatedApp } from './simulated-app.js';

/** What the server does with a request: answers with a status, or leaves it without an answer. */
export type ServerAct =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'stall' };

const good: ServerAct = { kind: 'answer', status: 200 };
const unauthorized: ServerAct = { kind: 'answer', status: 401 };
const refused: ServerAct = { kind: 'answer', status: 429 };
const failed: ServerAct = { kind: 'answer', status: 500 };
const stall: ServerAct = { kind: 'stall' };
const unreachable: ServerAct = { kind: 'unreachable' };

/** A server that limits each app as real ones do, and fails as it is told to. It is told the time. */
export class SimulatedServer {
  /** The apps that it knows: {@link appId} of its index is the id of each. */
  readonly apps: readonly SimulatedApp[];
  readonly #settings: ServerSettings;
  readonly #random: Random;
  #tokensGiven = 0;

  constructor(settings: ServerSettings, groups: readonly AppGroup[], random: Random) {
    this.#settings = settings;
    this.#random = random;
    const { stranger, limiter } = settings;
    const apps: SimulatedApp[] = [];
    for (const group of groups) {
      for (let i = 0; i < group.apps; i++) {
        const rate = apps.length < stranger.apps ? stranger.requestsPerSecond : 0;
        apps.push(new SimulatedApp(limiter, group.limits, random(), rate));
      }
    }
    this.apps = apps;
  }

  /** Gives an app a new token; the one that it had is no good any more. `undefined`: it is down. */
  giveToken(id: string, nowMs: number): string | undefined {
    const app = this.apps[signerOf(id)];
    if (app === undefined || this.#outageAt(nowMs) !== undefined) return undefined;
    app.token = `${id}#${++this.#tokensGiven}`;
    app.tokenExpiresAtMs = nowMs + (this.#settings.tokenLifeMs ?? Infinity);
    return app.token;
  }

  /** A request arrives, with this in `Authorization`: a token, or the app's id where it needs none. */
  arrive(authorization: string, nowMs: number): ServerAct {
    const { outages } = this.#settings;
    const outage = outages.length === 0 ? undefined : this.#outageAt(nowMs);
    if (outage !== undefined) return actOf(outage);
    const app = this.apps[signerOf(authorization)];
    if (app === undefined || !this.#isSignatureGood(app, authorization, nowMs)) return unauthorized;
    const refusedForMs = app.arrive(nowMs);
    return refusedForMs > 0 ? this.#refuse(refusedForMs) : this.#answer(app);
  }

  #isSignatureGood(app: SimulatedApp, authorization: string, nowMs: number): boolean {
    if (this.#settings.tokenLifeMs === undefined) return true;
    const { token, tokenExpiresAtMs } = app;
    if (token === undefined || nowMs >= tokenExpiresAtMs) return false;
    return authorization === token;
  }

  #answer(app: SimulatedApp): ServerAct {
    const { errorRate, stallRate, revokeRate } = this.#settings;
    if (errorRate + stallRate + revokeRate === 0) return good;
    const chance = this.#random();
    if (chance < errorRate) return failed;
    if (chance < errorRate + stallRate) return stall;
    if (chance >= errorRate + stallRate + revokeRate) return good;
    app.token = undefined;
    return unauthorized;
  }

  #refuse(forMs: number): ServerAct {
    if (!this.#settings.retryAfter) return refused;
    return { kind: 'answer', status: 429, retryAfterSeconds: Math.ceil(forMs / 1000) };
  }

  #outageAt(nowMs: number): ServerOutage | undefined {
    return this.#settings.outages.find(
      ({ fromMs, forMs }) => nowMs >= fromMs && nowMs < fromMs + forMs,
    );
  }
}

const APP_PREFIX = 'app-';

/** The id of the app of this index. */
export function appId(index: number): string {
  return `${APP_PREFIX}${index + 1}`;
}

/**
 * The index of the app whose id or token this is, `app-12` or `app-12#345`: digit by digit, since nothing
 * is done more often.
 */
export function signerOf(idOrToken: string): number {
  let number = 0;
  for (let at = APP_PREFIX.length; at < idOrToken.length; at++) {
    const digit = idOrToken.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return number - 1;
}

function actOf({ kind }: ServerOutage): ServerAct {
  if (kind === 'unreachable') return unreachable;
  if (kind === 'stall') return stall;
  return { kind: 'answer', status: kind };
}

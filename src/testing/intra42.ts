import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOptions } from '../check-options.js';
import { systemClock, type Clock, type Timer } from '../clock.js';
import { seededRandom } from '../random.js';
import { Account } from './account.js';
import { ApiServer } from './api-server.js';
import { AppRegistry } from './app-registry.js';
import { LocalServer } from './http-server.js';
import {
  faultsSchema,
  latencySchema,
  resolveIntra42Options,
  type Intra42Faults,
  type Intra42Latency,
  type Intra42Options,
} from './intra42-options.js';
import { SignInServer } from './sign-in-server.js';
import { Users, type LightUser } from './users.js';
import { WebsiteServer } from './website-server.js';

/** How a whole outage looks. */
export type OutageKind = 'refuse' | '503' | 'reset' | 'hang';

/** A running stand-in for the 42 Intra. */
export interface Intra42 {
  /** The option `apiBase` that leads here. */
  readonly apiBase: string;
  /** The option `profileBase` that leads here. */
  readonly profileBase: string;
  /** Where the sign-in listens. */
  readonly authBase: string;
  readonly login: string;
  readonly password: string;
  /** What it saw. */
  readonly account: Account;
  /** The apps that it has, without their secrets. */
  readonly apps: readonly { readonly id: string; readonly name: string; readonly uid: string }[];
  /** The whole user, as the API sends it, by login, id or number; `undefined` when there is none. */
  user(loginOrIndex: string | number): LightUser | undefined;
  /** What goes wrong from now on. */
  setFaults(faults: Intra42Faults): void;
  /** How long requests take from now on. */
  setLatency(latency: Intra42Latency): void;
  /** Forgets who is signed in on the website. */
  dropSessions(): void;
  /** Lets the tokens of one app, or of all, expire now. */
  expireTokens(appId?: string): void;
  /** Gives an app a new secret; the old one is rejected at once, unless `keepOldValid`. */
  rotateSecret(appId: string, options?: { readonly keepOldValid?: boolean }): void;
  /** Deletes an app, as its owner might do on the website. */
  deleteApp(appId: string): void;
  /** Uses up requests of an app, as another program with the same key might do. */
  useUp(appId: string, requests: number): void;
  /** Makes the next so many apps, but loses the answers that say so. */
  loseCreateAnswers(howMany: number): void;
  /** Breaks everything, or only the API, for a time or until {@link endOutage}. */
  startOutage(
    kind: OutageKind,
    options?: { readonly forMs?: number; readonly only?: 'api' },
  ): Promise<void>;
  endOutage(): Promise<void>;
  /** Stops, and breaks all connections. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for the 42 Intra: real servers on 127.0.0.1 for API, website and sign-in.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export async function startIntra42(
  options: Intra42Options = {},
  clock: Clock = systemClock,
): Promise<Intra42> {
  const stand = new StandIn(options, clock);
  await stand.listen();
  return stand;
}

class StandIn implements Intra42 {
  readonly account: Account = new Account();
  readonly login: string;
  readonly password: string;
  readonly #clock: Clock;
  readonly #port: number;
  readonly #registry: AppRegistry;
  readonly #api: ApiServer;
  readonly #website: WebsiteServer;
  readonly #servers: Readonly<Record<'api' | 'website' | 'signIn', LocalServer>>;
  readonly #users: () => Users;
  #outage: { readonly kind: OutageKind; readonly only: 'api' | undefined } | undefined;
  #outageTimer: Timer | undefined;

  constructor(options: Intra42Options, clock: Clock) {
    const settings = resolveIntra42Options(options);
    const random = seededRandom(settings.seed);
    this.#clock = clock;
    this.#port = settings.port;
    this.login = settings.login;
    this.password = settings.password;
    this.#registry = new AppRegistry(settings, clock, random);
    let users: Users | undefined;
    this.#users = () => (users ??= new Users(settings.users, settings.seed, this.apiBase));
    const { account } = this;
    const registry = this.#registry;
    const origin = (name: 'api' | 'website' | 'signIn') => (): string => this.#servers[name].origin;
    this.#api = new ApiServer({ settings, registry, account, clock, random, users: this.#users });
    const signIn = new SignInServer({
      settings,
      registry,
      clock,
      origin: origin('signIn'),
      callbackUrl: () => this.#website.callbackUrl,
    });
    this.#website = new WebsiteServer({
      settings,
      registry,
      account,
      clock,
      origin: origin('website'),
      signInOrigin: origin('signIn'),
      redeem: (code) => signIn.redeem(code),
    });
    this.#servers = {
      api: this.#serve(this.#api, 'api'),
      website: this.#serve(this.#website, 'web'),
      signIn: this.#serve(signIn, 'web'),
    };
  }

  get apiBase(): string {
    return `${this.#servers.api.origin}/v2`;
  }

  get profileBase(): string {
    return this.#servers.website.origin;
  }

  get authBase(): string {
    return this.#servers.signIn.origin;
  }

  get apps(): Intra42['apps'] {
    return this.#registry.list().map(({ id, name, uid }) => ({ id, name, uid }));
  }

  async listen(): Promise<void> {
    const { api, website, signIn } = this.#servers;
    const next = this.#port === 0 ? 0 : 1;
    await api.listen(this.#port);
    await website.listen(this.#port + next);
    await signIn.listen(this.#port + 2 * next);
  }

  user(loginOrIndex: string | number): LightUser | undefined {
    const users = this.#users();
    const index = typeof loginOrIndex === 'number' ? loginOrIndex : users.indexOf(loginOrIndex);
    return index === undefined || index >= users.count ? undefined : users.full(index);
  }

  setFaults(faults: Intra42Faults): void {
    this.#api.faults = checkOptions(faultsSchema, faults);
  }

  setLatency(latency: Intra42Latency): void {
    this.#api.latency = checkOptions(latencySchema, latency);
  }

  dropSessions(): void {
    this.#website.dropSessions();
  }

  expireTokens(appId?: string): void {
    this.#registry.expireTokens(appId);
  }

  rotateSecret(appId: string, options: { readonly keepOldValid?: boolean } = {}): void {
    this.#registry.rotateSecret(appId, options.keepOldValid ?? false);
  }

  deleteApp(appId: string): void {
    this.#registry.delete(appId);
  }

  useUp(appId: string, requests: number): void {
    const now = this.#clock.now();
    for (const limiter of this.#registry.get(appId)?.limiters ?? []) {
      for (let i = 0; i < requests && limiter.freeInMs(now) === 0; i++) limiter.admit(now);
    }
  }

  loseCreateAnswers(howMany: number): void {
    this.#website.loseCreateAnswers(howMany);
  }

  async startOutage(
    kind: OutageKind,
    options: { forMs?: number; only?: 'api' } = {},
  ): Promise<void> {
    this.#outageTimer?.cancel();
    this.#outage = { kind, only: options.only };
    if (options.forMs !== undefined) {
      this.#outageTimer = this.#clock.setTimer(() => void this.endOutage(), options.forMs);
    }
    if (kind === 'refuse') await Promise.all(this.#affected().map((server) => server.close()));
  }

  async endOutage(): Promise<void> {
    this.#outageTimer?.cancel();
    const affected = this.#affected();
    this.#outage = undefined;
    await Promise.all(affected.map((server) => server.relisten()));
  }

  async close(): Promise<void> {
    this.#outageTimer?.cancel();
    this.#api.close();
    await Promise.all(Object.values(this.#servers).map((server) => server.close()));
  }

  #affected(): LocalServer[] {
    return this.#outage?.only === 'api' ? [this.#servers.api] : Object.values(this.#servers);
  }

  #serve(
    server: { handle(request: IncomingMessage, response: ServerResponse): Promise<void> },
    part: 'api' | 'web',
  ): LocalServer {
    return new LocalServer((request, response) => {
      const outage = this.#outage;
      if (outage !== undefined && (part === 'api' || outage.only === undefined)) {
        return suffer(outage.kind, response);
      }
      server.handle(request, response).catch(() => response.destroy());
    });
  }
}

function suffer(kind: OutageKind, response: ServerResponse): void {
  if (kind === '503')
    response.writeHead(503, { 'content-type': 'text/html' }).end('Service Unavailable');
  else if (kind === 'reset') response.socket?.resetAndDestroy();
}

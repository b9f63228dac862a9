/** What is simulated: a job, the apps for it, a network and a server. Durations are milliseconds. */
import type { AppGroup } from '../limits/makespan.js';
import type { LimiterKind } from '../testing/limiter.js';

/** A simulation. The same scenario always ends the same. */
export interface Scenario {
  /** Requests of the job. They are made as they are sent, so that any number takes the same memory. */
  readonly requests: number;
  /** The apps and what the server allows each, by groups with the same limits. */
  readonly groups: readonly AppGroup[];
  readonly client: ClientSettings;
  readonly network: NetworkSettings;
  readonly server: ServerSettings;
  /** Where all chance comes from; any integer. */
  readonly seed: number;
  /** Virtual time after which the simulation ends, whether the job has ended or not. */
  readonly patienceMs: number;
}

/** Options of the hydra, as in `ApiHydraOptions`. */
interface ClientSettings {
  readonly minRequestDelayMs: number;
  readonly maxConcurrency: number;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly timeoutMs: number;
}

/** The way between client and server. */
export interface NetworkSettings {
  /** The least time of the way there; the way back takes as long. */
  readonly latencyMs: number;
  /** Either way takes up to so much longer, evenly spread. */
  readonly jitterMs: number;
  /** Share of attempts whose connection breaks: half of them before the server has seen the request. */
  readonly lossRate: number;
}

/** How the server behaves. Rates are shares of the requests that its limits admit. */
export interface ServerSettings {
  readonly limiter: LimiterKind;
  /** Whether a refusal says for how long, in whole seconds. */
  readonly retryAfter: boolean;
  /** Time that an answer takes. */
  readonly workMs: number;
  /** Answered with status 500. */
  readonly errorRate: number;
  /** Never answered. */
  readonly stallRate: number;
  /** Answered with 401 although the token is good, which is no good from then on. */
  readonly revokeRate: number;
  /** How long a token lives; `undefined`: apps sign with what needs no renewal. */
  readonly tokenLifeMs: number | undefined;
  readonly outages: readonly ServerOutage[];
  /** Somebody else who uses the keys of some apps. */
  readonly stranger: Stranger;
}

/** A time in which the server is down for everybody. */
export interface ServerOutage {
  readonly fromMs: number;
  readonly forMs: number;
  /** Nobody is there; or an answer with this status; or none at all. */
  readonly kind: 'unreachable' | 'stall' | 500 | 502 | 503;
}

/** Uses up what the server allows an app, so that it refuses what our windows admit. */
interface Stranger {
  /** How many apps it uses, the first ones. */
  readonly apps: number;
  /** How fast it asks with each, evenly. */
  readonly requestsPerSecond: number;
}

/** All parts of a scenario that have a default. */
export type ScenarioParts = {
  readonly [K in 'client' | 'network' | 'server']?: Partial<Scenario[K]>;
} & Partial<Pick<Scenario, 'seed' | 'patienceMs'>>;

const DAY_MS = 86_400_000;

const defaults = {
  client: {
    minRequestDelayMs: 10,
    maxConcurrency: 4000,
    maxRetries: 50,
    retryDelayMs: 500,
    timeoutMs: 60_000,
  },
  network: { latencyMs: 20, jitterMs: 10, lossRate: 0 },
  server: {
    limiter: 'sliding-window',
    retryAfter: true,
    workMs: 30,
    errorRate: 0,
    stallRate: 0,
    revokeRate: 0,
    tokenLifeMs: undefined,
    outages: [],
    stranger: { apps: 0, requestsPerSecond: 0 },
  },
  seed: 1,
  patienceMs: 365 * DAY_MS,
} satisfies Omit<Scenario, 'requests' | 'groups'>;

/** A scenario with the defaults filled in: the hydra's own, and a server near by without faults. */
export function scenario(
  job: Pick<Scenario, 'requests' | 'groups'>,
  parts: ScenarioParts = {},
): Scenario {
  return {
    ...job,
    client: { ...defaults.client, ...parts.client },
    network: { ...defaults.network, ...parts.network },
    server: { ...defaults.server, ...parts.server },
    seed: parts.seed ?? defaults.seed,
    patienceMs: parts.patienceMs ?? defaults.patienceMs,
  };
}

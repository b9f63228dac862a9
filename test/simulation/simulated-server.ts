/** A network and a server on virtual time: real windows, latency, jitter, faults, all from one seed. */
import type {
  AttemptUnderWay,
  Limit,
  Random,
  Timer,
  Transport,
  TransportRequest,
  TransportResult,
} from '../../src/index.js';
import { createLimiter, type Limiter, type LimiterKind } from '../../src/testing/limiter.js';
import type { VirtualClock } from '../../src/testing/virtual-clock.js';

export interface SimulatedServerOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly limits: readonly Limit[];
  /** Limits of single apps, by id, where they differ. */
  readonly limitsOf?: Readonly<Record<string, readonly Limit[]>>;
  /** Limits of groups of endpoints beside those, for each app. */
  readonly scopes?: {
    readonly of: (path: string) => string | undefined;
    readonly limits: Readonly<Record<string, readonly Limit[]>>;
  };
  /** How it counts; `'sliding-window'` unless given. */
  readonly limiterKind?: LimiterKind;
  /** Headers of each answer, accepted or refused, that tell how far the app's limits are used up. */
  readonly tell?: (limiters: readonly Limiter[], nowMs: number) => Record<string, string>;
  /** Time of the way to the server: `latencyMs` and up to `jitterMs` more. */
  readonly latencyMs?: number;
  readonly jitterMs?: number | ((nowMs: number) => number);
  /** Time that it takes to answer, unless with an error. */
  readonly workMs?: number | ((nowMs: number) => number);
  /** True for an attempt that finds nobody: it never arrives. */
  readonly isUnreachable?: (request: TransportRequest) => boolean;
  /** Replaces the answer to an accepted request; `'stall'`: there is none. */
  readonly answer?: (
    request: TransportRequest,
    appId: string,
  ) => TransportResult | 'stall' | undefined;
  /** The value of `Retry-After` in a refusal; `undefined`: no such header. */
  readonly retryAfter?: (freeInMs: number) => string | undefined;
}

/** What arrived, and what became of it. */
export interface Arrival {
  readonly atMs: number;
  /** The token of the request, or what stands before a `#` in it. */
  readonly appId: string;
  readonly method: string;
  readonly path: string;
  readonly accepted: boolean;
}

const encoder = new TextEncoder();

export function jsonAnswer(
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): TransportResult {
  const body = encoder.encode(JSON.stringify(value));
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    wireBytes: body.byteLength,
  };
}

export const broken: TransportResult = { kind: 'broken', error: new Error('connection reset') };

export class SimulatedServer implements Transport {
  readonly arrivals: Arrival[] = [];
  inFlight = 0;
  highestInFlight = 0;
  readonly #options: SimulatedServerOptions;
  readonly #limiters = new Map<string, readonly Limiter[]>();

  constructor(options: SimulatedServerOptions) {
    this.#options = options;
  }

  get accepted(): Arrival[] {
    return this.arrivals.filter((arrival) => arrival.accepted);
  }

  get refused(): number {
    return this.arrivals.length - this.accepted.length;
  }

  readonly fetch: typeof globalThis.fetch = () => Promise.reject(new Error('not simulated'));

  send(request: TransportRequest, settle: (result: TransportResult) => void): AttemptUnderWay {
    const { clock, random, latencyMs = 20, jitterMs = 0, workMs = 30 } = this.#options;
    const deadlineMs = clock.now() + request.timeoutMs;
    const work = typeof workMs === 'number' ? () => workMs : workMs;
    const jitter = typeof jitterMs === 'number' ? jitterMs : jitterMs(clock.now());
    this.inFlight += 1;
    this.highestInFlight = Math.max(this.highestInFlight, this.inFlight);
    let timer: Timer | undefined;
    let ended = false;
    const end = (result: TransportResult): void => {
      if (ended) return;
      ended = true;
      timer?.cancel();
      this.inFlight -= 1;
      settle(result);
    };
    const endIn = (delayMs: number, result: TransportResult): void => {
      const leftMs = deadlineMs - clock.now();
      timer =
        delayMs < leftMs
          ? clock.setTimer(() => end(result), delayMs)
          : clock.setTimer(() => end({ kind: 'timeout' }), leftMs);
    };
    timer = clock.setTimer(
      () => {
        if (this.#options.isUnreachable?.(request) === true) {
          end({ kind: 'unreachable', error: new Error('nobody there') });
          return;
        }
        const result = this.#arrive(request);
        if (result === 'stall') endIn(Infinity, { kind: 'timeout' });
        else endIn(latencyMs + (isWorkedFor(result) ? work(clock.now()) : 0), result);
      },
      latencyMs + random() * jitter,
    );
    return { abort: () => end({ kind: 'aborted' }) };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #arrive(request: TransportRequest): TransportResult | 'stall' {
    const { clock, answer, retryAfter, tell } = this.#options;
    const token = (request.headers['authorization'] ?? '').replace('Bearer ', '');
    const appId = token.split('#')[0] ?? '';
    const atMs = clock.now();
    const limiters = [...this.#limitersOf(appId), ...this.#scopeLimitersOf(appId, request.path)];
    const freeInMs = Math.max(...limiters.map((limiter) => limiter.freeInMs(atMs)));
    const accepted = freeInMs <= 0;
    const { method, path } = request;
    this.arrivals.push({ atMs, appId, method, path, accepted });
    if (accepted) for (const limiter of limiters) limiter.admit(atMs);
    const told = tell?.(limiters, atMs) ?? {};
    if (accepted) return answer?.(request, appId) ?? jsonAnswer({ path: request.path }, 200, told);
    const value = retryAfter?.(freeInMs);
    return jsonAnswer({}, 429, value === undefined ? told : { ...told, 'retry-after': value });
  }

  /** Somebody else uses an app's key for so many requests, now, as far as its limits admit them. */
  useByOthers(appId: string, requests: number): void {
    const nowMs = this.#options.clock.now();
    const limiters = this.#limitersOf(appId);
    for (let i = 0; i < requests; i++) {
      if (limiters.some((limiter) => limiter.freeInMs(nowMs) > 0)) return;
      for (const limiter of limiters) limiter.admit(nowMs);
    }
  }

  #limitersOf(appId: string): readonly Limiter[] {
    const { limits, limitsOf } = this.#options;
    return this.#limitersFor(appId, limitsOf?.[appId] ?? limits);
  }

  #scopeLimitersOf(appId: string, path: string): readonly Limiter[] {
    const { scopes } = this.#options;
    const scope = scopes?.of(path);
    return this.#limitersFor(`${appId} ${scope}`, scopes?.limits[scope ?? ''] ?? []);
  }

  #limitersFor(key: string, limits: readonly Limit[]): readonly Limiter[] {
    const { limiterKind = 'sliding-window' } = this.#options;
    const known = this.#limiters.get(key);
    if (known !== undefined) return known;
    const limiters = limits.map(({ requests, perMs }) =>
      createLimiter(limiterKind, requests, perMs),
    );
    this.#limiters.set(key, limiters);
    return limiters;
  }
}

/** A server refuses, and says that it cannot, at once. */
function isWorkedFor(result: TransportResult): boolean {
  return result.kind !== 'response' || result.status < 300;
}

/** The most requests that any window of `perMs` holds; times ascend. */
export function highestInWindow(times: readonly number[], perMs: number): number {
  let highest = 0;
  let first = 0;
  times.forEach((time, index) => {
    while ((times[first] as number) <= time - perMs) first += 1;
    highest = Math.max(highest, index - first + 1);
  });
  return highest;
}

/** When each app's requests arrived. */
export function timesByApp(arrivals: readonly Arrival[]): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const { appId, atMs } of arrivals) {
    const list = times.get(appId) ?? [];
    list.push(atMs);
    times.set(appId, list);
  }
  return times;
}

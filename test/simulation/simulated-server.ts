/** A network and a server on virtual time: real windows, latency, jitter, faults, all from one seed. */
import type {
  Limit,
  Random,
  Transport,
  TransportRequest,
  TransportResult,
} from '../../src/index.js';
import { SlidingWindows } from '../../src/limits/sliding-windows.js';
import type { VirtualClock } from '../../src/testing/virtual-clock.js';

export interface SimulatedServerOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly limits: readonly Limit[];
  /** Time of the way to the server: `latencyMs` and up to `jitterMs` more. */
  readonly latencyMs?: number;
  readonly jitterMs?: number;
  /** Time that it takes to answer. */
  readonly workMs?: number;
  /** Replaces the answer to an accepted request. */
  readonly answer?: (request: TransportRequest, appId: string) => TransportResult | undefined;
  /** Tells the app from a request; by its bearer token unless given. */
  readonly retryAfter?: (freeInMs: number) => string | undefined;
}

/** What arrived, and what became of it. */
export interface Arrival {
  readonly atMs: number;
  readonly appId: string;
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

export class SimulatedServer implements Transport {
  readonly arrivals: Arrival[] = [];
  inFlight = 0;
  readonly #options: SimulatedServerOptions;
  readonly #windows = new Map<string, SlidingWindows>();

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

  send(request: TransportRequest, settle: (result: TransportResult) => void): () => void {
    const { clock, random, latencyMs = 20, jitterMs = 0, workMs = 30 } = this.#options;
    this.inFlight += 1;
    let ended = false;
    const end = (result: TransportResult): void => {
      if (ended) return;
      ended = true;
      this.inFlight -= 1;
      settle(result);
    };
    clock.setTimer(
      () => {
        if (ended) return;
        const result = this.#arrive(request);
        clock.setTimer(() => end(result), workMs + latencyMs);
      },
      latencyMs + random() * jitterMs,
    );
    return () => {
      end({ kind: 'aborted' });
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #arrive(request: TransportRequest): TransportResult {
    const { clock, limits, answer, retryAfter } = this.#options;
    const appId = (request.headers['authorization'] ?? '').replace('Bearer ', '');
    const atMs = clock.now();
    let windows = this.#windows.get(appId);
    if (windows === undefined) {
      windows = new SlidingWindows(limits);
      this.#windows.set(appId, windows);
    }
    const freeAtMs = windows.nextFreeAt(0);
    const accepted = freeAtMs <= atMs;
    this.arrivals.push({ atMs, appId, path: request.path, accepted });
    if (!accepted) {
      const value = retryAfter?.(freeAtMs - atMs);
      return jsonAnswer({}, 429, value === undefined ? {} : { 'retry-after': value });
    }
    windows.record(atMs);
    return answer?.(request, appId) ?? jsonAnswer({ path: request.path });
  }
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

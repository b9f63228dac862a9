import type { Random } from '../random.js';
import { VirtualTimer, type VirtualClock } from '../testing/virtual-clock.js';
import type {
  AttemptUnderWay,
  Transport,
  TransportRequest,
  TransportResult,
} from '../transport/transport.js';
import type { NetworkSettings } from './scenario.js';
import { signerOf, type ServerAct, type SimulatedServer } from './simulated-server.js';

/** What arrives at the server, and what it does with it. */
export interface Arrival {
  /** Index of the app. */
  readonly app: number;
  readonly path: string;
  readonly atMs: number;
  readonly act: ServerAct;
}

/** What the simulated network connects. */
export interface SimulatedTransportParts {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly network: NetworkSettings;
  readonly server: SimulatedServer;
  /** Time that an answer takes. */
  readonly workMs: number;
  readonly onArrival: ((arrival: Arrival) => void) | undefined;
}

const refused = new Error('connection refused (simulated)');
const reset = new Error('connection reset (simulated)');
const emptyBody = new Uint8Array();
const jsonBody = new TextEncoder().encode('{}');

/** Carries attempts to a {@link SimulatedServer} and back, on virtual time. */
export class SimulatedTransport implements Transport {
  readonly #parts: SimulatedTransportParts;
  readonly #load = { inFlight: 0 };

  constructor(parts: SimulatedTransportParts) {
    this.#parts = parts;
  }

  send(request: TransportRequest, settle: (result: TransportResult) => void): AttemptUnderWay {
    return new SimulatedAttempt(this.#parts, request, settle, this.#load);
  }

  /** Attempts under way. */
  get inFlight(): number {
    return this.#load.inFlight;
  }

  /** Time of one way. */
  wayMs(): number {
    return wayMs(this.#parts);
  }

  readonly fetch: typeof globalThis.fetch = () =>
    Promise.reject(new Error('Nothing but requests is simulated'));

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** One attempt on its way: there, at the server, and back. */
class SimulatedAttempt extends VirtualTimer implements AttemptUnderWay {
  readonly #parts: SimulatedTransportParts;
  readonly #request: TransportRequest;
  readonly #settle: (result: TransportResult) => void;
  readonly #sentAtMs: number;
  readonly #load: { inFlight: number };
  readonly #answerIsLost: boolean;
  /** What comes next; `undefined` while the request is on its way there. */
  #result: TransportResult | undefined;
  #hasEnded = false;

  constructor(
    parts: SimulatedTransportParts,
    request: TransportRequest,
    settle: (result: TransportResult) => void,
    load: { inFlight: number },
  ) {
    super();
    const { clock, random, network } = parts;
    load.inFlight += 1;
    this.#load = load;
    this.#parts = parts;
    this.#request = request;
    this.#settle = settle;
    this.#sentAtMs = clock.now();
    const chance = network.lossRate === 0 ? 1 : random();
    if (chance < network.lossRate / 2) this.#result = { kind: 'broken', error: reset };
    this.#answerIsLost = chance < network.lossRate;
    clock.start(this, wayMs(parts));
  }

  override fire(): void {
    if (this.#result === undefined) this.#arrive();
    else this.#end(this.#result);
  }

  abort(): void {
    this.#end({ kind: 'aborted' });
  }

  #end(result: TransportResult): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.cancel();
    this.#load.inFlight -= 1;
    this.#settle(result);
  }

  #arrive(): void {
    const parts = this.#parts;
    const { clock, server, workMs, onArrival } = parts;
    const nowMs = clock.now();
    const authorization = this.#request.headers['authorization'] ?? '';
    const act = server.arrive(authorization, nowMs);
    onArrival?.({ app: signerOf(authorization), path: this.#request.path, atMs: nowMs, act });
    if (act.kind === 'stall') return this.#endIn(Infinity, { kind: 'timeout' });
    if (act.kind === 'unreachable') {
      return this.#endIn(wayMs(parts), { kind: 'unreachable', error: refused });
    }
    if (this.#answerIsLost) return this.#endIn(wayMs(parts), { kind: 'broken', error: reset });
    // A server refuses, and says that it cannot, at once.
    const backInMs = (act.status === 200 ? workMs : 0) + wayMs(parts);
    this.#endIn(backInMs, new SimulatedAnswer(act, this.#sentAtMs, nowMs + backInMs));
  }

  #endIn(delayMs: number, result: TransportResult): void {
    const { clock } = this.#parts;
    const leftMs = this.#sentAtMs + this.#request.timeoutMs - clock.now();
    this.#result = delayMs < leftMs ? result : { kind: 'timeout' };
    clock.start(this, Math.min(delayMs, leftMs));
  }
}

function wayMs({ network, random }: SimulatedTransportParts): number {
  return network.latencyMs + random() * network.jitterMs;
}

type Response = Extract<TransportResult, { kind: 'response' }>;

const jsonHeaders = { 'content-type': 'application/json' };
const noHeaders = {};

/** A class, since it is made when the request arrives, and lives until the answer does. */
class SimulatedAnswer implements Response {
  readonly kind = 'response';
  readonly status: number;
  readonly headers: Response['headers'];
  readonly body: Uint8Array;
  readonly wireBytes: number;
  readonly writtenAtMs: number;
  readonly headAtMs: number;
  readonly isJson: boolean;

  constructor(
    { status, retryAfterSeconds }: Extract<ServerAct, { kind: 'answer' }>,
    writtenAtMs: number,
    headAtMs: number,
  ) {
    this.status = status;
    this.isJson = status === 200;
    this.body = this.isJson ? jsonBody : emptyBody;
    this.wireBytes = this.body.byteLength;
    this.writtenAtMs = writtenAtMs;
    this.headAtMs = headAtMs;
    if (this.isJson) this.headers = jsonHeaders;
    else if (retryAfterSeconds === undefined) this.headers = noHeaders;
    else this.headers = { 'retry-after': `${retryAfterSeconds}` };
  }
}

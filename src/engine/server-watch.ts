/** Watches whether the server is up: asks the breaker, picks what to find out with, and says so. */
import type { EngineWait } from './engine-wait.js';
import { Job } from './job.js';
import type { Logger } from '../logger.js';
import type { RequestOptions } from '../request/request.js';
import { serverSign } from '../retry/server-sign.js';
import type { Amounts } from '../scheduling/app-costs.js';
import { CircuitBreaker, type Outage } from '../scheduling/circuit-breaker.js';
import type { WaitingRequests } from '../scheduling/waiting-requests.js';
import type { Attempt, AttemptEnd } from './attempt.js';

/** What the watch works with. */
export interface ServerWatchParts {
  readonly baseUrl: string;
  readonly logger: Logger;
  readonly queue: WaitingRequests<Job>;
  /** Requests without an outcome. */
  readonly pending: () => number;
  /** What a request costs, where limits count something else than requests. */
  readonly costOf: (job: Job) => Amounts | undefined;
  /** False for a request whose limits are used up: it is not what to find out with. */
  readonly mayGo: (job: Job) => boolean;
}

/** A request that is asked for nobody has no outcome to keep. */
const nobody = { put: (): void => {} };

/**
 * Holds the requests back while the server is down for everybody.
 *
 * What it finds out with is, by turns, the last reading request that worked, asked once more for
 * nobody (a scout), and a request that waits. The scout tells a server that is down from requests
 * that are broken themselves, and what waits may be of a kind that must not be sent twice.
 */
export class ServerWatch {
  readonly breaker: CircuitBreaker = new CircuitBreaker(() => this.#knownUrl !== undefined);
  readonly #parts: ServerWatchParts;
  readonly #server: string;
  /** What the server does instead of answering; goes on after "the server at ... ". */
  #cause = '';
  /** Where the last reading request was asked that worked, and how. Not the request, which has a body. */
  #knownUrl: string | undefined;
  #knownOptions: RequestOptions = {};
  #scout: Job | undefined;

  constructor(parts: ServerWatchParts) {
    this.#parts = parts;
    this.#server = `server at ${new URL(parts.baseUrl).origin}`;
  }

  /** True while a scout is under way. */
  get isScouting(): boolean {
    return this.#scout !== undefined;
  }

  /** What everything waits for, should that be the server. */
  wait(nowMs: number): Extract<EngineWait, { kind: 'server' }> | undefined {
    const { state } = this.breaker;
    if (state.kind !== 'open' && state.kind !== 'probing') return undefined;
    const untilMs = state.kind === 'open' ? Math.max(state.probeAtMs, nowMs) : nowMs;
    const seconds = Math.ceil((untilMs - nowMs) / 1000);
    const when = state.kind === 'open' ? `asked again in ${seconds} s` : 'being asked again';
    return { kind: 'server', untilMs, reason: `the ${this.#server} ${this.#cause}, ${when}` };
  }

  /** Takes the request to find out with whether the server works again, if any is there. */
  takeProbe(): Job | undefined {
    const { state } = this.breaker;
    if (state.kind !== 'open') return undefined;
    // Of what still stands in the queue, nobody may want an answer any more.
    if (this.#parts.pending() === 0) return this.#takeAny();
    const probe =
      state.outage.failedProbes % 2 === 0
        ? (this.#makeScout() ?? this.#takeIdempotent() ?? this.#takeAny())
        : (this.#takeIdempotent() ?? this.#makeScout() ?? this.#takeAny());
    if (probe === undefined) return undefined;
    this.breaker.onProbe(probe);
    this.#parts.logger.debug(`Asks whether the ${this.#server} works again: ${probe.currentUrl}`);
    return probe;
  }

  /**
   * Notes how an attempt ended.
   *
   * @returns true when it does not count: see {@link CircuitBreaker.onEnd}.
   */
  onEnd({ job, sentAtMs }: Attempt, end: Omit<AttemptEnd, 'isExcused'>): boolean {
    const { facts, endedAtMs } = end;
    const before = this.breaker.state;
    const sign = serverSign(facts);
    const isExcused = this.breaker.onEnd(job, sign, sentAtMs, endedAtMs);
    if (job === this.#scout) this.#scout = undefined;
    if (sign === 'works') this.#remember(job, end);
    else this.#cause = describeCause(end);
    const after = this.breaker.state;
    if (before.kind === 'closed' && after.kind === 'open') this.#tellDown();
    if ('outage' in before && after.kind === 'closed') this.#tellBack(before.outage, endedAtMs);
    return isExcused;
  }

  /** Notes that an attempt was broken off, or not made after all. */
  onAborted(job: Job, nowMs: number): void {
    if (job === this.#scout) this.#scout = undefined;
    this.breaker.onAborted(job, nowMs);
  }

  /** Holds nothing back any more. */
  retire(): void {
    this.breaker.retire();
    this.stopScouting();
  }

  /** Breaks the scout off that is under way. */
  stopScouting(): void {
    this.#scout?.underWay?.abort();
  }

  #remember(job: Job, { facts }: Pick<AttemptEnd, 'facts'>): void {
    // What is read as a stream may be too large to be read for nobody.
    if (job.receiver !== undefined || job.currentMethod !== 'GET') return;
    if (facts.kind !== 'response' || facts.status >= 300) return;
    this.#knownUrl = job.currentUrl;
    this.#knownOptions = job.options;
  }

  #makeScout(): Job | undefined {
    if (this.#knownUrl === undefined) return undefined;
    const { headers, timeoutMs } = this.#knownOptions;
    const options = {
      ...(headers === undefined ? {} : { headers }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const scout = new Job(-1, 'GET', this.#knownUrl, options, nobody);
    scout.cost = this.#parts.costOf(scout);
    if (!this.#parts.mayGo(scout)) return undefined;
    scout.close();
    this.#scout = scout;
    return scout;
  }

  #takeIdempotent(): Job | undefined {
    return this.#parts.queue.takeFirst((job) => job.idempotent && !job.isOver);
  }

  /** Only where nothing else can tell: each that may not be sent twice ends with a failed probe. */
  #takeAny(): Job | undefined {
    const { queue } = this.#parts;
    let job = queue.shift();
    while (job?.isOver) job = queue.shift();
    return job;
  }

  #tellDown(): void {
    this.#parts.logger.warn(
      `The ${this.#server} ${this.#cause}, whatever is asked: ${this.#parts.pending()} requests wait. It is asked again in 1 s, then ever more seldom, down to once a minute; no request uses up its attempts meanwhile`,
    );
  }

  #tellBack({ sinceMs }: Outage, nowMs: number): void {
    this.#parts.logger.info(
      `The ${this.#server} answers again after ${describeDuration(nowMs - sinceMs)}: ${this.#parts.pending()} requests go on`,
    );
  }
}

function describeCause({ result }: Pick<AttemptEnd, 'result'>): string {
  switch (result.kind) {
    case 'unreachable':
    case 'broken': {
      const { code } = result.error as NodeJS.ErrnoException;
      return `does not answer (${code ?? result.error.message})`;
    }
    case 'timeout':
      return 'does not answer in time';
    case 'response':
      if (result.status < 300) return 'answers with something else than the API promises';
      return `answers with status ${result.status}`;
  }
}

function describeDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Stops all requests while the server is down for everybody, and finds out with one request at a time
 * whether it works again. Pure: it is told what happens and when, and answers what may be sent.
 */
import type { ServerSign } from '../retry/server-sign.js';

/** So many attempts must fail, with no other answer in between. */
const FAILURES_IN_A_ROW = 5;
/**
 * And of so many different requests: one may be to blame itself. Where something is known to have
 * worked, which will tell at once, two are enough; a small hydra would try the same two for long.
 */
const FAILING_REQUESTS = 5;
const FAILING_REQUESTS_IF_VERIFIABLE = 2;
/** And over so long, milliseconds: a server that starts anew drops all connections in one moment. */
const FAILING_FOR_MS = 1000;
/** Time before the first probe; it doubles with each that fails. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** What may be sent now: anything, one request to find out with, or nothing. */
export type Admission = 'all' | 'probe' | 'none';

/** What the breaker takes the server for. */
export type BreakerState =
  /** Up, although `failures` attempts have failed since its last good answer. */
  | ({ readonly kind: 'closed'; readonly failures: number } & Failing)
  /** Down: nothing is sent before `probeAtMs`, then one probe. */
  | { readonly kind: 'open'; readonly outage: Outage; readonly probeAtMs: number }
  /** Down, and `probe` is under way. */
  | { readonly kind: 'probing'; readonly outage: Outage; readonly probe: object }
  /** No longer asked: everything is sent. */
  | { readonly kind: 'retired' };

/** The requests that fail, and since when. */
interface Failing {
  readonly failing: Set<object>;
  readonly sinceMs: number;
}

/** A time in which the server is down. */
export interface Outage extends Failing {
  /** Time from a probe that fails to the next. */
  readonly waitMs: number;
  readonly failedProbes: number;
}

/** A circuit breaker for one server. Requests are told apart as objects, by identity. */
export class CircuitBreaker {
  /**
   * Requests that failed while the server was found to work: the reason lies with them, so that their
   * failures say nothing of the server any more. Without this, a job of which only broken requests
   * are left would never end.
   */
  readonly #failingAlone = new WeakSet();
  readonly #isVerifiable: () => boolean;
  #state: BreakerState = works();
  #workedAtMs = -Infinity;

  /** @param isVerifiable - true when the first probe is of a kind that worked before. */
  constructor(isVerifiable: () => boolean) {
    this.#isVerifiable = isVerifiable;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** What may be sent at `nowMs`. */
  admit(nowMs: number): Admission {
    const state = this.#state;
    switch (state.kind) {
      case 'closed':
      case 'retired':
        return 'all';
      case 'open':
        return nowMs >= state.probeAtMs ? 'probe' : 'none';
      case 'probing':
        return 'none';
    }
  }

  /** When the next probe is due; `undefined` when that depends on something else than time. */
  get probeAtMs(): number | undefined {
    return this.#state.kind === 'open' ? this.#state.probeAtMs : undefined;
  }

  /** Notes that `request` goes out as the probe that was admitted. */
  onProbe(request: object): void {
    const state = this.#state;
    if (state.kind === 'open') {
      this.#state = { kind: 'probing', outage: state.outage, probe: request };
    }
  }

  /**
   * Notes how an attempt ended.
   *
   * @returns true when it failed because the server is down for everybody: it does not count as an
   * attempt of its request.
   */
  onEnd(request: object, sign: ServerSign, sentAtMs: number, nowMs: number): boolean {
    if (sign === 'works') this.#onWorks(nowMs);
    else {
      if (sign === 'fails') this.#onFails(request, sentAtMs, nowMs);
      this.#onProbeFailed(request, nowMs);
    }
    return sign === 'fails' && this.admit(nowMs) !== 'all';
  }

  /** Notes that an attempt was broken off: it has shown nothing. Another probe may go at once. */
  onAborted(request: object, nowMs: number): void {
    const state = this.#state;
    if (state.kind !== 'probing' || state.probe !== request) return;
    this.#state = { kind: 'open', outage: state.outage, probeAtMs: nowMs };
  }

  /** From now on lets everything through, and every failure counts. */
  retire(): void {
    this.#state = { kind: 'retired' };
  }

  #onWorks(nowMs: number): void {
    const state = this.#state;
    this.#workedAtMs = nowMs;
    if (state.kind === 'retired' || (state.kind === 'closed' && state.failing.size === 0)) return;
    // It works as soon as it is asked: it never was down, whatever these requests met.
    if (state.kind !== 'closed' && state.outage.failedProbes === 0) {
      for (const request of state.outage.failing) this.#failingAlone.add(request);
    }
    this.#state = works();
  }

  #onFails(request: object, sentAtMs: number, nowMs: number): void {
    const state = this.#state;
    if (state.kind === 'retired' || this.#failingAlone.has(request)) return;
    if (state.kind !== 'closed') {
      state.outage.failing.add(request);
      return;
    }
    const { failing } = state;
    failing.add(request);
    const failures = state.failures + 1;
    // Who has waited a minute for an answer in vain tells of the whole minute.
    const sinceMs = Math.min(state.sinceMs, Math.max(sentAtMs, this.#workedAtMs));
    const requests = this.#isVerifiable() ? FAILING_REQUESTS_IF_VERIFIABLE : FAILING_REQUESTS;
    const isDown =
      failures >= FAILURES_IN_A_ROW &&
      failing.size >= requests &&
      nowMs - sinceMs >= FAILING_FOR_MS;
    const outage = { failing, sinceMs, waitMs: FIRST_WAIT_MS, failedProbes: 0 };
    this.#state = isDown
      ? { kind: 'open', outage, probeAtMs: nowMs + FIRST_WAIT_MS }
      : { kind: 'closed', failing, sinceMs, failures };
  }

  #onProbeFailed(request: object, nowMs: number): void {
    const state = this.#state;
    if (state.kind !== 'probing' || state.probe !== request) return;
    const waitMs = Math.min(state.outage.waitMs * 2, LONGEST_WAIT_MS);
    const failedProbes = state.outage.failedProbes + 1;
    const outage = { ...state.outage, waitMs, failedProbes };
    this.#state = { kind: 'open', outage, probeAtMs: nowMs + waitMs };
  }
}

function works(): BreakerState {
  return { kind: 'closed', failing: new Set(), sinceMs: Infinity, failures: 0 };
}

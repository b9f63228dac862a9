import type { Limit } from '../limits/limit.js';
import { createLimiter, type Limiter, type LimiterKind } from '../testing/limiter.js';

/** What the server knows of an app: its limits, by limiters that share no code with our windows. */
export class SimulatedApp {
  readonly #limiters: readonly Limiter[];
  /** Where the server's fixed windows begin, which the client does not know. */
  readonly #phaseMs: number;
  /** Requests that the limits admitted, and refused. */
  accepted = 0;
  refused = 0;
  /** What its requests must be signed with, where apps have tokens. */
  token: string | undefined;
  tokenExpiresAtMs = 0;
  readonly #strangerGapMs: number;
  #strangerAtMs: number;

  /**
   * @param phase - from 0 to 1, where in their windows the limits begin.
   * @param strangersRate - requests a second of somebody else with the same key.
   */
  constructor(kind: LimiterKind, limits: readonly Limit[], phase: number, strangersRate: number) {
    this.#limiters = limits.map(({ requests, perMs }) => createLimiter(kind, requests, perMs));
    this.#phaseMs = phase * Math.max(...limits.map(({ perMs }) => perMs));
    this.#strangerGapMs = strangersRate > 0 ? 1000 / strangersRate : Infinity;
    this.#strangerAtMs = this.#phaseMs + phase * this.#strangerGapMs;
  }

  /** A request arrives. Returns for how long it is refused; 0 when it is accepted. */
  arrive(nowMs: number): number {
    const atMs = nowMs + this.#phaseMs;
    // What somebody else has asked for since.
    for (; this.#strangerAtMs <= atMs; this.#strangerAtMs += this.#strangerGapMs) {
      if (this.#freeInMs(this.#strangerAtMs) === 0) this.#admit(this.#strangerAtMs);
    }
    const freeInMs = this.#freeInMs(atMs);
    if (freeInMs > 0) {
      this.refused += 1;
      return freeInMs;
    }
    this.#admit(atMs);
    this.accepted += 1;
    return 0;
  }

  #freeInMs(atMs: number): number {
    let freeInMs = 0;
    for (const limiter of this.#limiters) freeInMs = Math.max(freeInMs, limiter.freeInMs(atMs));
    return freeInMs;
  }

  #admit(atMs: number): void {
    for (const limiter of this.#limiters) limiter.admit(atMs);
  }
}

import type { Limit } from '../limits/limit.js';
import { createLimiter, type Limiter, type LimiterKind } from '../testing/limiter.js';

/** What the server knows of an app: its limits, by limiters that share no code with our windows. */
export class SimulatedApp {
  /** Most have one limit only, and nothing is asked more often. */
  readonly #limiter: Limiter | undefined;
  readonly #others: readonly Limiter[];
  /** Where the server's fixed windows begin, which the client does not know. */
  readonly #phaseMs: number;
  /** Requests that the limits admitted, and refused. */
  accepted = 0;
  refused = 0;
  /** What its requests must be signed with, where apps have tokens. */
  token: string | undefined;
  tokenExpiresAtMs = 0;
  /** When somebody else with the same key asks next, and how long after that again. */
  readonly #stranger: { atMs: number; readonly gapMs: number } | undefined;

  /**
   * @param phase - from 0 to 1, where in their windows the limits begin.
   * @param strangersRate - requests a second of somebody else with the same key.
   */
  constructor(kind: LimiterKind, limits: readonly Limit[], phase: number, strangersRate: number) {
    const [limiter, ...others] = limits.map(({ requests, perMs }) =>
      createLimiter(kind, requests, perMs),
    );
    this.#limiter = limiter;
    this.#others = others;
    this.#phaseMs = phase * Math.max(...limits.map(({ perMs }) => perMs));
    if (strangersRate === 0) return;
    const gapMs = 1000 / strangersRate;
    this.#stranger = { atMs: this.#phaseMs + phase * gapMs, gapMs };
  }

  /** A request arrives. Returns for how long it is refused; 0 when it is accepted. */
  arrive(nowMs: number): number {
    const atMs = nowMs + this.#phaseMs;
    if (this.#stranger !== undefined) this.#letStrangerAsk(this.#stranger, atMs);
    const freeInMs = this.#freeInMs(atMs);
    if (freeInMs > 0) {
      this.refused += 1;
      return freeInMs;
    }
    this.#admit(atMs);
    this.accepted += 1;
    return 0;
  }

  /** Admits what somebody else has asked for since. */
  #letStrangerAsk(stranger: { atMs: number; readonly gapMs: number }, untilMs: number): void {
    for (; stranger.atMs <= untilMs; stranger.atMs += stranger.gapMs) {
      if (this.#freeInMs(stranger.atMs) === 0) this.#admit(stranger.atMs);
    }
  }

  #freeInMs(atMs: number): number {
    let freeInMs = this.#limiter?.freeInMs(atMs) ?? 0;
    for (const limiter of this.#others) freeInMs = Math.max(freeInMs, limiter.freeInMs(atMs));
    return freeInMs;
  }

  #admit(atMs: number): void {
    this.#limiter?.admit(atMs);
    for (const limiter of this.#others) limiter.admit(atMs);
  }
}

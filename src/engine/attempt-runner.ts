/** One attempt's life: signed, sent, and what its answer tells handed on to whom it concerns. */
import type { Api } from '../api.js';
import type { ApiRules } from './api-rules.js';
import type { AppDiscipline } from './app-discipline.js';
import type { AppFeedback } from './app-feedback.js';
import type { Arrivals } from './arrivals.js';
import { Attempt, type AttemptEnd } from './attempt.js';
import { attemptFacts } from './attempt-facts.js';
import type { TokenKeeper } from '../auth/token-keeper.js';
import {
  attemptFrame,
  buildAttempt,
  streamFrame,
  withoutSignature,
  type AttemptFrame,
} from './build-attempt.js';
import type { HydraError } from '../errors.js';
import type { Job } from './job.js';
import { OpenBodies } from './open-bodies.js';
import type { ResolvedOptions } from '../options.js';
import { readAlong } from './read-along.js';
import { judge } from '../retry/verdict.js';
import type { Runtime } from '../runtime.js';
import type { AppPool } from '../scheduling/app-pool.js';
import type { AppSlot } from '../scheduling/app-slot.js';
import type { Pump } from '../scheduling/pump.js';
import type { ScopeSlot } from '../scheduling/scope-slot.js';
import type { ServerWatch } from './server-watch.js';
import type { StatsCounter } from '../stats.js';
import type { ComingBody, TransportResult } from '../transport/transport.js';
import type { VerdictExecutor } from './verdict-executor.js';

type Response = Extract<TransportResult, { kind: 'response' }>;

/** Who is told of attempts. */
export interface AttemptRunnerParts {
  readonly api: Api;
  readonly options: ResolvedOptions;
  readonly runtime: Runtime;
  readonly rules: ApiRules;
  readonly tokens: TokenKeeper;
  readonly feedback: AppFeedback;
  readonly arrivals: Arrivals;
  readonly discipline: AppDiscipline;
  readonly server: ServerWatch;
  readonly pump: Pump<Job>;
  readonly pool: AppPool;
  readonly executor: VerdictExecutor;
  readonly counter: StatsCounter;
  /** A request is sent. */
  readonly onSent: (sentAtMs: number) => void;
  /** A request could not be signed with this app: it goes with another, and the app is of no use. */
  readonly onUnsigned: (job: Job, appId: string, reason: HydraError) => void;
}

/** Carries attempts through. */
export class AttemptRunner {
  readonly #parts: AttemptRunnerParts;
  readonly #frame: AttemptFrame;
  readonly #streamFrame: AttemptFrame;
  readonly #bodies = new OpenBodies();
  readonly #whenQuiet: (() => void)[] = [];

  constructor(parts: AttemptRunnerParts) {
    this.#parts = parts;
    const { api, options } = parts;
    this.#frame = attemptFrame(api, options.timeoutMs);
    this.#streamFrame = streamFrame(api, options.timeoutMs);
  }

  /** Answers that were handed over, and whose bodies are still to come. */
  get openBodies(): number {
    return this.#bodies.size;
  }

  /** Sends a request with an app. Does not throw. */
  send(
    job: Job,
    slot: AppSlot,
    sentAtMs: number,
    countsFromMs: number,
    scoped: ScopeSlot | undefined,
  ): void {
    const { api, runtime, tokens, feedback, pump, server, counter } = this.#parts;
    const appId = slot.app.id;
    const attempt = new Attempt({
      job,
      slot,
      scoped,
      generation: tokens.generation(appId),
      sentAtMs,
      number: feedback.onSent(slot, sentAtMs),
      scopedNumber: scoped === undefined ? 0 : feedback.onSent(scoped, sentAtMs),
      countsFromMs,
      costs: slot.costs?.record(countsFromMs, job.cost ?? {}, sentAtMs, scoped?.scope),
    });
    let signed;
    try {
      const signature = api.auth.authorize(slot.app, tokens.token(appId));
      const frame = job.receiver === undefined ? this.#frame : this.#streamFrame;
      job.receiver?.prepareFor(appId);
      signed = buildAttempt(job, frame, signature);
    } catch (error) {
      pump.done(slot);
      server.onAborted(job, sentAtMs);
      this.#parts.onUnsigned(job, appId, error as HydraError);
      return;
    }
    if (scoped !== undefined) scoped.inFlight += 1;
    counter.sent(sentAtMs);
    this.#parts.onSent(sentAtMs);
    job.attempts += 1;
    job.underWay = runtime.transport.send(signed, (result) =>
      this.#onResult(attempt, withoutSignature(result, this.#frame)),
    );
  }

  /** Resolves when nothing is under way, bodies included. */
  quiet(): Promise<void> {
    if (this.#parts.pump.inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenQuiet.push(resolve));
  }

  /** Resolves when all bodies that were handed over have come; what nobody reads is broken off. */
  bodiesEnded(): Promise<void> {
    return this.#bodies.end(this.#parts.runtime.clock);
  }

  #onResult(attempt: Attempt, result: TransportResult): void {
    const { job, slot, scoped } = attempt;
    const nowMs = this.#parts.runtime.clock.now();
    job.underWay = undefined;
    if (result.kind === 'response') this.#noteArrival(attempt, result, nowMs);
    if (scoped !== undefined) scoped.inFlight -= 1;
    this.#parts.counter.answered(nowMs, result.kind === 'response' ? result.wireBytes : 0);
    const coming = result.kind === 'response' ? result.coming : undefined;
    if (coming === undefined) this.#release(slot);
    else this.#releaseLater(slot, coming);
    this.#judge(attempt, result, nowMs);
    coming?.letGo();
  }

  /** An answer tells by when its request had come: until then a guess counted. */
  #noteArrival(attempt: Attempt, result: Response, nowMs: number): void {
    const { writtenAtMs = attempt.sentAtMs, headAtMs = nowMs, status } = result;
    this.#parts.feedback.onAnswer(attempt, result.headers, nowMs);
    if (attempt.costs !== undefined) this.#noteCost(attempt, result);
    this.#parts.arrivals.onAnswer(attempt, writtenAtMs, headAtMs, status);
  }

  /** What has a body to come may tell by its headers, and once more by that. */
  #noteCost(attempt: Attempt, result: Response): void {
    const { api, pump } = this.#parts;
    const { coming, body, headers } = result;
    this.#correctCost(attempt, result, coming === undefined ? body : undefined);
    if (coming === undefined || api.actualCost === undefined) return;
    readAlong(coming, headers, (whole) => {
      this.#correctCost(attempt, result, whole);
      pump.wake();
    });
  }

  #correctCost(
    { slot, costs = [] }: Attempt,
    result: Response,
    body: Uint8Array | undefined,
  ): void {
    const amounts = this.#parts.rules.actualCost(result, body);
    if (amounts === undefined) return;
    slot.costs?.correctAmounts(costs, amounts);
    this.#parts.pool.onFreeEarlier(slot);
  }

  #release(slot: AppSlot | undefined): void {
    const { pump } = this.#parts;
    if (slot === undefined) pump.release();
    else pump.done(slot);
    if (pump.inFlight === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }

  /** The app is done with it, but its connection is not. */
  #releaseLater(slot: AppSlot, coming: ComingBody): void {
    slot.inFlight -= 1;
    this.#bodies.add(coming);
    coming.onOver(() => {
      this.#bodies.delete(coming);
      this.#parts.counter.bytes += coming.wireBytes;
      this.#release(undefined);
    });
  }

  #judge(attempt: Attempt, result: TransportResult, nowMs: number): void {
    const { api, options, runtime, rules, server, counter, discipline, executor } = this.#parts;
    const { job } = attempt;
    if (result.kind === 'aborted') return server.onAborted(job, nowMs);
    const facts = attemptFacts(api, job, result, runtime.clock, rules);
    const end: AttemptEnd = { result, facts, endedAtMs: nowMs, isExcused: false };
    end.isExcused = server.onEnd(attempt, end);
    if (job.isOver) return;
    if (facts.kind === 'response' && facts.status === 404) job.noteNotFound();
    const { idempotent, notFounds } = job;
    const attempts = end.isExcused ? job.attempts - 1 : job.attempts;
    const verdict = judge(facts, { idempotent, notFounds, attempts }, options);
    if (facts.kind === 'response' && verdict.kind !== 'refused') {
      counter.accepted += 1;
      discipline.onAccepted(attempt, facts.status, nowMs);
    }
    executor.carryOut(verdict, attempt, end);
  }
}

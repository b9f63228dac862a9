/**
 * How much later than expected a request may have come to the server. The windows count it from then,
 * so that two requests whose ways take differently long do not come too close there.
 *
 * Of each answered request that is known, and needs no guess: what its answer took longer than the
 * shortest one bounds how late it came. The next request cannot come earlier than the shortest way
 * allows, so a window that is counted from there is never exceeded, whatever the jitter, and the stream
 * loses no more than the mean of it. A server that takes differently long to answer looks like jitter:
 * so no more is believed than a cap, which gives way while it costs much and nothing is refused.
 */
import { ShortestTime } from './shortest-time.js';

/** What the guard starts from and keeps to; milliseconds. */
export interface GuardSettings {
  /** The most lateness that is believed at first. */
  readonly initialCapMs: number;
  readonly minCapMs: number;
  readonly maxCapMs: number;
  /** Lateness that the first answers are taken to have at least, until the shortest time is known. */
  readonly carefulMs: number;
  /** So many answers are the first ones. */
  readonly carefulAnswers: number;
  /**
   * For so long from the first answer on, answers are only looked at: connections open, code is cold, and
   * the shortest time is not known yet. All lateness up to the largest cap is then believed.
   */
  readonly learningMs: number;
  /**
   * The shortest of n times is longer than the shortest possible one by about their spread divided by n.
   * So many times the mean lateness, divided by n, is hardly ever less: it is added.
   */
  readonly unseenFactor: number;
  /** Added always: clocks and timers are not exact. */
  readonly marginMs: number;
  readonly maxMarginMs: number;
  /** Factor of growth on a refusal. */
  readonly growth: number;
  /** Refusals within this time of one that made it grow belong to the same burst. */
  readonly burstMs: number;
  /** Mean lateness that may be believed without the cap giving way. */
  readonly affordableMs: number;
  /** While the mean is above that and nothing is refused, the cap gives way so often. */
  readonly shrinkEveryMs: number;
  /** For so long after a refusal, the cap does not give way, and then the margin shrinks. */
  readonly calmMs: number;
}

const defaults: GuardSettings = {
  initialCapMs: 200,
  minCapMs: 10,
  maxCapMs: 500,
  carefulMs: 30,
  carefulAnswers: 50,
  learningMs: 500,
  unseenFactor: 10,
  marginMs: 2,
  maxMarginMs: 20,
  growth: 1.6,
  burstMs: 1000,
  affordableMs: 15,
  shrinkEveryMs: 10_000,
  calmMs: 600_000,
};

const SHRINK_FACTOR = 0.9;
/** Weight of a new answer in the mean. */
const MEAN_WEIGHT = 0.01;
/** A guess of so long ago does not explain a refusal any more. */
const GUESS_COUNTS_MS = 5000;
/** An answer that takes longer than this came too late to be of use to the windows. */
const LATE_ANSWER_MS = 1000;
const REFUSED = 429;

/** Tells from when on the windows count a request. */
export class Guard {
  readonly #settings: GuardSettings;
  readonly #shortestByStatus = new Map<number, ShortestTime>();
  #capMs: number;
  #marginMs: number;
  #meanMs = 0;
  #grownAtMs = -Infinity;
  #changedAtMs = -Infinity;
  #guessedAtMs = -Infinity;
  #learnsUntilMs = Infinity;

  constructor(settings: Partial<GuardSettings> = {}) {
    this.#settings = { ...defaults, ...settings };
    this.#capMs = this.#settings.initialCapMs;
    this.#marginMs = this.#settings.marginMs;
  }

  /** The most lateness that is believed now, milliseconds. */
  get capMs(): number {
    return this.#capMs;
  }

  /** Added to each lateness now, milliseconds. */
  get marginMs(): number {
    return this.#marginMs;
  }

  /** From when on a request counts that was sent at `sentAtMs` and has no answer yet. */
  countsFrom(sentAtMs: number): number {
    return sentAtMs + this.#capMs + this.#marginMs;
  }

  /**
   * Looks at an answer. Only answers of the same status compare: who is refused, or asks for what is not
   * there, has it sooner, since the server need not work for it.
   *
   * @param writtenAtMs - when its request was handed to a connection.
   * @param headAtMs - when it began.
   */
  onAnswer(writtenAtMs: number, headAtMs: number, status: number): void {
    if (this.#learnsUntilMs === Infinity) {
      this.#learnsUntilMs = headAtMs + this.#settings.learningMs;
    }
    this.#shortestOf(status).note(headAtMs - writtenAtMs, headAtMs);
  }

  /** Until when answers are only looked at; `Infinity` before the first. */
  get learnsUntilMs(): number {
    return this.#learnsUntilMs;
  }

  /** True where an answer that began then is only looked at: what it tells is not known well enough yet. */
  isLearning(headAtMs: number): boolean {
    return headAtMs < this.#learnsUntilMs;
  }

  /** From when on a request counts that has an answer which was looked at. */
  countsFromAnswered(writtenAtMs: number, headAtMs: number, status: number): number {
    const { carefulAnswers, carefulMs, unseenFactor, maxCapMs } = this.#settings;
    const tookMs = headAtMs - writtenAtMs;
    const { ms: shortestMs, answers } = this.#shortestOf(status);
    const lateMs = tookMs - shortestMs;
    const capMs = this.isLearning(headAtMs) ? maxCapMs : this.#capMs;
    const isFirst = answers <= carefulAnswers;
    const isGuess = isFirst || lateMs > capMs || tookMs > LATE_ANSWER_MS;
    // What was refused fills no window: that it came late does not explain the refusal.
    if (isGuess && status !== REFUSED) this.#guessedAtMs = headAtMs;
    const knownMs = Math.min(lateMs, capMs);
    // Care is no lateness: the cap must not give way for it.
    this.#meanMs += (knownMs - this.#meanMs) * MEAN_WEIGHT;
    const believedMs = Math.max(knownMs, isFirst ? carefulMs : 0);
    const unseenMs = (unseenFactor * this.#meanMs) / answers;
    return writtenAtMs + believedMs + unseenMs + this.#marginMs;
  }

  /** True when a refusal at `nowMs` may come of a lateness that was not known: then it is nobody's fault. */
  mayExplain(nowMs: number): boolean {
    return nowMs - this.#guessedAtMs < GUESS_COUNTS_MS;
  }

  /** The server refused a request that the windows admitted. */
  onRefusal(nowMs: number): void {
    const { growth, maxCapMs, maxMarginMs, burstMs } = this.#settings;
    if (nowMs - this.#grownAtMs < burstMs) return;
    this.#capMs = Math.min(this.#capMs * growth, maxCapMs);
    this.#marginMs = Math.min(this.#marginMs * growth, maxMarginMs);
    this.#grownAtMs = nowMs;
    this.#changedAtMs = nowMs;
  }

  /** The server accepted a request. */
  onAcceptance(nowMs: number): void {
    const { minCapMs, marginMs, affordableMs, shrinkEveryMs, calmMs } = this.#settings;
    if (nowMs - this.#changedAtMs < shrinkEveryMs || nowMs - this.#grownAtMs < calmMs) return;
    this.#changedAtMs = nowMs;
    this.#marginMs = Math.max(marginMs, this.#marginMs * SHRINK_FACTOR);
    if (this.#meanMs > affordableMs) this.#capMs = Math.max(minCapMs, this.#capMs * SHRINK_FACTOR);
  }

  #shortestOf(status: number): ShortestTime {
    let shortest = this.#shortestByStatus.get(status);
    if (shortest === undefined) {
      shortest = new ShortestTime();
      this.#shortestByStatus.set(status, shortest);
    }
    return shortest;
  }
}

/** What an app may still send, as its answers tell: somebody else may use the same key. */
import type { Limit } from './limit.js';
import type { ToldWindow } from './told-window.js';

/** What must be known of the request whose answer tells something, and of its app. */
export interface ToldContext {
  /** Which of the app's requests it was; they are numbered from 1 in the order of sending. */
  readonly number: number;
  /**
   * How many of its requests the server may not have counted yet when it answered: those that were sent
   * later, and earlier ones without an answer, which may have been overtaken on the way.
   */
  readonly uncounted: number;
  /** When the request was sent. */
  readonly sentAtMs: number;
  /** When its answer came. */
  readonly answeredAtMs: number;
  /** The limits of the app, as far as they are known. */
  readonly limits: readonly Limit[];
  /** How many of its last {@link remembered} requests may have come to the server after `sinceMs`. */
  readonly countSince: (sinceMs: number) => number;
  readonly remembered: number;
}

interface Budget {
  readonly name: string;
  /** Requests that may still be sent before `untilMs`. */
  left: number;
  readonly untilMs: number;
  /** The request whose answer told it. */
  readonly number: number;
}

/** A budget whose end is not told is asked for again after this long, or after its window if that is shorter. */
const ASK_AGAIN_MS = 60_000;

/** The same for all who have none: most apps never do. */
const none: readonly Budget[] = [];

/**
 * The budgets of one app: what each answer said was left, less what it may not have counted, until the
 * reset. They only ever hold an app back.
 *
 * What is left by our own windows' count is not news: those windows know better when there is room
 * again, since resets are told in whole seconds. So where the length of a window is known, its budget
 * counts only if the server has counted more requests in it than this app has sent.
 */
export class ToldBudgets {
  #budgets: readonly Budget[] = none;

  /** The app is not used before this time; `-Infinity` while something is left of each budget. */
  get heldUntilMs(): number {
    let untilMs = -Infinity;
    for (const budget of this.#budgets) {
      if (budget.left <= 0 && budget.untilMs > untilMs) untilMs = budget.untilMs;
    }
    return untilMs;
  }

  /** Notes that the app sends a request. */
  onSent(nowMs: number): void {
    if (this.#budgets.length === 0) return;
    if (this.#budgets.some(({ untilMs }) => untilMs <= nowMs)) {
      this.#budgets = this.#budgets.filter(({ untilMs }) => untilMs > nowMs);
    }
    for (const budget of this.#budgets) budget.left -= 1;
  }

  /**
   * Takes in what an answer tells of a window. Answers to requests that were sent earlier than one that
   * has told already are no news.
   *
   * @returns true when the server has counted more than this app has sent, as far as can be known.
   */
  onTold(window: ToldWindow, context: ToldContext): boolean {
    if (window.remaining === undefined) return false;
    const before = this.#budgets.find(({ name }) => name === window.name);
    if (before !== undefined && before.number > context.number) return false;
    const lengthMs = lengthOf(window, context.limits);
    const counted = (window.requests ?? 0) - window.remaining;
    const own = lengthMs === undefined ? 0 : context.countSince(context.sentAtMs - lengthMs);
    const isNews = lengthMs === undefined || counted > own;
    const budget = isNews ? budgetOf(window, window.remaining, lengthMs, context) : undefined;
    if (before === undefined && budget === undefined) return false;
    const others = this.#budgets.filter((one) => one !== before);
    this.#budgets = budget === undefined ? others : [...others, budget];
    return isNews && lengthMs !== undefined && own < context.remembered;
  }
}

/** The length of a window of which it is known how many requests it admits. */
function lengthOf({ requests, perMs }: ToldWindow, limits: readonly Limit[]): number | undefined {
  if (requests === undefined) return undefined;
  return perMs ?? limits.find((limit) => limit.requests === requests)?.perMs;
}

function budgetOf(
  { name, resetMs }: ToldWindow,
  remaining: number,
  lengthMs: number | undefined,
  { number, uncounted, answeredAtMs }: ToldContext,
): Budget | undefined {
  if (resetMs === undefined && lengthMs === undefined) return undefined;
  const forMs = Math.min(resetMs ?? ASK_AGAIN_MS, lengthMs ?? Infinity);
  return { name, left: remaining - uncounted, untilMs: answeredAtMs + forMs, number };
}

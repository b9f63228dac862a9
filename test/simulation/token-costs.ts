/** Requests that cost tokens, as their paths say, and what a server received of them. */
import type { AnswerFacts, RequestFacts } from '../../src/index.js';
import type { Arrival } from './simulated-server.js';

/** `/7/100`: request 7 takes 100 tokens. */
export const tokensOf = (path: string): number => Number(path.split('/').at(-1));

/** An estimate that is wrong by a factor. */
export const costs = (factor: number) => ({
  cost: ({ path }: RequestFacts) => ({ tokens: tokensOf(path) * factor }),
});

/** What answers tell that repeat the path. */
export const actualCost = ({ json }: AnswerFacts) => {
  const body = json?.() as { path?: string } | undefined;
  return body?.path === undefined ? undefined : { tokens: tokensOf(body.path) };
};

export const sentTokens = (arrivals: readonly Arrival[]): number =>
  arrivals.reduce((sum, { path }) => sum + tokensOf(path), 0);

/** The most tokens that any window of any app held. */
export function highestTokens(arrivals: readonly Arrival[], perMs: number): number {
  return highestCost(arrivals, perMs, ({ path }) => tokensOf(path));
}

/** The most that any window of any app held; arrivals in the order of time. */
export function highestCost(
  arrivals: readonly Arrival[],
  perMs: number,
  costOf: (arrival: Arrival) => number,
): number {
  let highest = 0;
  for (const appId of new Set(arrivals.map((arrival) => arrival.appId))) {
    const own = arrivals.filter((arrival) => arrival.appId === appId);
    let first = 0;
    let sum = 0;
    for (const last of own) {
      sum += costOf(last);
      for (let one = own[first]; one !== undefined && one.atMs <= last.atMs - perMs;) {
        sum -= costOf(one);
        one = own[++first];
      }
      highest = Math.max(highest, sum);
    }
  }
  return highest;
}

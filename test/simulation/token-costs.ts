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
  let highest = 0;
  for (const last of arrivals) {
    const counted = arrivals.filter(
      ({ appId, atMs }) => appId === last.appId && atMs <= last.atMs && atMs > last.atMs - perMs,
    );
    highest = Math.max(highest, sentTokens(counted));
  }
  return highest;
}

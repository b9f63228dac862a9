/** Headers that simulated servers tell their limits by. */
import type { Limiter } from '../../src/testing/limiter.js';

type Headers = Record<string, string>;

const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** When a window has wholly begun anew, at the latest. */
const resetMs = (limiter: Limiter, nowMs: number): number =>
  limiter.freeInMs(nowMs) || limiter.perMs;

/** `RateLimit` and `RateLimit-Policy` of the newest draft. */
export function newestDraft(limiters: readonly Limiter[], nowMs: number): Headers {
  const list = (describe: (limiter: Limiter) => string): string =>
    limiters.map((limiter, index) => `"p${index}";${describe(limiter)}`).join(', ');
  return {
    'ratelimit-policy': list(({ requests, perMs }) => `q=${requests};w=${seconds(perMs)}`),
    ratelimit: list(
      (limiter) =>
        `r=${Math.max(0, limiter.remaining(nowMs))};t=${seconds(resetMs(limiter, nowMs))}`,
    ),
  };
}

/** `X-RateLimit-*` of the last limit, with the reset as a time since the epoch: its length is not told. */
export function xRateLimit(wallStartMs: number) {
  return (limiters: readonly Limiter[], nowMs: number): Headers => {
    const limiter = limiters.at(-1) as Limiter;
    return {
      'x-ratelimit-limit': String(limiter.requests),
      'x-ratelimit-remaining': String(Math.max(0, limiter.remaining(nowMs))),
      'x-ratelimit-reset': String(seconds(wallStartMs + nowMs + resetMs(limiter, nowMs))),
    };
  };
}

/** What the 42 Intra tells: limits and what is left, but no reset. */
export function intra42(limiters: readonly Limiter[], nowMs: number): Headers {
  const headers: Headers = {};
  for (const limiter of limiters) {
    const window = limiter.perMs === 1000 ? 'secondly' : 'hourly';
    headers[`x-${window}-ratelimit-limit`] = String(limiter.requests);
    headers[`x-${window}-ratelimit-remaining`] = String(Math.max(0, limiter.remaining(nowMs)));
  }
  return headers;
}

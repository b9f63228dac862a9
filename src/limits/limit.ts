/** At most so many requests in any window of so long, as the server counts them. */
export interface Limit {
  /** Requests a window admits; a whole number of at least 1. */
  readonly requests: number;
  /** Length of the window, milliseconds. */
  readonly perMs: number;
  /**
   * What it counts, such as `'tokens'`: `requests` is then how much of that a window admits, and
   * `Api.cost` tells how much a request takes. Only in the limits of an API: those that options or apps have of their own
   * take the place of the ones on requests alone.
   *
   * @defaultValue requests
   */
  readonly of?: string;
}

/**
 * The limit that keeps to `requestsPerSecond`, which need not be whole: the smallest whole number
 * of requests, in a window stretched to match (1.9 a second is 2 in 1,052.6 ms). So a server that
 * admits that whole number a second is never exceeded.
 */
export function perSecond(requestsPerSecond: number): Limit {
  const requests = Math.max(1, Math.ceil(requestsPerSecond));
  return { requests, perMs: (requests / requestsPerSecond) * 1000 };
}

/** Requests a second that a limit admits. */
export function rateOf(limit: Limit): number {
  return (limit.requests / limit.perMs) * 1000;
}

/** Text that is the same for the same limits on requests. */
export function keyOfLimits(limits: readonly Limit[]): string {
  return limits.map(({ requests, perMs }) => `${requests}/${perMs}`).join();
}

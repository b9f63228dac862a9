/** What follows from an attempt. Pure: the engine carries it out. */

/** How an attempt ended, as far as the verdict asks. */
export type AttemptFacts =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** True when the API says that this answer refuses the request, whatever its status. */
      readonly isRefusal?: boolean;
      /** What `Retry-After` says, milliseconds; of a refusal by another status also what else says it. */
      readonly retryAfterMs: number | undefined;
      /** False when the body is not what the API promises. */
      readonly bodyAsPromised: boolean;
      /** True when the answer names a place to go on at. */
      readonly hasLocation: boolean;
    }
  | { readonly kind: 'unreachable' | 'broken' | 'timeout' };

/** What the verdict must know of the request. */
export interface RequestFacts {
  /** Sending it twice does no harm. */
  readonly idempotent: boolean;
  /** Attempts that count, this one included. */
  readonly attempts: number;
  /** Attempts that were answered with 404, this one included. */
  readonly notFounds: number;
}

/** How often a request is sent again. */
export interface RetryLimits {
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Attempts after the first that was answered with 404. */
  readonly maxNotFoundRetries: number;
}

/** Why an attempt did not succeed; totals are kept by it. */
export type RetryCause = 'network' | 'timeout' | 'body' | 'not-found' | `http-${number}`;

/** What to do. */
export type Verdict =
  | { readonly kind: 'done' }
  /** Send it again after a growing delay. */
  | { readonly kind: 'retry'; readonly cause: RetryCause }
  /** Park the app, for `parkMs` if the server said so; the request goes to another. */
  | { readonly kind: 'refused'; readonly parkMs: number | undefined }
  /** Renew the token; the request goes on. */
  | { readonly kind: 'unauthorized' }
  /** Ask at the place that the answer names. */
  | { readonly kind: 'redirected' }
  | { readonly kind: 'give-up'; readonly cause: RetryCause; readonly reason: GiveUpReason };

/** Why a request is not sent again. */
type GiveUpReason = 'final' | 'retries-used-up' | 'not-idempotent';

/** Judges an attempt. */
export function judge(attempt: AttemptFacts, request: RequestFacts, limits: RetryLimits): Verdict {
  if (attempt.kind !== 'response') {
    const cause = attempt.kind === 'timeout' ? 'timeout' : 'network';
    return retryOrGiveUp(cause, attempt.kind === 'unreachable', request, limits);
  }
  const { status, retryAfterMs } = attempt;
  if (status === 429 || attempt.isRefusal === true)
    return { kind: 'refused', parkMs: retryAfterMs };
  if (status === 503 && retryAfterMs !== undefined)
    return { kind: 'refused', parkMs: retryAfterMs };
  if (status === 401) return { kind: 'unauthorized' };
  if ((status >= 200 && status < 300) || status === 304) {
    if (attempt.bodyAsPromised) return { kind: 'done' };
    return retryOrGiveUp('body', false, request, limits);
  }
  if (status >= 300 && status < 400 && attempt.hasLocation) return { kind: 'redirected' };
  if (status === 404) return judgeNotFound(request, limits);
  const cause: RetryCause = `http-${status}`;
  if (status >= 500 || status === 408) return retryOrGiveUp(cause, false, request, limits);
  return { kind: 'give-up', cause, reason: 'final' };
}

function judgeNotFound(request: RequestFacts, limits: RetryLimits): Verdict {
  if (!request.idempotent) return { kind: 'give-up', cause: 'not-found', reason: 'final' };
  const usedUp = request.notFounds > limits.maxNotFoundRetries;
  if (usedUp) return { kind: 'give-up', cause: 'not-found', reason: 'retries-used-up' };
  return retryOrGiveUp('not-found', true, request, limits);
}

function retryOrGiveUp(
  cause: RetryCause,
  serverCannotHaveActed: boolean,
  request: RequestFacts,
  limits: RetryLimits,
): Verdict {
  if (!request.idempotent && !serverCannotHaveActed) {
    return { kind: 'give-up', cause, reason: 'not-idempotent' };
  }
  if (request.attempts > limits.maxRetries) {
    return { kind: 'give-up', cause, reason: 'retries-used-up' };
  }
  return { kind: 'retry', cause };
}

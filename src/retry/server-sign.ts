/** What an attempt shows of the server itself, whatever it means for its request. Pure. */
import type { AttemptFacts } from './verdict.js';

/**
 * `works`: it answered as a server does that is up, be it with a refusal. `fails`: it did not. An
 * answer that asks to wait (503 with `Retry-After`) shows neither.
 */
export type ServerSign = 'works' | 'fails' | 'unclear';

/** Reads the sign in an attempt. */
export function serverSign(attempt: AttemptFacts): ServerSign {
  if (attempt.kind !== 'response') return 'fails';
  const { status } = attempt;
  if (attempt.isRefusal === true) return 'works';
  if (status === 503 && attempt.retryAfterMs !== undefined) return 'unclear';
  if (status >= 500 || status === 408) return 'fails';
  // A page that says "back soon" comes with status 200, too.
  if (status >= 200 && status < 300 && !attempt.bodyAsPromised) return 'fails';
  return 'works';
}

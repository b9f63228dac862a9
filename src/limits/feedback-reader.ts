import { headerNumber, leftOver, quota } from './header-number.js';
import { countedWindows } from './counted-limits.js';
import {
  parsePolicies,
  windowOfPolicy,
  windowsOfFields,
  type ToldPolicy,
} from './rate-limit-fields.js';
import type { ToldHeaders, ToldWindow } from './told-window.js';

const nothing: readonly ToldWindow[] = Object.freeze([]);

/** So many different policies are remembered; some servers put a key of each app into them. */
const REMEMBERED_POLICIES = 5000;

/**
 * Reads what answers tell of limits: `RateLimit` and `RateLimit-Policy`, `RateLimit-Limit` and its
 * kin, `X-RateLimit-*` and `X-Rate-Limit-*`, and the `X-Secondly-` and `X-Hourly-RateLimit-*` of the
 * 42 Intra. What cannot be understood is passed over.
 *
 * It is called for each answer: one without such headers costs a few look-ups.
 */
export class FeedbackReader {
  readonly #policies = new Map<string, readonly ToldPolicy[]>();

  /**
   * The windows that an answer tells of.
   *
   * @param headers - names in lower case.
   * @param wallNow - tells the time, milliseconds since the Unix epoch; asked only where it matters.
   */
  read(headers: ToldHeaders, wallNow: () => number): readonly ToldWindow[] {
    const policyText = one(headers['ratelimit-policy']);
    const stateText = one(headers['ratelimit']);
    const remaining = one(headers['ratelimit-remaining']);
    const other = headers['x-ratelimit-remaining'] ?? headers['x-rate-limit-remaining'];
    const secondly = headers['x-secondly-ratelimit-limit'];
    const hourly = headers['x-hourly-ratelimit-limit'];
    if ((policyText ?? stateText ?? remaining ?? other ?? secondly ?? hourly) === undefined) {
      return nothing;
    }
    const policies = policyText === undefined ? [] : this.#policiesOf(policyText);
    const now = { wallNowMs: wallNow(), date: one(headers['date']) };
    return [
      ...(remaining === undefined
        ? windowsOfFields(policies, stateText)
        : [
            ...countedWindows('RateLimit', family(headers, 'ratelimit'), policies, now),
            ...policies.map(windowOfPolicy),
          ]),
      ...countedWindows('X-RateLimit', family(headers, 'x-ratelimit'), policies, now),
      ...countedWindows('X-Rate-Limit', family(headers, 'x-rate-limit'), policies, now),
      ...windowOf42(headers, 'Secondly', secondly, 1000),
      ...windowOf42(headers, 'Hourly', hourly, 3_600_000),
    ];
  }

  #policiesOf(text: string): readonly ToldPolicy[] {
    const known = this.#policies.get(text);
    if (known !== undefined) return known;
    if (this.#policies.size >= REMEMBERED_POLICIES) this.#policies.clear();
    const policies = parsePolicies(text);
    this.#policies.set(text, policies);
    return policies;
  }
}

function family(headers: ToldHeaders, prefix: string): Parameters<typeof countedWindows>[1] {
  return {
    limit: one(headers[`${prefix}-limit`]),
    remaining: one(headers[`${prefix}-remaining`]),
    reset: one(headers[`${prefix}-reset`]),
  };
}

function windowOf42(
  headers: ToldHeaders,
  window: 'Secondly' | 'Hourly',
  limit: string | readonly string[] | undefined,
  perMs: number,
): readonly ToldWindow[] {
  if (limit === undefined) return nothing;
  const name = `X-${window}-RateLimit`;
  const requests = quota(headerNumber(one(limit) ?? ''));
  const left = one(headers[`${name.toLowerCase()}-remaining`]) ?? '';
  return [{ name, requests, perMs, remaining: leftOver(headerNumber(left)), resetMs: undefined }];
}

/** A header that came several times is one list. */
function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}

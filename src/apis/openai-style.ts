import {
  bearerToken,
  defineApi,
  HydraError,
  type AnswerFacts,
  type Api,
  type ToldWindow,
} from '../index.js';
import { headerCount, headerText } from './header-value.js';

/** What {@link openAiStyle} may be told. */
export interface OpenAiStyleOptions {
  /**
   * The API, with its version.
   *
   * @defaultValue `'https://api.openai.com/v1'`
   */
  readonly baseUrl?: string;
  /**
   * Requests a minute for each key, by its model and tier.
   *
   * @defaultValue they are found out
   */
  readonly requestsPerMinute?: number;
  /**
   * Tokens that one request takes at most, prompt and answer together. With it, no more requests are sent
   * than what is left of the tokens suffices for.
   *
   * @defaultValue tokens are not looked at, and 429 tells when there are none left
   */
  readonly tokensPerRequest?: number;
}

const MINUTE_MS = 60_000;

/**
 * An API in the style of OpenAI's, of which there are many. Credential of each app: `token`. Keys of one
 * project share their limits.
 *
 * - Limits count requests and tokens a minute, and differ by model, tier and provider: there is no number to
 *   begin with. Source: https://platform.openai.com/docs/guides/rate-limits
 * - `x-ratelimit-limit-`, `-remaining-` and `-reset-requests`, and the same of `-tokens`, are kept to; a
 *   reset is a duration such as `1s`, `6m0s` or `120ms`. Source: the same page (its headers as shown in
 *   https://thoughtbot.com/blog/openai-rate-limits and
 *   https://community.openai.com/t/how-to-get-rate-limit-reset-time-for-response-api/1268905).
 * - 429 is a refusal, until `Retry-After`.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function openAiStyle(options: OpenAiStyleOptions = {}): Api {
  const { baseUrl = 'https://api.openai.com/v1', requestsPerMinute, tokensPerRequest } = options;
  if (tokensPerRequest !== undefined && !(tokensPerRequest >= 1)) {
    throw new HydraError(
      'HYDRA_INVALID_OPTION',
      'Expected `tokensPerRequest` to be a number of at least 1.',
      { name: 'tokensPerRequest' },
    );
  }
  return defineApi({
    name: 'openai-style',
    baseUrl,
    auth: bearerToken(),
    limits:
      requestsPerMinute === undefined
        ? 'discover'
        : [{ requests: requestsPerMinute, perMs: MINUTE_MS }],
    readLimits: (headers) => [
      ...readWindow(headers, 'requests', 1),
      ...(tokensPerRequest === undefined ? [] : readWindow(headers, 'tokens', tokensPerRequest)),
    ],
  });
}

/** @param perRequest - how much of what is counted one request takes. */
function readWindow(
  headers: AnswerFacts['headers'],
  what: 'requests' | 'tokens',
  perRequest: number,
): readonly ToldWindow[] {
  const remaining = headerCount(headers, `x-ratelimit-remaining-${what}`);
  if (remaining === undefined) return [];
  return [
    {
      name: `x-ratelimit-${what}`,
      requests: undefined,
      perMs: undefined,
      remaining: Math.floor(remaining / perRequest),
      resetMs: durationMs(headerText(headers, `x-ratelimit-reset-${what}`) ?? ''),
    },
  ];
}

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Reads `1h2m3.5s`, `6m0s`, `120ms`, or plain seconds; `undefined` for anything else. */
function durationMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|[hms]))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[hms])/g)];
  return parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS_MS[unit] ?? 0),
    0,
  );
}

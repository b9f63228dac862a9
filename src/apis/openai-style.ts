import {
  bearerToken,
  defineApi,
  HydraError,
  type AnswerFacts,
  type Api,
  type Limit,
  type RequestFacts,
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
   * Tokens a minute for each key. Each request is taken to cost `max_tokens` (or `max_completion_tokens`,
   * `max_output_tokens`) and one token for four bytes of its body, until its answer tells in `usage`. Say
   * the most tokens in each request: without that, those of the answer are only known once it is there.
   *
   * @defaultValue tokens are not counted
   */
  readonly tokensPerMinute?: number;
  /**
   * Tokens that one request takes at most, prompt and answer together. With it, no more requests are sent
   * than what is left of the tokens suffices for.
   *
   * @defaultValue tokens are not looked at, and 429 tells when there are none left
   */
  readonly tokensPerRequest?: number;
}

const MINUTE_MS = 60_000;
const BYTES_A_TOKEN = 4;
/** In the text: to parse each body only for this would cost more than all else of a request. */
const MOST_TOKENS = /"max_(?:completion_|output_)?tokens"\s*:\s*(\d+)/;

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
  const { baseUrl = 'https://api.openai.com/v1', tokensPerRequest, tokensPerMinute } = options;
  const limits = limitsOf(options);
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
    limits: limits.length === 0 ? 'discover' : limits,
    ...(tokensPerMinute === undefined ? {} : { cost: expectedTokens, actualCost: usedTokens }),
    readLimits: (headers) => [
      ...readWindow(headers, 'requests', 1),
      ...(tokensPerRequest === undefined ? [] : readWindow(headers, 'tokens', tokensPerRequest)),
    ],
  });
}

function limitsOf({ requestsPerMinute, tokensPerMinute }: OpenAiStyleOptions): Limit[] {
  const limits: Limit[] = [];
  if (requestsPerMinute !== undefined) {
    limits.push({ requests: requestsPerMinute, perMs: MINUTE_MS });
  }
  if (tokensPerMinute !== undefined) {
    limits.push({ of: 'tokens', requests: tokensPerMinute, perMs: MINUTE_MS });
  }
  return limits;
}

function expectedTokens({ body }: RequestFacts): { tokens: number } {
  if (body === undefined) return { tokens: 0 };
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const most = MOST_TOKENS.exec(text)?.[1] ?? 0;
  return { tokens: Number(most) + Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN) };
}

function usedTokens({ json }: AnswerFacts): { tokens: number } | undefined {
  const body = json?.() as { usage?: { total_tokens?: unknown } | null } | null | undefined;
  const tokens = body?.usage?.total_tokens;
  return typeof tokens === 'number' ? { tokens } : undefined;
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

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
  /**
   * The limits of each model, where they differ: those of its requests whose body names it as `model`. Any
   * other is kept to `requestsPerMinute` and `tokensPerMinute`, all of them together; where those are not
   * given, to the least of what is in here.
   *
   * @defaultValue all models share one limit
   */
  readonly models?: Readonly<Record<string, OpenAiStyleModel>>;
}

/** What a key may ask of one model. */
export interface OpenAiStyleModel {
  readonly requestsPerMinute: number;
  /** As `tokensPerMinute` of {@link OpenAiStyleOptions}. */
  readonly tokensPerMinute?: number;
}

const MINUTE_MS = 60_000;
const BYTES_A_TOKEN = 4;
/** In the text: to parse each body only for this would cost more than all else of a request. */
const MOST_TOKENS = /"max_(?:completion_|output_)?tokens"\s*:\s*(\d+)/;
const MODEL = /"model"\s*:\s*"([^"\\]*)"/g;
type ScopeLimits = Readonly<Record<string, readonly Limit[]>>;

interface PerMinute {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** The scope of all models that have no limits of their own; no model is called so. */
const OTHER_MODELS = 'other models';

/**
 * An API in the style of OpenAI's, of which there are many. Credential of each app: `token`. Keys of one
 * project share their limits.
 *
 * - Limits count requests and tokens a minute, and differ by model, tier and provider: there is no number to
 *   begin with. `models` keeps the limits of each model apart. Source:
 *   https://platform.openai.com/docs/guides/rate-limits
 * - `x-ratelimit-limit-`, `-remaining-` and `-reset-requests`, and the same of `-tokens`, are kept to; a
 *   reset is a duration such as `1s`, `6m0s` or `120ms`. Source: the same page (its headers as shown in
 *   https://thoughtbot.com/blog/openai-rate-limits and
 *   https://community.openai.com/t/how-to-get-rate-limit-reset-time-for-response-api/1268905).
 * - 429 is a refusal, until `Retry-After`.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function openAiStyle(options: OpenAiStyleOptions = {}): Api {
  const { baseUrl = 'https://api.openai.com/v1', tokensPerRequest, models } = options;
  const scopeLimits = models === undefined ? undefined : limitsOfModels(models, options);
  const limits = scopeLimits === undefined ? limitsOf(options) : [sumOf(scopeLimits)];
  const all = [limits, ...Object.values(scopeLimits ?? {})].flat();
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
    ...(all.some(({ of }) => of === 'tokens')
      ? { cost: expectedTokens, actualCost: usedTokens }
      : {}),
    ...(scopeLimits === undefined
      ? {}
      : { scopeLimits, scope: (request: RequestFacts) => scopeOf(request, scopeLimits) }),
    readLimits: (headers, _wallNow, scope) =>
      [
        readWindow(headers, 'requests', 1, scope),
        tokensPerRequest === undefined
          ? []
          : readWindow(headers, 'tokens', tokensPerRequest, scope),
      ].flat(),
  });
}

/** For each model, and for all others together. */
function limitsOfModels(
  models: Readonly<Record<string, OpenAiStyleModel>>,
  others: OpenAiStyleOptions,
): ScopeLimits {
  const known = Object.values(models);
  if (known.length === 0) {
    throw new HydraError('HYDRA_INVALID_OPTION', 'Expected `models` to name at least one model.', {
      name: 'models',
    });
  }
  const leastTokens = Math.min(...known.map(({ tokensPerMinute = Infinity }) => tokensPerMinute));
  const {
    requestsPerMinute = Math.min(...known.map((model) => model.requestsPerMinute)),
    tokensPerMinute = leastTokens === Infinity ? undefined : leastTokens,
  } = others;
  const own = Object.entries(models).map(([model, told]) => [model, limitsOf(told)] as const);
  return Object.fromEntries([
    ...own,
    [OTHER_MODELS, limitsOf({ requestsPerMinute, tokensPerMinute })],
  ]);
}

/** What all scopes admit together: an app has no limit of its own beside them. */
function sumOf(scopeLimits: ScopeLimits): Limit {
  const perScope = Object.values(scopeLimits).flat();
  const requests = perScope.filter(({ of }) => of === undefined).map((limit) => limit.requests);
  return { requests: requests.reduce((sum, one) => sum + one, 0), perMs: MINUTE_MS };
}

function scopeOf({ body }: RequestFacts, scopeLimits: ScopeLimits): string | undefined {
  if (body === undefined) return undefined;
  const model = modelIn(textOf(body));
  return model !== undefined && Object.hasOwn(scopeLimits, model) ? model : OTHER_MODELS;
}

/** Only where something else in the body is called so, too, must it be parsed. */
function modelIn(text: string): string | undefined {
  const found = [...text.matchAll(MODEL)];
  if (found.length < 2) return found[0]?.[1];
  try {
    const { model } = JSON.parse(text) as { model?: unknown };
    return typeof model === 'string' ? model : undefined;
  } catch {
    return undefined;
  }
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

function limitsOf({ requestsPerMinute, tokensPerMinute }: PerMinute): Limit[] {
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
  const text = textOf(body);
  const most = MOST_TOKENS.exec(text)?.[1] ?? 0;
  return { tokens: Number(most) + Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN) };
}

function usedTokens({ json }: AnswerFacts): { tokens: number } | undefined {
  const body = json?.() as { usage?: { total_tokens?: unknown } | null } | null | undefined;
  const tokens = body?.usage?.total_tokens;
  return typeof tokens === 'number' ? { tokens } : undefined;
}

/**
 * @param perRequest - how much of what is counted one request takes.
 * @param scope - whose window it is.
 */
function readWindow(
  headers: AnswerFacts['headers'],
  what: 'requests' | 'tokens',
  perRequest: number,
  scope: string | undefined,
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
      scope,
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

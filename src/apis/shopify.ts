import { apiKey, defineApi, type AnswerFacts, type Api, type ToldWindow } from '../index.js';
import { headerText } from './header-value.js';

/** What {@link shopify} must be told. */
export interface ShopifyOptions {
  /** The shop's host, such as `'example.myshopify.com'`. */
  readonly shop: string;
  /** Version of the API, such as `'2025-01'`. */
  readonly version: string;
  /**
   * What the shop's plan admits each app: 2 requests a second, 4 (`'advanced'`), or 20 (`'plus'`).
   *
   * @defaultValue `'standard'`
   */
  readonly plan?: 'standard' | 'advanced' | 'plus';
}

const perSecond = { standard: 2, advanced: 4, plus: 20 } as const;

/**
 * The Shopify Admin REST API of one shop. Credential of each app: `key` (its Admin API access token). Each
 * app has a bucket of its own.
 *
 * - 2 requests a second leak out of the bucket, 4 on Advanced, 20 on Plus. Source:
 *   https://shopify.dev/docs/api/admin-rest/usage/rate-limits
 * - `X-Shopify-Shop-Api-Call-Limit: 39/40` tells how full it is: what has room in it is all that is sent
 *   until the next request has leaked out. Source: the same page. What the bucket could take at once is not
 *   used: an even stream comes to the same over a minute.
 * - 429 is a refusal, until `Retry-After`, which has fractions. Source: the same page.
 * - Its lists come by `Link`. Source: https://shopify.dev/docs/api/admin-rest/usage/pagination
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function shopify({ shop, version, plan = 'standard' }: ShopifyOptions): Api {
  const leak = perSecond[plan];
  return defineApi({
    name: 'shopify',
    baseUrl: `https://${shop}/admin/api/${version}`,
    auth: apiKey({ in: 'header', name: 'x-shopify-access-token' }),
    limits: [{ requests: leak, perMs: 1000 }],
    pagination: { style: 'link', parameters: { size: 'limit' } },
    readLimits: (headers) => readBucket(headers, 1000 / leak),
  });
}

function readBucket(headers: AnswerFacts['headers'], leakMs: number): readonly ToldWindow[] {
  const text = headerText(headers, 'x-shopify-shop-api-call-limit') ?? '';
  const [, used, size] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (used === undefined || size === undefined) return [];
  return [
    {
      name: 'X-Shopify-Shop-Api-Call-Limit',
      requests: undefined,
      perMs: undefined,
      remaining: Math.max(0, Number(size) - Number(used)),
      resetMs: leakMs,
    },
  ];
}

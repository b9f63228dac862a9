import { bearerToken, defineApi, type Api } from '../index.js';

/** What {@link stripe} may be told. */
export interface StripeOptions {
  /**
   * Requests a second for each account: at most 100 in live mode, 25 in a sandbox. More than 25 only where
   * a job goes over several endpoints, since one endpoint admits no more.
   *
   * @defaultValue 25
   */
  readonly requestsPerSecond?: number;
  /**
   * The header `Stripe-Version`.
   *
   * @defaultValue that of the account
   */
  readonly version?: string;
}

const SECOND_MS = 1000;

/**
 * The Stripe API. Credential of each app: `token` (a secret or restricted key). Keys of one account share
 * their limits.
 *
 * - 100 requests a second in live mode and 25 in a sandbox, 25 for one endpoint; files 20 to read and 20 to
 *   write; search 20. Source: https://docs.stripe.com/rate-limits
 * - There are no headers of limits. 429 is a refusal. Source: the same page. Limits of single objects, such
 *   as 1000 updates an hour of one PaymentIntent, are not kept to.
 * - Its lists come by the id of the last item, 100 at once. Source: https://docs.stripe.com/api/pagination.
 *   Search comes by `cursor: { path: 'next_page' }, parameters: { cursor: 'page' }`.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function stripe(options: StripeOptions = {}): Api {
  const { requestsPerSecond = 25, version } = options;
  return defineApi({
    name: 'stripe',
    baseUrl: 'https://api.stripe.com',
    auth: bearerToken(),
    responseType: 'json',
    headers: version === undefined ? {} : { 'stripe-version': version },
    pagination: {
      cursor: { ofLastItem: 'id' },
      more: 'has_more',
      items: 'data',
      pageSize: 100,
      parameters: { cursor: 'starting_after' },
    },
    limits: [{ requests: requestsPerSecond, perMs: SECOND_MS }],
    scope: ({ method, path }) => {
      if (/^\/v1\/files\b/.test(path)) return method === 'GET' ? 'files-read' : 'files-write';
      return /^\/v1\/\w+\/search\b/.test(path) ? 'search' : undefined;
    },
    scopeLimits: {
      'files-read': [{ requests: 20, perMs: SECOND_MS }],
      'files-write': [{ requests: 20, perMs: SECOND_MS }],
      search: [{ requests: 20, perMs: SECOND_MS }],
    },
  });
}

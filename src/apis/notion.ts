import { bearerToken, defineApi, type Api } from '../index.js';

/** What {@link notion} may be told. */
export interface NotionOptions {
  /**
   * The header `Notion-Version`.
   *
   * @defaultValue `'2022-06-28'`
   */
  readonly version?: string;
  /**
   * Requests a second for each connection.
   *
   * @defaultValue 3
   */
  readonly requestsPerSecond?: number;
}

/**
 * The Notion API. Credential of each app: `token` (of an integration).
 *
 * - 3 requests a second for each connection, as a mean. Source:
 *   https://developers.notion.com/reference/request-limits. A newer form of that page speaks of a budget for
 *   60 seconds by the plan of the workspace, and of another for the whole workspace: an even 3 a second keeps
 *   to the former where it is 180 or more, and the latter is kept to by its refusals.
 * - Its lists come by cursor, in the URL with GET and in the body with POST (`paginate(path, { method: 'POST',
 *   json: { filter } })`). Source: https://developers.notion.com/reference/pagination
 * - 429 and 529 are refusals, until `Retry-After` (whole seconds). Source: the page on limits.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function notion(options: NotionOptions = {}): Api {
  const { version = '2022-06-28', requestsPerSecond = 3 } = options;
  return defineApi({
    name: 'notion',
    baseUrl: 'https://api.notion.com/v1',
    auth: bearerToken(),
    responseType: 'json',
    headers: { 'notion-version': version },
    limits: [{ requests: requestsPerSecond, perMs: 1000 }],
    pagination: {
      cursor: { path: 'next_cursor' },
      more: 'has_more',
      items: 'results',
      parameters: { cursor: 'start_cursor', size: 'page_size' },
    },
    isRefusal: ({ status }) => status === 529,
  });
}

import { bearerToken, defineApi, type Api } from '../index.js';

/** What {@link gitlab} may be told. */
export interface GitLabOptions {
  /**
   * The REST API, with its version.
   *
   * @defaultValue `'https://gitlab.com/api/v4'`
   */
  readonly baseUrl?: string;
  /**
   * Requests a minute for each user. On a server of one's own, its administrator sets it.
   *
   * @defaultValue 2000
   */
  readonly requestsPerMinute?: number;
}

/**
 * The GitLab REST API. Credential of each app: `token` (personal, project, group or OAuth access token).
 * Tokens of one user share their limits.
 *
 * - 2000 requests a minute for each user that is signed in. Source:
 *   https://docs.gitlab.com/user/gitlab_com/rate_limits/, which also announces limits by plan that were not
 *   in force when this was written; the number itself was confirmed in
 *   https://about.gitlab.com/blog/2020/12/17/automation-check-in-and-rate-limit-changes-on-gitlab-dot-com/
 * - Some endpoints admit less, and say so in the usual headers `RateLimit-Limit`, `-Remaining` and `-Reset`,
 *   which are kept to.
 * - 429 is a refusal, until `Retry-After`.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function gitlab(options: GitLabOptions = {}): Api {
  const { baseUrl = 'https://gitlab.com/api/v4', requestsPerMinute = 2000 } = options;
  return defineApi({
    name: 'gitlab',
    baseUrl,
    auth: bearerToken(),
    limits: [{ requests: requestsPerMinute, perMs: 60_000 }],
  });
}

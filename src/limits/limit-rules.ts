/** What an API says of its limits beyond a list of them: scopes, refusals, headers of its own. */
import type { Limit } from './limit.js';
import type { ToldHeaders, ToldWindow } from './told-window.js';

/** A request, as far as a {@link LimitRules.scope} asks. */
export interface RequestFacts {
  /** In upper case. */
  readonly method: string;
  /**
   * What stands behind the base URL, with a slash in front and the query: `/search/code?q=x`. Where a
   * redirect left the base URL, the path from the root of the server.
   */
  readonly path: string;
  /** What it carries, where it is not a stream. */
  readonly body?: string | Uint8Array | undefined;
}

/** An answer. */
export interface AnswerFacts {
  readonly status: number;
  readonly headers: ToldHeaders;
  /**
   * Parses the body; `undefined` when it is no JSON, or is still to come. Only
   * {@link LimitRules.actualCost} is given it.
   */
  readonly json?: () => unknown;
}

/**
 * All are optional, and cost nothing where they are left out. They are called for each request or answer,
 * so they must be quick. One that throws is logged once, and taken as if it had returned `undefined`.
 */
export interface LimitRules {
  /**
   * Which group of endpoints a request belongs to, such as `'search'`; `undefined`: none. A request of a
   * scope that {@link LimitRules.scopeLimits} has limits for is sent only with an app whose own windows
   * admit it and whose windows of that scope do, too. A scope that is used up holds back only its own
   * requests. Scopes take turns where several can go; a request's priority counts first.
   *
   * It is asked again when a request is sent again, since a redirect may have moved it.
   */
  readonly scope?: (request: RequestFacts) => string | undefined;
  /**
   * For each scope, the windows that each app has for it beside its own; they may count costs (`of`), too.
   * A scope that is not in here is kept to the app's own limits alone.
   */
  readonly scopeLimits?: Readonly<Record<string, readonly Limit[]>>;
  /**
   * Reads limits that are told in headers which only this API has, or tells of which scope they are. A
   * window of the same name as one that was read from the usual headers (such as `X-RateLimit`) takes its
   * place.
   *
   * @param headers - names in lower case.
   * @param wallNow - tells the time, milliseconds since the Unix epoch.
   * @param scope - that of the request which was answered, where it has limits of its own.
   */
  readonly readLimits?: (
    headers: ToldHeaders,
    wallNow: () => number,
    scope: string | undefined,
  ) => readonly ToldWindow[];
  /**
   * True for an answer that refuses a request because of a limit, though its status is not 429. Asked for
   * answers with a status of 400 or more. The request goes on with another app; this one is parked until
   * `Retry-After`, else until the reset of the window of which the answer tells that nothing is left.
   */
  readonly isRefusal?: (answer: AnswerFacts) => boolean;
  /**
   * What a request is expected to cost of the limits that count something else than requests, by what they
   * count: `{ tokens: 500 }`. What is not in there costs nothing. Asked once for each request. An upper
   * bound never exceeds a limit at the server. A request that is expected to cost more than a limit admits
   * fails at once with `HYDRA_INVALID_REQUEST`.
   */
  readonly cost?: (request: RequestFacts) => Readonly<Record<string, number>>;
  /**
   * What a request has cost, as its answer tells: this takes the place of what was expected. `undefined`,
   * or what is not in there: the answer does not tell. Asked for each answer, refusals too. For one to
   * `fetch` or through the dispatcher, it is asked when the head is there, and again once a body that is
   * JSON of at most 1 MB has come.
   */
  readonly actualCost?: (answer: AnswerFacts) => Readonly<Record<string, number>> | undefined;
}

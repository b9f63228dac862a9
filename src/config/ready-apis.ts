/** APIs that a configuration may name instead of describing them. */
import { z } from 'zod';
import type * as Definitions from '../apis/index.js';
import type { Api } from '../index.js';

/** The 42 Intra: it is more than an API, so it has a hydra of its own. */
export const FT_API = '42';

/** Of the 42 Intra something that is small; `/` is nothing there. */
const FT_CHECK_PATH = '/campus';

/** A ready definition. */
export interface ReadyApi {
  /** The schema of what it may be told. */
  readonly options: z.ZodObject;
  /** Makes it with what it was told, checked. */
  readonly make: (told: unknown) => Promise<Api>;
  /** What `apihydra check` asks for: small, there for every app, and only with a good credential. */
  readonly checkPath: string;
}

const text = z.string().min(1).meta({ expected: 'a text that is not empty' });
/** Goes into a header. */
const line = z
  .string()
  .regex(/^\P{Cc}+$/u)
  .meta({ expected: 'a text of one line' });
const host = z
  .string()
  .regex(/^[\w.-]+(:\d+)?$/)
  .meta({ expected: 'a host such as "example.myshopify.com"' });
/** Of requests or tokens: a limit counts whole ones. */
const count = z.number().int().min(1).meta({ expected: 'a whole number of at least 1' });
const rate = count.optional();
const models = z
  .record(z.string().min(1), z.strictObject({ requestsPerMinute: count, tokensPerMinute: rate }))
  .meta({ expected: 'an object of models, each with `requestsPerMinute`' });
const plan = z
  .enum(['standard', 'advanced', 'plus'])
  .optional()
  .meta({ expected: "'standard', 'advanced' or 'plus'" });

/** By name. */
export const readyApis: Readonly<Record<string, ReadyApi>> = {
  discord: ready({
    shape: {},
    make: (apis) => apis.discord(),
    // https://docs.discord.com/developers/resources/user#get-current-user
    checkPath: '/users/@me',
  }),
  github: ready<Definitions.GitHubOptions>({
    shape: { baseUrl: text.optional(), requestsPerHour: rate },
    make: (apis, told) => apis.github(told),
    // A few dates, without any permission: https://docs.github.com/en/rest/meta/meta#get-all-api-versions. It
    // counts as one request. `/rate_limit` does not, but is 404 on an Enterprise Server that has no limits, as
    // is the default there, and good also where nothing is left.
    checkPath: '/versions',
  }),
  gitlab: ready<Definitions.GitLabOptions>({
    shape: { baseUrl: text.optional(), requestsPerMinute: rate },
    make: (apis, told) => apis.gitlab(told),
    // Tokens of projects and groups have users, too: https://docs.gitlab.com/api/users/
    checkPath: '/user',
  }),
  notion: ready<Definitions.NotionOptions>({
    shape: { version: line.optional(), requestsPerSecond: rate },
    make: (apis, told) => apis.notion(told),
    // The integration itself: https://developers.notion.com/reference/get-self
    checkPath: '/users/me',
  }),
  openAiStyle: ready<Definitions.OpenAiStyleOptions>({
    shape: {
      baseUrl: text.optional(),
      requestsPerMinute: rate,
      tokensPerMinute: rate,
      tokensPerRequest: z.number().min(1).optional().meta({ expected: 'a number of at least 1' }),
      models: models.optional(),
    },
    make: (apis, told) => apis.openAiStyle(told),
    // Takes no tokens: https://platform.openai.com/docs/api-reference/models/list
    checkPath: '/models',
  }),
  reddit: ready<Definitions.RedditOptions>({
    shape: { userAgent: line, requestsPerMinute: rate },
    make: (apis, told) => apis.reddit(told),
    // For a token with any scope, also one without a user: https://www.reddit.com/dev/api/oauth
    checkPath: '/api/v1/scopes',
  }),
  shopify: ready<Definitions.ShopifyOptions>({
    shape: { shop: host, version: text, plan },
    make: (apis, told) => apis.shopify(told),
    // https://shopify.dev/docs/api/admin-rest/latest/resources/shop
    checkPath: '/shop.json',
  }),
  stripe: ready<Definitions.StripeOptions>({
    shape: { requestsPerSecond: rate, version: line.optional() },
    make: (apis, told) => apis.stripe(told),
    // A restricted key needs the permission to read it: https://docs.stripe.com/api/balance/balance_retrieve
    checkPath: '/v1/balance',
  }),
};

/** All names that may be given. */
export function readyNames(): string[] {
  return [FT_API, ...Object.keys(readyApis)];
}

/** What `apihydra check` asks for where the configuration does not say it; `api` is what stands there. */
export function defaultCheckPath(api: unknown): string {
  if (api === FT_API) return FT_CHECK_PATH;
  const isReady = typeof api === 'string' && Object.hasOwn(readyApis, api);
  return (isReady ? readyApis[api]?.checkPath : undefined) ?? '/';
}

interface Ready<O extends object> extends Pick<ReadyApi, 'checkPath'> {
  /** What each option must be: all of them, so that a file may say what code may. */
  readonly shape: Readonly<Record<keyof O, z.ZodType>>;
  readonly make: (apis: typeof Definitions, told: O) => Api;
}

function ready<O extends object>({ shape, make, checkPath }: Ready<O>): ReadyApi {
  return {
    options: z.strictObject(shape),
    make: async (told) => make(await import('../apis/index.js'), told as O),
    checkPath,
  };
}

/** APIs that a configuration may name instead of describing them. */
import { z } from 'zod';
import type * as Definitions from '../apis/index.js';
import type { Api } from '../index.js';

/** The 42 Intra: it is more than an API, so it has a hydra of its own. */
export const FT_API = '42';

/** A ready definition. */
export interface ReadyApi {
  /** The schema of what it may be told. */
  readonly options: z.ZodType;
  /** Makes it with what it was told, checked. */
  readonly make: (told: unknown) => Promise<Api>;
}

const text = z.string().min(1).meta({ expected: 'a text that is not empty' });
const rate = z.number().gt(0).optional().meta({ expected: 'a number above 0' });
const models = z
  .record(
    z.string().min(1),
    z.strictObject({
      requestsPerMinute: z.number().gt(0).meta({ expected: 'a number above 0' }),
      tokensPerMinute: rate,
    }),
  )
  .meta({ expected: 'an object of models, each with `requestsPerMinute`' });
const plan = z
  .enum(['standard', 'advanced', 'plus'])
  .optional()
  .meta({ expected: "'standard', 'advanced' or 'plus'" });

/** By name. */
export const readyApis: Readonly<Record<string, ReadyApi>> = {
  discord: ready({}, (apis) => apis.discord()),
  github: ready<Definitions.GitHubOptions>(
    { baseUrl: text.optional(), requestsPerHour: rate },
    (apis, told) => apis.github(told),
  ),
  gitlab: ready<Definitions.GitLabOptions>(
    { baseUrl: text.optional(), requestsPerMinute: rate },
    (apis, told) => apis.gitlab(told),
  ),
  notion: ready<Definitions.NotionOptions>(
    { version: text.optional(), requestsPerSecond: rate },
    (apis, told) => apis.notion(told),
  ),
  openAiStyle: ready<Definitions.OpenAiStyleOptions>(
    {
      baseUrl: text.optional(),
      requestsPerMinute: rate,
      tokensPerMinute: rate,
      tokensPerRequest: rate,
      models: models.optional(),
    },
    (apis, told) => apis.openAiStyle(told),
  ),
  reddit: ready<Definitions.RedditOptions>(
    { userAgent: text, requestsPerMinute: rate },
    (apis, told) => apis.reddit(told),
  ),
  shopify: ready<Definitions.ShopifyOptions>({ shop: text, version: text, plan }, (apis, told) =>
    apis.shopify(told),
  ),
  stripe: ready<Definitions.StripeOptions>(
    { requestsPerSecond: rate, version: text.optional() },
    (apis, told) => apis.stripe(told),
  ),
};

/** All names that may be given. */
export function readyNames(): string[] {
  return [FT_API, ...Object.keys(readyApis)];
}

/** @param shape - what each option must be: all of them, so that a file may say what code may. */
function ready<O extends object>(
  shape: Readonly<Record<keyof O, z.ZodType>>,
  make: (apis: typeof Definitions, told: O) => Api,
): ReadyApi {
  return {
    options: z.strictObject(shape),
    make: async (told) => make(await import('../apis/index.js'), told as O),
  };
}

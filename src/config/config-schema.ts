/** What may stand in a configuration file: the one schema that it is checked with, and that editors get. */
import { z } from 'zod';
import { apiHydraOptionsSchema, type Api, type Auth, type SignRequest } from '../index.js';

/** True for what `defineApi()` returns. */
function isApi(value: unknown): value is Api {
  return isWayToSign((value as Api | undefined)?.auth) && typeof value === 'object';
}

/** True for a way to sign that is made by code. */
export function isWayToSign(value: unknown): value is Auth | SignRequest {
  return typeof value === 'function' || typeof (value as Auth)?.authorize === 'function';
}

const text = z.string().min(1).meta({ expected: 'a text that is not empty' });

/** The schema of an option of the hydra, by its name. */
function optionSchema(name: string): z.ZodType {
  return apiHydraOptionsSchema.shape[name] as z.ZodType;
}

const oauth2 = {
  tokenUrl: text.optional().describe('The token endpoint. Either this or `issuer`.'),
  issuer: text.optional().describe('The issuer, whose metadata tell the token endpoint.'),
  clientAuthentication: z
    .enum(['client_secret_post', 'client_secret_basic', 'none'])
    .optional()
    .meta({ expected: "'client_secret_post', 'client_secret_basic' or 'none'" }),
  scope: text.optional().describe('Scopes to ask for, separated by blanks.'),
  parameters: z.record(z.string(), z.string()).optional().meta({ expected: 'an object of texts' }),
};

const authSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('bearer') }).describe('Credential: token.'),
    z
      .strictObject({
        type: z.literal('apiKey'),
        in: z.enum(['header', 'query']).meta({ expected: "'header' or 'query'" }),
        name: text.describe('The name of the header or of the query parameter.'),
        prefix: z.string().optional().meta({ expected: 'a text' }),
      })
      .describe('Credential: key.'),
    z
      .strictObject({
        type: z.literal('basic'),
        password: z.string().optional().meta({ expected: 'a text' }),
      })
      .describe('Credentials: username and password.'),
    z
      .strictObject({ type: z.literal('oauth2ClientCredentials'), ...oauth2 })
      .describe('Credentials: clientId and clientSecret.'),
    z
      .strictObject({ type: z.literal('oauth2RefreshToken'), ...oauth2 })
      .describe('Credentials: clientId, clientSecret and refreshToken.'),
  ])
  .meta({ expected: "a way to sign such as { type: 'bearer' }" });

/** Options that stand elsewhere, or that are made by code. */
const NOT_OPTIONS = { api: true, apps: true, appsFile: true, limits: true, logger: true } as const;

const hydraSchema = apiHydraOptionsSchema
  .omit(NOT_OPTIONS)
  .describe('Options of the hydra. Durations are milliseconds.')
  .meta({ expected: 'an object of options' });

const apiSchema = z
  .strictObject({
    api: z
      .union([z.custom<Api>(isApi), text])
      .optional()
      .describe('A ready definition by its name, such as "42". Else: baseUrl, limits and auth.')
      .meta({ expected: 'the name of a ready definition, such as "github", or "42" in quotes' }),
    apiOptions: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What the ready definition may be told.')
      .meta({ expected: 'an object' }),
    baseUrl: text.optional().describe('What paths are appended to.').meta({
      expected: 'an absolute http or https URL such as "https://api.example.com/v1"',
    }),
    limits: z
      .union([z.literal('discover'), (optionSchema('limits') as z.ZodOptional<z.ZodType>).unwrap()])
      .optional()
      .describe('All windows of each app, or "discover" where nobody knows them.')
      .meta({ expected: "a list of at least one { requests, perMs }, or 'discover'" }),
    auth: z
      .union([z.custom<Auth>(isWayToSign), authSchema])
      .optional()
      .describe('How an app signs its requests.')
      .meta({ expected: "a way to sign such as { type: 'bearer' }" }),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe('Headers of every request.')
      .meta({ expected: 'an object of texts' }),
    responseType: z.enum(['json', 'any']).optional().meta({ expected: "'json' or 'any'" }),
    checkPath: z
      .string()
      .regex(/^\//)
      .optional()
      .describe('What `apihydra check` asks for.')
      .meta({ expected: 'a path that begins with /' }),
    apps: z
      .array(appOfList())
      .min(1)
      .optional()
      .describe('The apps to ask with: { id, credentials }. Else those in the apps file.')
      .meta({ expected: 'a list of at least one app { id, credentials }' }),
    appsFile: optionSchema('appsFile').describe(
      'Where apps, tokens and used-up windows are kept, seen from the folder of this file.',
    ),
    options: hydraSchema.optional(),
  })
  .meta({ expected: 'an object with either `api`, or `baseUrl`, `limits` and `auth`' });

/** The schema of one app, as options of the hydra have it. */
function appOfList(): z.ZodType {
  const list = optionSchema('apps') as z.ZodOptional<z.ZodArray>;
  return list.unwrap().element as z.ZodType;
}

const $schema = z.string().optional().describe('Where this schema is, for editors.');

/** A file with several APIs. Each part of these schemas says in `meta` what is expected there. */
export const apisSchema: z.ZodObject = z
  .strictObject({
    $schema,
    apis: z
      .record(z.string().regex(/^[\w.-]+$/), apiSchema)
      .describe('The APIs, each under a name of letters, digits, ".", "_" and "-".')
      .meta({ expected: 'an object with at least one API under its name' }),
    defaultApi: text.optional().describe('The API that is meant where none is named.'),
    options: hydraSchema.optional(),
  })
  .describe('Several APIs.');

/** A file with one API. */
export const oneApiSchema: z.ZodObject = z
  .strictObject({ $schema, ...apiSchema.shape })
  .describe('One API.');

/** What says where an API is and how it is asked. */
const NEEDED = [{ required: ['api'] }, { required: ['baseUrl', 'limits', 'auth'] }];

/** Both as JSON Schema, for editors: without what only code can make. */
export function configJsonSchema(): Record<string, unknown> {
  const { ...schema } = z.toJSONSchema(z.union([apisSchema, oneApiSchema]), {
    io: 'input',
    unrepresentable: 'any',
    // What is said of an API stands in both forms.
    reused: 'ref',
    override: ({ zodSchema, jsonSchema }) => {
      delete jsonSchema['expected'];
      // What only code can make allows anything as JSON.
      const written = jsonSchema.anyOf?.filter((part) => Object.keys(part).length > 0);
      if (written !== undefined) jsonSchema.anyOf = written;
      if (zodSchema === apiSchema || zodSchema === oneApiSchema) jsonSchema.anyOf = NEEDED;
    },
  });
  return { ...schema, title: 'Configuration of apihydra' };
}

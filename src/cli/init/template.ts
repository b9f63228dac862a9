/** What `apihydra init` writes: one API, as lines that each format writes in its own way. */
import { defaultCheckPath, FT_API, readyNames } from '../../config/ready-apis.js';

/** One line: a key and its value, which is JSON, under a comment. */
export interface TemplateLine {
  readonly key: string;
  readonly value: unknown;
  readonly comment: string;
  /** Is only shown, as a comment. */
  readonly isOptional?: true;
}

/** The API that nobody has defined yet. */
export const OWN_API = 'own';

/** What may be asked for. */
export function templateNames(): string[] {
  return [OWN_API, ...readyNames()];
}

/** What the credentials of a ready definition are called, where that is not `token`. */
const credentialNames: Readonly<Record<string, readonly string[]>> = {
  discord: ['key'],
  reddit: ['clientId', 'clientSecret'],
  shopify: ['key'],
};

/** What a ready definition must be told. */
const told: Readonly<Record<string, object>> = {
  reddit: { userAgent: 'node:my-program:1.0 (by /u/me)' },
  shopify: { shop: 'my-shop.myshopify.com', version: '2026-01' },
};

const optional: readonly TemplateLine[] = [
  {
    key: 'options',
    value: { minRequestDelayMs: 10, maxRetries: 50, timeoutMs: 60_000, threads: 0 },
    comment: 'Options of the hydra; durations are milliseconds.',
    isOptional: true,
  },
];

/** The template of an API: of its own, or a ready one. */
export function templateOf(api: string): readonly TemplateLine[] {
  if (api === FT_API) return [ofFt, ...optional];
  if (api === OWN_API) return [...ofOwn, apps('example', ['token']), ...optional];
  const options = told[api];
  return [
    {
      key: 'api',
      value: api,
      comment: 'A ready definition: where it is, how it signs, its limits.',
    },
    ...(options === undefined
      ? []
      : [{ key: 'apiOptions', value: options, comment: 'What it must be told.' }]),
    apps(api, credentialNames[api] ?? ['token']),
    checkPath(api),
    ...optional,
  ];
}

/** Shows what is asked for unless another path is given. */
function checkPath(api: string): TemplateLine {
  return {
    key: 'checkPath',
    value: defaultCheckPath(api),
    comment: 'What `apihydra check` asks for with each app: something cheap that needs one.',
    isOptional: true,
  };
}

const ofFt: TemplateLine = {
  key: 'api',
  value: FT_API,
  comment:
    'The 42 Intra. `apihydra apps set N` makes its apps; who signs in is said by INTRA_LOGIN and INTRA_PASSWORD.',
};

const ofOwn: readonly TemplateLine[] = [
  {
    key: 'baseUrl',
    value: 'https://api.example.com/v1',
    comment: 'What paths are appended to.',
  },
  {
    key: 'limits',
    value: [{ requests: 5, perMs: 1000 }],
    comment: 'All that one app is allowed; "discover" where nobody knows it.',
  },
  {
    key: 'auth',
    value: { type: 'bearer' },
    comment:
      'How an app signs: bearer, apiKey, basic, oauth2ClientCredentials or oauth2RefreshToken.',
  },
  checkPath(OWN_API),
];

/** Two apps, whose secrets come from the environment. */
function apps(api: string, names: readonly string[]): TemplateLine {
  const variable = (name: string, index: number): string => {
    const words = `${api}_${name}_${index}`.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
    return `\${${words.replace(/\W/g, '_')}}`;
  };
  return {
    key: 'apps',
    value: [1, 2].map((index) => ({
      id: `app${index}`,
      credentials: Object.fromEntries(names.map((name) => [name, variable(name, index)])),
    })),
    comment:
      'Whom to ask with. ${NAME} is filled in from the environment or the file .env, ${NAME:-x} is x where NAME is missing: keep secrets there.',
  };
}

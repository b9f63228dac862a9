import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { books, load, loadBooks, loadJson, SECRET } from '../../test/config/config-files.js';
import { HydraError } from '../errors.js';
import { defaultCheckPath, readyNames } from './ready-apis.js';

const yaml = `
# A comment.
$schema: ./node_modules/apihydra/dist/config-schema.json
apis:
  books:
    baseUrl: https://books.test/v1/
    limits: [{ requests: 5, perMs: 1000 }]
    auth: { type: bearer }
    apps:
      - { id: a, credentials: { token: '\${TOKEN}' } }
`;
const code = (imports: string, end: string): string => `${imports}
import { bearerToken } from 'apihydra';
const limits = [{ requests: 5, perMs: 1000 }];
const apps = [{ id: 'a', credentials: { token: '\${TOKEN}' } }];
export default ${end};
`;
const described = "baseUrl: 'https://books.test/v1/', limits, auth: bearerToken(), apps";
const underApis = `{ apis: { books: { ${described} } } }`;

describe('a configuration file', () => {
  it.each([
    ['apihydra.config.json', JSON.stringify({ apis: { books: books() } })],
    ['apihydra.config.yaml', yaml],
    ['apihydra.config.yml', yaml],
    [
      'apihydra.config.ts',
      code(
        "import { defineConfig, type Config } from 'apihydra/config';",
        `defineConfig(${underApis}) satisfies Config`,
      ),
    ],
    ['apihydra.config.js', code('', underApis)],
    ['apihydra.config.mjs', code('', underApis)],
  ])('%s says the same as all the others', async (name, text) => {
    const { file, apis } = await load(name, text);
    expect(path.basename(file)).toBe(name);
    const [only] = apis;
    expect(only).toMatchObject({
      name: 'books',
      api: {
        name: 'books',
        baseUrl: 'https://books.test/v1',
        limits: [{ requests: 5, perMs: 1000 }],
      },
      checkPath: '/',
      options: {
        apps: [{ id: 'a', credentials: { token: SECRET } }],
        appsFile: path.join(path.dirname(file), 'apps.books.json'),
      },
    });
    const { api, options } = only!;
    if (typeof api === 'string') throw new Error('Expected an API.');
    expect(api.auth.authorize(options.apps![0]!, undefined).headers).toEqual({
      authorization: `Bearer ${SECRET}`,
    });
  });

  it.each([
    ['apihydra.config.json', JSON.stringify(books())],
    ['apihydra.config.yaml', yaml.replace(/apis:\n {2}books:\n/, '').replaceAll(/^ {4}/gm, '')],
    [
      'apihydra.config.ts',
      code(
        "import { defineConfig, type Config } from 'apihydra/config';",
        `defineConfig({ ${described} }) satisfies Config`,
      ),
    ],
  ])('%s needs no `apis` for a single API, which goes by its host', async (name, text) => {
    const { file, apis } = await load(name, text);
    expect(apis).toMatchObject([
      {
        name: 'books.test',
        place: '',
        api: { name: 'books.test', baseUrl: 'https://books.test/v1' },
        options: {
          apps: [{ id: 'a', credentials: { token: SECRET } }],
          appsFile: path.join(path.dirname(file), 'apps.json'),
        },
      },
    ]);
  });

  it.each([
    [{ api: 'github' }, 'github', '/versions'],
    [{ api: 'github', checkPath: '/user' }, 'github', '/user'],
    [{ api: '42', options: { maxRetries: 3 } }, '42', '/campus'],
  ])('a single API that is named goes by that name: %j', async (only, name, checkPath) => {
    const { apis, defaultApi } = await loadJson(only);
    expect(apis).toMatchObject([{ name, checkPath }]);
    expect(apis[0]?.options).toMatchObject('options' in only ? only.options : {});
    expect(defaultApi).toBeUndefined();
  });

  it('takes what code has made: an API, and classes that are the very ones of the library', async () => {
    const { apis } = await load(
      'apihydra.config.ts',
      `import { defineApi, HydraError } from 'apihydra';
      const auth = { authorize() { throw new HydraError('HYDRA_FINISHED', 'mine'); } };
      const api = defineApi({ baseUrl: 'https://x.test', limits: 'discover', auth });
      export default { apis: { x: { api } } };`,
    );
    const { api } = apis[0]!;
    if (typeof api === 'string') throw new Error('Expected an API.');
    expect(() => api.auth.authorize({ id: 'a', credentials: {} }, undefined)).toThrow(HydraError);
  });

  it.each([
    [
      { type: 'apiKey', in: 'query', name: 'key' },
      { key: 'k' },
      { headers: {}, query: { key: 'k' } },
    ],
    [
      { type: 'apiKey', in: 'header', name: 'X-Key', prefix: 'T ' },
      { key: 'k' },
      { headers: { 'x-key': 'T k' } },
    ],
    [
      { type: 'basic' },
      { username: 'u', password: 'p' },
      { headers: { authorization: 'Basic dTpw' } },
    ],
  ])('describes how to sign: %j', async (auth, credentials, signature) => {
    const { apis } = await loadBooks({ auth, apps: [{ id: 'a', credentials }] });
    const { api, options } = apis[0]!;
    if (typeof api === 'string') throw new Error('Expected an API.');
    expect(api.auth.authorize(options.apps![0]!, undefined)).toEqual(signature);
  });

  it.each(['oauth2ClientCredentials', 'oauth2RefreshToken'])('describes %s', async (type) => {
    const { apis } = await loadBooks({
      auth: { type, tokenUrl: 'https://x.test/t', scope: 'a b' },
    });
    expect(apis[0]).toHaveProperty('api.auth.renewToken');
  });

  it.each([
    ['github', { requestsPerHour: 15_000 }, 'https://api.github.com'],
    ['shopify', { shop: 'mine.myshopify.com', version: '2026-01' }, 'https://mine.myshopify.com'],
  ])('names a ready definition: %s', async (api, apiOptions, baseUrl) => {
    const limits = [{ requests: 1, perMs: 1000 }];
    const { apis } = await loadJson({ apis: { x: { api, apiOptions, limits } } });
    expect(apis[0]).toHaveProperty('api.baseUrl', expect.stringContaining(baseUrl));
    expect(apis[0]?.options.limits).toEqual([{ requests: 1, perMs: 1000 }]);
  });

  it.each(readyNames())('has something that check asks for, of its own, for %s', (name) => {
    expect(defaultCheckPath(name)).toMatch(/^\/[a-z]/);
  });

  it('tells a ready definition all that code may tell it', async () => {
    const apiOptions = { requestsPerMinute: 60, tokensPerMinute: 9000, tokensPerRequest: 50 };
    const { apis } = await loadJson({ api: 'openAiStyle', apiOptions });
    expect(apis[0]).toHaveProperty('api.limits', [
      { requests: 60, perMs: 60_000 },
      { requests: 9000, perMs: 60_000, of: 'tokens' },
    ]);
    const models = { small: { requestsPerMinute: 5 }, large: { requestsPerMinute: 2 } };
    const ofModels = await loadJson({ api: 'openAiStyle', apiOptions: { models } });
    expect(ofModels.apis[0]).toHaveProperty('api.scopeLimits.large', [
      { requests: 2, perMs: 60_000 },
    ]);
  });

  it('finds limits out in the place of those of a ready definition, and of one made by code', async () => {
    const { apis } = await loadJson({ api: 'gitlab', limits: 'discover' });
    expect(apis).toMatchObject([{ name: 'gitlab', api: { name: 'gitlab', limits: 'discover' } }]);
    expect(apis[0]?.options.limits).toBeUndefined();
    const ofCode = await load(
      'apihydra.config.mjs',
      `import { github } from 'apihydra/apis';
      export default { api: github(), limits: 'discover' };`,
    );
    expect(ofCode.apis[0]).toHaveProperty('api.limits', 'discover');
    // All else that the definition says still holds.
    expect(ofCode.apis[0]).toHaveProperty('api.scopeLimits.search');
  });

  it("has an app's own limits before those beside a ready definition", async () => {
    const [one, five] = [1, 5].map((requests) => [{ requests, perMs: 1000 }]);
    const { apis } = await loadJson({
      api: 'stripe',
      limits: five,
      apps: [
        { id: 'a', credentials: { token: 't' } },
        { id: 'b', credentials: { token: 't' }, limits: one },
      ],
    });
    const { options } = apis[0] ?? {};
    expect(options?.apps?.map(({ limits }) => limits)).toEqual([five, one]);
    expect(options?.limits).toBeUndefined();
  });

  it('gives options of one API before those of the whole file', async () => {
    const { apis } = await loadBooks(
      { options: { maxRetries: 3 } },
      { options: { maxRetries: 1, threads: 2 } },
    );
    expect(apis[0]?.options).toMatchObject({ maxRetries: 3, threads: 2 });
  });

  it('has placeholders with defaults, and the signs themselves', async () => {
    const { apis } = await loadBooks({
      headers: { 'X-A': 'a ${EMPTY:-b} ${NONE:-} c', 'X-D': '$${TOKEN} $1' },
    });
    expect(apis[0]).toHaveProperty('api.headers', { 'x-a': 'a b  c', 'x-d': '${TOKEN} $1' });
  });
});

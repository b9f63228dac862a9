import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HydraError } from '../errors.js';
import { hydraFrom, loadConfig, type LoadedConfig } from './index.js';

const SECRET = 's3cret-hunter2';
const env = { TOKEN: SECRET, EMPTY: '' };

/** A folder with files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

function load(name: string, text: string): Promise<LoadedConfig> {
  return loadConfig({ cwd: folderWith({ [name]: text }), env });
}

const books = (more: object = {}): object => ({
  baseUrl: 'https://books.test/v1/',
  limits: [{ requests: 5, perMs: 1000 }],
  auth: { type: 'bearer' },
  apps: [{ id: 'a', credentials: { token: '${TOKEN}' } }],
  ...more,
});

/** Loads a JSON file with one API, `books`. */
const loadBooks = (more: object = {}, rest: object = {}): Promise<LoadedConfig> =>
  load('apihydra.config.json', JSON.stringify({ apis: { books: books(more) }, ...rest }));

async function errorOf(promise: Promise<unknown>): Promise<HydraError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HydraError)) throw new Error('Expected a HydraError.', { cause: error });
  expect(error.code).toBe('HYDRA_CONFIG');
  expect(JSON.stringify([error.message, error.facts, String(error.cause)])).not.toContain(SECRET);
  return error;
}

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
const described =
  "{ apis: { books: { baseUrl: 'https://books.test/v1/', limits, auth: bearerToken(), apps } } }";

describe('a configuration file', () => {
  it.each([
    ['apihydra.config.json', JSON.stringify({ apis: { books: books() } })],
    ['apihydra.config.yaml', yaml],
    ['apihydra.config.yml', yaml],
    [
      'apihydra.config.ts',
      code(
        "import { defineConfig, type Config } from 'apihydra/config';",
        `defineConfig(${described}) satisfies Config`,
      ),
    ],
    ['apihydra.config.js', code('', described)],
    ['apihydra.config.mjs', code('', described)],
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
    const { apis } = await load(
      'apihydra.config.json',
      JSON.stringify({ apis: { x: { api, apiOptions, limits: [{ requests: 1, perMs: 1000 }] } } }),
    );
    expect(apis[0]).toHaveProperty('api.baseUrl', expect.stringContaining(baseUrl));
    expect(apis[0]?.options.limits).toEqual([{ requests: 1, perMs: 1000 }]);
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

describe('a wrong configuration is refused with its file and place, and no secret:', () => {
  it.each([
    [
      'a missing variable',
      { headers: { a: '${NONE}' } },
      'apis.books.headers.a',
      'the variable NONE to be set',
    ],
    [
      'an empty variable',
      { headers: { a: '${EMPTY}' } },
      'apis.books.headers.a',
      'the variable EMPTY to be set',
    ],
    [
      'a placeholder that is none',
      { headers: { a: '${TO KEN}' } },
      'apis.books.headers.a',
      'expected ${NAME}',
    ],
    [
      'a placeholder without end',
      { headers: { a: '${TOKEN' } },
      'apis.books.headers.a',
      'expected ${NAME}',
    ],
    [
      'an unknown key',
      { respondType: 'json' },
      'apis.books.respondType',
      'Did you mean responseType?',
    ],
    [
      'an unknown key that is like none',
      { xyzzy: 1 },
      'apis.books.xyzzy',
      'Known are: api, apiOptions, baseUrl',
    ],
    [
      'an unknown option',
      { options: { requestPerSecond: 1 } },
      'apis.books.options.requestPerSecond',
      'Did you mean requestsPerSecond?',
    ],
    [
      'an app without credentials',
      { apps: [{ id: 'a', credential: {} }] },
      'apis.books.apps[0].credentials',
      'an object of strings, got nothing',
    ],
    [
      'an unknown key of an app',
      { apps: [{ id: 'a', credentials: {}, nam: 'x' }] },
      'apis.books.apps[0].nam',
      'Did you mean name?',
    ],
    [
      'an unknown key of a way to sign',
      { auth: { type: 'apiKey', in: 'query', name: 'k', prefx: 'x' } },
      'apis.books.auth.prefx',
      'Did you mean prefix?',
    ],
    [
      'an unknown way to sign',
      { auth: { type: 'barer' } },
      'apis.books.auth.type',
      'Did you mean bearer?',
    ],
    [
      'a text for a number',
      { options: { threads: '${TOKEN}' } },
      'apis.books.options.threads',
      'a whole number from 0 to 256, got a text.',
    ],
    [
      'a number for a credential',
      { apps: [{ id: 'a', credentials: { token: 5 } }] },
      'apis.books.apps[0].credentials.token',
      'a text, got a number.',
    ],
    ['no apps', { apps: [] }, 'apis.books.apps', 'at least one app'],
    ['no apps and no apps file', { apps: undefined, appsFile: false }, 'apis.books', 'got no apps'],
    [
      'two apps of the same id',
      { apps: ['a', 'b', 'a'].map((id) => ({ id, credentials: { token: 't' } })) },
      'apis.books.apps[2].id',
      'another id than that of apps[0], got "a"',
    ],
    [
      'a base URL with credentials',
      { baseUrl: `https://me:${SECRET}@books.test` },
      'apis.books.baseUrl',
      'without credentials',
    ],
    [
      'a base URL with a key in its query',
      { baseUrl: `https://books.test?k=${SECRET}` },
      'apis.books.baseUrl',
      'without ? or #',
    ],
    [
      'a base URL that is none',
      { baseUrl: SECRET },
      'apis.books.baseUrl',
      'an absolute http or https URL',
    ],
    [
      'a limit of 0',
      { limits: [{ requests: 0, perMs: 1000 }] },
      'apis.books.limits[0].requests',
      'a whole number of at least 1, got 0.',
    ],
    [
      'a limit without end',
      { limits: [{ requests: 1, perMs: 0 }] },
      'apis.books.limits[0].perMs',
      'above 0, got 0.',
    ],
    ['no limit', { limits: [] }, 'apis.books.limits', "or 'discover'"],
    ['no way to sign', { auth: undefined }, 'apis.books', '`auth` is missing'],
    [
      'two token endpoints',
      {
        auth: {
          type: 'oauth2ClientCredentials',
          issuer: 'https://i.test',
          tokenUrl: 'https://i.test/t',
        },
      },
      'apis.books',
      'issuer',
    ],
    ['a definition told twice', { api: 'github' }, 'apis.books.baseUrl', 'beside `api`'],
  ])('%s', async (_what, more, place, problem) => {
    const error = await errorOf(loadBooks(more));
    expect(error.message).toContain(`apihydra.config.json at \`${place}\`: `);
    expect(error.message).toContain(problem);
    expect(error.facts).toEqual({ file: 'apihydra.config.json', name: place });
  });

  it('a secret that should have been a text, without showing it', async () => {
    const error = await errorOf(loadBooks({ auth: { type: 'basic', password: 12_345 } }));
    expect(error.facts.name).toBe('apis.books.auth.password');
    expect(error.message).not.toContain('12345');
  });

  it.each([
    ['githab', {}, 'apis.x.api', 'Did you mean github?'],
    [
      'github',
      { requestPerHour: 5 },
      'apis.x.apiOptions.requestPerHour',
      'Did you mean requestsPerHour?',
    ],
    ['shopify', { shop: 'mine' }, 'apis.x.apiOptions.version', 'got nothing'],
    ['42', { apiBase: 'https://evil.test' }, 'apis.x.apiOptions', 'left out for 42'],
  ])('%s told %j', async (api, apiOptions, place, problem) => {
    const text = JSON.stringify({ apis: { x: { api, apiOptions } } });
    const error = await errorOf(load('apihydra.config.json', text));
    expect(error.facts.name).toBe(place);
    expect(error.message).toContain(problem);
  });

  it('no API, or a default that is none', async () => {
    const none = await errorOf(load('apihydra.config.json', '{"apis":{}}'));
    expect(none.message).toContain('at least one API');
    const other = await errorOf(loadBooks({}, { defaultApi: 'bocks' }));
    expect(other.message).toContain('Did you mean books?');
    const name = await errorOf(load('apihydra.config.json', '{"apis":{"a/b":{"api":"42"}}}'));
    expect(name.message).toContain('a name of letters, digits');
  });

  it.each([
    ['apihydra.config.json', `{\n"apis": ${SECRET}`, 'no JSON', undefined],
    ['apihydra.config.json', '{\n"apis": {', 'no JSON', 2],
    ['apihydra.config.yaml', `apis:\n  x: [${SECRET}\n`, 'no YAML', 3],
    ['apihydra.config.ts', `export default {\n apis: [}`, 'no code', 2],
    ['apihydra.config.mjs', `export default {\n apis: [}`, 'no code', 2],
    [
      'apihydra.config.ts',
      "import 'nothing-there';\nexport default {};",
      "Cannot find module 'nothing-there'",
      undefined,
    ],
    ['apihydra.config.yaml', '# nothing\n', 'says nothing', undefined],
    ['apihydra.config.yaml', 'only text', 'an object with `apis`, got a text', undefined],
    ['apihydra.config.json', '[]', 'an object with `apis`, got a list', undefined],
    ['apihydra.config.json', ' ', 'an empty file', undefined],
  ])('%s with %j', async (name, text, problem, line) => {
    const error = await errorOf(load(name, text));
    expect(error.message).toContain(name);
    expect(error.message).toContain(problem);
    expect(error.facts.line).toBe(line);
  });

  it('two files beside each other, unless one is named', async () => {
    const cwd = folderWith({ 'apihydra.config.json': '{', 'apihydra.config.yaml': yaml });
    const error = await errorOf(loadConfig({ cwd, env }));
    expect(error.message).toContain('apihydra.config.json and apihydra.config.yaml');
    const { apis } = await loadConfig({ cwd, env, file: 'apihydra.config.yaml' });
    expect(apis).toHaveLength(1);
  });

  it('no file, one that is not there, and one of another kind', async () => {
    const cwd = folderWith({ 'mine.toml': '' });
    expect((await errorOf(loadConfig({ cwd }))).message).toContain('`apihydra init` writes one');
    const gone = await errorOf(loadConfig({ cwd, file: 'mine.yaml' }));
    expect(gone.message).toContain('there is no such file');
    const toml = await errorOf(loadConfig({ cwd, file: 'mine.toml' }));
    expect(toml.message).toContain('a name that ends in .ts, .js');
  });
});

describe('hydraFrom', () => {
  it('opens a hydra for the API that is named, the default or the only one', async () => {
    const two = JSON.stringify({ apis: { a: books(), b: books() } });
    const config = await load('apihydra.config.json', two);
    const error = await errorOf(hydraFrom(config));
    expect(error.message).toContain('expected one of a, b to be named');
    expect((await errorOf(hydraFrom(config, 'c'))).message).toContain('has no API "c"');
    await using hydra = await hydraFrom(config, 'a', { appsFile: false, maxRetries: undefined });
    expect(hydra.stats.apps).toBe(1);
    await using another = await hydraFrom({ ...config, defaultApi: 'b' }, undefined, {
      appsFile: false,
    });
    expect(another.stats.apps).toBe(1);
  });

  it('is a hydra of the 42 Intra where that is the API', async () => {
    const config = await load('apihydra.config.yaml', "apis: { intra: { api: '42' } }");
    await using hydra = await hydraFrom(config);
    expect(hydra.constructor.name).toBe('FtApiHydra');
  });

  it('refuses an API of which neither apps nor an apps file are there', async () => {
    const error = await errorOf(hydraFrom(await loadBooks({ apps: undefined })));
    expect(error.facts.name).toBe('apis.books');
    expect(error.message).toContain('apps.books.json');
  });
});

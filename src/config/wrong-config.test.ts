import { describe, expect, it } from 'vitest';
import {
  books,
  env,
  errorOf,
  folderWith,
  load,
  loadBooks,
  loadJson,
  SECRET,
} from '../../test/config/config-files.js';
import { loadConfig } from './index.js';

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
      { apps: [{ id: 'a' }] },
      'apis.books.apps[0].credentials',
      'an object of strings, got nothing',
    ],
    [
      'an app whose credentials are misspelt',
      { apps: [{ id: 'a', credential: {} }] },
      'apis.books.apps[0].credential',
      'Did you mean credentials?',
    ],
    ['an app that is only a name', { apps: ['a'] }, 'apis.books.apps[0]', 'an object, got a text'],
    [
      'a limit that is misspelt',
      { limits: [{ requests: 5, perms: 1000 }] },
      'apis.books.limits[0].perms',
      'Did you mean perMs?',
    ],
    ['42 as a number', { api: 42 }, 'apis.books.api', '"42" in quotes, got 42.'],
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
    [
      'a header of two lines',
      { headers: { 'X-Key': '${TOKEN}\n' } },
      'apis.books.headers.X-Key',
      'a string of one line.',
    ],
    [
      'a header whose name is none',
      { headers: { 'x key': 'k' } },
      'apis.books.headers',
      'Expected a header name',
    ],
    [
      'a header that the transport sets',
      { headers: { 'Content-Length': '5' } },
      'apis.books.headers.Content-Length',
      'the transport sets it',
    ],
    [
      'a placeholder that is called like something that every object has',
      { headers: { a: '${toString}' } },
      'apis.books.headers.a',
      'the variable toString to be set',
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

  it.each([
    [{ limits: [{ requests: 0, perMs: 1 }] }, 'limits[0].requests', 'at least 1, got 0.'],
    [{ respondType: 'json' }, 'respondType', 'Did you mean responseType?'],
    [{ apps: [{ id: 'a' }] }, 'apps[0].credentials', 'got nothing'],
    [{ baseUrl: `https://me:${SECRET}@books.test` }, 'baseUrl', 'without credentials'],
    [{ headers: { a: '${NONE}' } }, 'headers.a', 'the variable NONE'],
    [{ api: 'github' }, 'baseUrl', 'beside `api`'],
    [{ apis: { x: { api: '42' } } }, 'baseUrl', 'a file has either `apis`, or one API'],
    [{ defaultApi: 'x' }, 'defaultApi', 'only beside `apis`, which is not there'],
    [{ apiss: {} }, 'apiss', 'Did you mean apis?'],
    [{ auth: undefined }, undefined, '`auth` is missing'],
  ])('a single API at the top with %j', async (more, place, problem) => {
    const error = await errorOf(loadJson(books(more)));
    expect(error.message).toContain(problem);
    expect(error.facts.name).toBe(place);
  });

  it('neither `apis` nor an API, with what either needs', async () => {
    const error = await errorOf(loadJson({ options: { threads: 1 } }));
    expect(error.message).toBe(
      'apihydra.config.json: expected `apis`, or one API with either `api`, or `baseUrl`, `limits` and `auth`; there is none of them.',
    );
  });

  it('limits to be found out where they are known: those of 42', async () => {
    const error = await errorOf(loadJson({ apis: { x: { api: '42', limits: 'discover' } } }));
    expect(error.facts.name).toBe('apis.x.limits');
    expect(error.message).toContain('expected a list');
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
    [
      'github',
      { baseUrl: `https://me:${SECRET}@x.test` },
      'apis.x.apiOptions.baseUrl',
      'without credentials',
    ],
    ['github', { requestsPerHour: 0.5 }, 'apis.x.apiOptions.requestsPerHour', 'a whole number'],
    ['gitlab', { requestsPerMinute: 0 }, 'apis.x.apiOptions.requestsPerMinute', 'at least 1'],
    ['notion', { requestsPerSecond: 2.5 }, 'apis.x.apiOptions.requestsPerSecond', 'a whole number'],
    ['stripe', { requestsPerSecond: 0.5 }, 'apis.x.apiOptions.requestsPerSecond', 'a whole number'],
    [
      'openAiStyle',
      { tokensPerMinute: 99.5 },
      'apis.x.apiOptions.tokensPerMinute',
      'a whole number of at least 1, got a number.',
    ],
    [
      'openAiStyle',
      { tokensPerRequest: 0.5 },
      'apis.x.apiOptions.tokensPerRequest',
      'a number of at least 1',
    ],
    ['openAiStyle', { models: {} }, 'apis.x.apiOptions.models', 'at least one model'],
    [
      'openAiStyle',
      { models: { small: { requestsPerMinute: 0.5 } } },
      'apis.x.apiOptions.models.small.requestsPerMinute',
      'a whole number',
    ],
    [
      'reddit',
      { userAgent: `${SECRET}\nx-more: 1` },
      'apis.x.apiOptions.userAgent',
      'a text of one line',
    ],
    ['notion', { version: `${SECRET}\n` }, 'apis.x.apiOptions.version', 'a text of one line'],
    [
      'shopify',
      { shop: `https://me:${SECRET}@mine`, version: '2026-01' },
      'apis.x.apiOptions.shop',
      'a host such as "example.myshopify.com"',
    ],
    ['discord', { rate: 5 }, 'apis.x.apiOptions.rate', 'is not known. There are none.'],
  ])('%s told %j', async (api, apiOptions, place, problem) => {
    const error = await errorOf(loadJson({ apis: { x: { api, apiOptions } } }));
    expect(error.facts.name).toBe(place);
    expect(error.message).toContain(problem);
  });

  it('no API, or a default that is none', async () => {
    const none = await errorOf(loadJson({ apis: {} }));
    expect(none.message).toContain('at least one API');
    const other = await errorOf(loadBooks({}, { defaultApi: 'bocks' }));
    expect(other.message).toContain('Did you mean books?');
    const name = await errorOf(loadJson({ apis: { 'a/b': { api: '42' } } }));
    expect(name.message).toContain('a name of letters, digits');
  });

  it.each([
    ['apihydra.config.json', `{\n"apis": ${SECRET}`, 'no JSON', undefined],
    ['apihydra.config.json', '{\n"apis": {', 'no JSON', 2],
    ['apihydra.config.yaml', `apis:\n  x: [${SECRET}\n`, 'no YAML', 3],
    ['apihydra.config.yaml', 'api: a\napi: b\n', 'read (duplicated mapping key)', 2],
    ['apihydra.config.yaml', `api: *${SECRET}\n`, 'no YAML that can be read.', 1],
    ['apihydra.config.ts', `export default {\n apis: [}`, 'no code', 2],
    ['apihydra.config.mjs', `export default {\n apis: [}`, 'no code', 2],
    [
      'apihydra.config.ts',
      "import 'nothing-there';\nexport default {};",
      "Cannot find module 'nothing-there'",
      undefined,
    ],
    ['apihydra.config.yaml', '# nothing\n', 'says nothing', undefined],
    [
      'apihydra.config.yaml',
      'only text',
      'an object with `apis`, or with one API, got a text',
      undefined,
    ],
    ['apihydra.config.json', '[]', 'an object with `apis`, or with one API, got a list', undefined],
    ['apihydra.config.json', ' ', 'an empty file', undefined],
  ])('%s with %j', async (name, text, problem, line) => {
    const error = await errorOf(load(name, text));
    expect(error.message).toContain(name);
    expect(error.message).toContain(problem);
    expect(error.facts.line).toBe(line);
  });

  it('two files beside each other, unless one is named', async () => {
    const cwd = folderWith({ 'apihydra.config.json': '{', 'apihydra.config.yaml': 'api: github' });
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

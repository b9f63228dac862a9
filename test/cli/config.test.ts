import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { standIn, temporaryFolder } from '../intra42/setting.js';
import { bearerServer, type BearerServer } from './bearer-server.js';
import { accountOf, apihydra, apihydraHere, basesOf } from './command-line.js';

const variables = { TOKEN_A: 'good-a', TOKEN_B: 'good-b' };

/** An API of the server, with an app for each variable. */
function apiOf(server: BearerServer, names: readonly string[], more: object = {}): object {
  return {
    baseUrl: server.baseUrl,
    limits: [{ requests: 50, perMs: 1000 }],
    auth: { type: 'bearer' },
    apps: names.map((name) => ({ id: name.toLowerCase(), credentials: { token: `\${${name}}` } })),
    ...more,
  };
}

/** A folder with a configuration. */
function folderWith(apis: Record<string, object>, rest: object = {}): string {
  const folder = temporaryFolder();
  const text = JSON.stringify({ apis, options: { minRequestDelayMs: 1 }, ...rest });
  writeFileSync(path.join(folder, 'apihydra.config.json'), text);
  return folder;
}

const pathsOf = (server: BearerServer): string[] =>
  server.received.map((request) => request.path).toSorted();
const tokensOf = (server: BearerServer): string[] =>
  [...new Set(server.received.map(({ token }) => token))].toSorted();

describe('with a configuration', () => {
  it('a run is carried out with its API and apps', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, ['TOKEN_A', 'TOKEN_B']) });
    writeFileSync(path.join(folder, 'paths.txt'), '/1\n/2\n/3\n/4\n');
    const { code, stderr } = await apihydraHere(
      ['run', 'paths.txt', '--out', 'out'],
      folder,
      variables,
    );
    expect(stderr).toContain('Using books of apihydra.config.json.');
    expect(code).toBe(0);
    expect(pathsOf(server)).toEqual(['/v1/1', '/v1/2', '/v1/3', '/v1/4']);
    expect(tokensOf(server)).toEqual(['good-a', 'good-b']);
    expect(readdirSync(folder)).toContain('apps.books.json');
  });

  it('get, in a process of its own, takes secrets from .env where the environment has none', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, ['TOKEN_A', 'TOKEN_B']) });
    writeFileSync(path.join(folder, '.env'), 'TOKEN_A=bad\nTOKEN_B=good-from-file\n', {
      mode: 0o600,
    });
    const { code, stdout } = await apihydra(['get', '/1'], folder, { TOKEN_A: 'good-a' });
    expect([code, stdout]).toEqual([0, '{"path":"/v1/1"}']);
    const { baseUrl } = server;
    expect(baseUrl).toContain('127.0.0.1');
    expect(tokensOf(server)).toEqual([expect.stringMatching(/^good-/)]);
  });

  it('--api names one of several, and without it the default counts', async () => {
    const [one, two] = [await bearerServer(), await bearerServer()];
    const apis = { one: apiOf(one, ['TOKEN_A']), two: apiOf(two, ['TOKEN_A']) };
    const folder = folderWith(apis, { defaultApi: 'two' });
    await apihydraHere(['get', '/a', '--api', 'one'], folder, variables);
    await apihydraHere(['get', '/b'], folder, variables);
    expect([pathsOf(one), pathsOf(two)]).toEqual([['/v1/a'], ['/v1/b']]);
    const wrong = await apihydraHere(['get', '/c', '--api', 'tow'], folder, variables);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('has no API "tow". Did you mean two?');
  });

  it('--config names another file, and flags go before what it says', async () => {
    const server = await bearerServer();
    const folder = folderWith({
      books: apiOf(server, ['TOKEN_A'], { options: { maxRetries: 0 } }),
    });
    const elsewhere = temporaryFolder();
    const config = path.join(folder, 'apihydra.config.json');
    const flags = ['--config', config, '--apps-file', 'mine.json', '--threads', '0', '--http2'];
    const { code, stderr } = await apihydraHere(['get', '/1', ...flags], elsewhere, variables);
    expect([code, stderr]).toEqual([0, '']);
    expect(readdirSync(elsewhere)).toEqual(['mine.json']);
    expect(readdirSync(folder)).toEqual(['apihydra.config.json']);
  });

  it('a plan is made of its apps and limits', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, ['TOKEN_A', 'TOKEN_B']) });
    writeFileSync(path.join(folder, 'paths.txt'), '/1\n/2\n');
    const { code, stdout } = await apihydraHere(['plan', 'paths.txt', '--json'], folder, variables);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      apps: 2,
      appsFrom: 'config',
      groups: [{ apps: 2, limits: [{ requests: 50, perMs: 1000 }] }],
    });
    expect(server.received).toEqual([]);
  });

  it('a plan of limits that nobody knows asks for them', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, ['TOKEN_A'], { limits: 'discover' }) });
    writeFileSync(path.join(folder, 'paths.txt'), '/1\n');
    const { code, stderr } = await apihydraHere(['plan', 'paths.txt'], folder, variables);
    expect(code).toBe(1);
    expect(stderr).toContain('Expected --limit');
    const given = await apihydraHere(['plan', 'paths.txt', '--limit', '5/1s'], folder, variables);
    expect(given.code).toBe(0);
  });

  it('what only the 42 Intra has takes its options there, and refuses another API', async () => {
    const [server, intra] = [await bearerServer(), await standIn()];
    const apis = { books: apiOf(server, []), intra: { api: '42', appsFile: 'ft.json' } };
    const folder = folderWith({ ...apis, books: apiOf(server, ['TOKEN_A']) });
    const env = { ...variables, ...accountOf(intra) };
    const made = await apihydraHere(['apps', 'set', '1'], folder, env);
    expect(made.stderr).toContain('Made 1: there is 1 app.');
    expect(readdirSync(folder)).toContain('ft.json');
    const list = await apihydraHere(['apps', 'list', '--json'], folder, env);
    expect(JSON.parse(list.stdout)).toHaveLength(1);
    const other = await apihydraHere(['usage', '--api', 'books'], folder, env);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('Expected --api to name the 42 Intra');
  });

  it('--api-base does not lead the tokens of another API elsewhere', async () => {
    const [server, other] = [await bearerServer(), await bearerServer()];
    const folder = folderWith({ books: apiOf(server, ['TOKEN_A']) });
    const { code, stderr } = await apihydraHere(
      ['get', '/1', '--api-base', other.baseUrl],
      folder,
      variables,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('only for the 42 Intra');
    expect(other.received).toEqual([]);
  });

  it('that is wrong, nothing is sent, and the error shows no secret', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, ['TOKEN_A'], { respondType: 'good-a' }) });
    const { code, stdout, stderr } = await apihydraHere(['get', '/1'], folder, variables);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'apihydra: apihydra.config.json at `apis.books.respondType`: is not known. Did you mean responseType?\n',
    );
    expect(stdout).toBe('');
    expect(server.received).toEqual([]);
  });

  it('--api without one is an error that says what to do', async () => {
    const { code, stderr } = await apihydraHere(['get', '/1', '--api', 'x'], temporaryFolder());
    expect(code).toBe(1);
    expect(stderr).toContain('`apihydra init` writes one');
  });
});

describe('apihydra check', () => {
  const names = ['GOOD', 'BAD', 'USED'];
  const tokens = { GOOD: 'good-1', BAD: 'wrong-2', USED: 'used-3' };

  it('asks once with each app, and says which work and what the server told', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, names, { checkPath: '/me' }) });
    const { code, stdout, stderr } = await apihydraHere(['check', '--json'], folder, tokens);
    expect([code, stderr]).toEqual([3, '']);
    expect(server.received).toEqual([
      { token: 'good-1', path: '/v1/me' },
      { token: 'wrong-2', path: '/v1/me' },
      { token: 'used-3', path: '/v1/me' },
    ]);
    const limits = [{ name: 'X-RateLimit', requests: 100, remaining: 99 }];
    expect(JSON.parse(stdout)).toMatchObject([
      {
        api: 'books',
        path: '/me',
        apps: [
          { app: 'good', ok: true, status: 200, error: null, limits },
          { app: 'bad', ok: false, status: 401, error: expect.stringContaining('401'), limits },
          { app: 'used', ok: false, status: 429, error: 'refused: its limit is used up', limits },
        ],
      },
    ]);
    for (const token of Object.values(tokens)) expect(stdout).not.toContain(token);
  });

  it('is well when all apps of all APIs are, and shows a table', async () => {
    const [one, two] = [await bearerServer(), await bearerServer()];
    const folder = folderWith({ one: apiOf(one, ['GOOD']), two: apiOf(two, ['GOOD']) });
    const { code, stdout } = await apihydraHere(['check'], folder, tokens);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^one, GET \/\napp .*\ngood +ok +200 +X-RateLimit: 99 of 100 left/);
    expect(stdout).toContain('two, GET /');
    const only = await apihydraHere(['check', '--api', 'two', '--path', '/x'], folder, tokens);
    expect(only.stdout).not.toContain('one, GET');
    expect(pathsOf(two)).toEqual(['/v1/', '/v1/x']);
  });

  it('says of a path that is not there how to name another', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, ['GOOD']) });
    const { code, stdout } = await apihydraHere(['check', '--path', '/nowhere'], folder, tokens);
    expect(code).toBe(3);
    expect(stdout).toContain(
      '404  not found: name a path that is there, with --path or `checkPath`',
    );
  });

  it('says of a server that is not there that it cannot be reached', async () => {
    const api = apiOf({ baseUrl: 'http://127.0.0.1:1', received: [] }, ['GOOD']);
    const { code, stdout } = await apihydraHere(['check'], folderWith({ gone: api }), tokens);
    expect(code).toBe(3);
    expect(stdout).toMatch(/good +failed +- .*ECONNREFUSED/);
  });

  it('gets a token where the API has some, and tells of one that is not to be had', async () => {
    const intra = await standIn();
    const tokenUrl = `${new URL(intra.apiBase).origin}/oauth/token`;
    const folder = folderWith({
      ft: {
        baseUrl: intra.apiBase,
        limits: 'discover',
        auth: { type: 'oauth2ClientCredentials', tokenUrl },
        checkPath: '/campus',
        apps: [{ id: 'a', credentials: { clientId: 'nobody', clientSecret: '${SECRET}' } }],
      },
    });
    const { code, stdout } = await apihydraHere(['check'], folder, { SECRET: 'not-this-one' });
    expect(code).toBe(3);
    expect(stdout).toContain('rejected the credentials of app a');
    expect(stdout).not.toContain('not-this-one');
    const env = { ...accountOf(intra) };
    const ours = folderWith({ intra: { api: '42' } });
    await apihydraHere(['apps', 'set', '2'], ours, env);
    const proved = await apihydraHere(['check', '--json'], ours, basesOf(intra));
    expect(proved.code).toBe(0);
    expect(JSON.parse(proved.stdout)).toMatchObject([{ apps: [{ ok: true }, { ok: true }] }]);
  });

  it('waits no longer than it is told for a token that does not come', async () => {
    const tokenUrl = 'http://127.0.0.1:1/token';
    const auth = { type: 'oauth2ClientCredentials', tokenUrl };
    const apps = [{ id: 'a', credentials: { clientId: 'c', clientSecret: 's' } }];
    const api = { baseUrl: 'http://127.0.0.1:1', limits: 'discover', auth, apps };
    const args = ['check', '--timeout', '300'];
    const { code, stdout } = await apihydraHere(args, folderWith({ gone: api }));
    expect(code).toBe(3);
    expect(stdout).toMatch(/no answer within 300 ms: .*token/);
  });

  it.each([
    [[], 'Expected a configuration'],
    [['--config', 'none.yaml'], 'there is no such file'],
  ])('%j without a configuration is an error', async (args, message) => {
    const { code, stderr } = await apihydraHere(['check', ...args], temporaryFolder());
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('apihydra init', () => {
  it.each(['yaml', 'ts', 'js', 'json'])(
    'writes %s that can be read, without secrets',
    async (format) => {
      const server = await bearerServer();
      const folder = temporaryFolder();
      const { code, stderr } = await apihydraHere(['init', '--format', format], folder);
      expect([code, stderr]).toEqual([
        0,
        `Wrote apihydra.config.${format}. Next: fill it in, and \`apihydra check\`.\n`,
      ]);
      const file = path.join(folder, `apihydra.config.${format}`);
      const text = readFileSync(file, 'utf8');
      expect(text).toContain('${EXAMPLE_TOKEN_1}');
      // JSON has no comments.
      const isExplained = /(#|\/\/) Whom to ask with\. \$\{NAME\} is filled in/.test(text);
      expect(isExplained).toBe(format !== 'json');
      writeFileSync(file, text.replace('https://api.example.com/v1', server.baseUrl));
      const env = { EXAMPLE_TOKEN_1: 'good-1', EXAMPLE_TOKEN_2: 'good-2' };
      const checked = await apihydraHere(['check'], folder, env);
      expect(checked.code).toBe(0);
      expect(tokensOf(server)).toEqual(['good-1', 'good-2']);
    },
  );

  it('never writes over a configuration, unless told to, and puts no second one beside it', async () => {
    const folder = temporaryFolder();
    await apihydraHere(['init', '--api', '42'], folder);
    const before = readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8');
    const again = await apihydraHere(['init', '--api', 'github'], folder);
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('--force writes over it'),
    ]);
    const other = await apihydraHere(['init', '--format', 'ts', '--force'], folder);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('remove it first')]);
    expect(readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8')).toBe(before);
    const forced = await apihydraHere(['init', '--api', 'github', '--force'], folder);
    expect(forced.code).toBe(0);
    expect(readFileSync(path.join(folder, 'apihydra.config.yaml'), 'utf8')).toContain(
      'GITHUB_TOKEN_1',
    );
    expect(readdirSync(folder)).toEqual(['apihydra.config.yaml']);
  });

  it('refuses an API or a format that it does not know', async () => {
    const { code, stderr } = await apihydraHere(['init', '--api', 'githab'], temporaryFolder());
    expect(code).toBe(2);
    expect(stderr).toContain('github');
  });
});

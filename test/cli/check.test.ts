import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { standIn, temporaryFolder } from '../intra42/setting.js';
import { bearerServer } from './bearer-server.js';
import {
  accountOf,
  apihydraHere,
  apihydraOnTerminal,
  basesOf,
  hasTerminal,
} from './command-line.js';
import { apiOf, folderOf, folderWith, pathsOf, tokensOf } from './config-setting.js';

describe('apihydra check', () => {
  const names = ['GOOD', 'BAD', 'USED'];
  const tokens = { GOOD: 'good-1', BAD: 'wrong-2', USED: 'used-3' };

  it('asks once with each app, and says which work and what the server told', async () => {
    const server = await bearerServer();
    const folder = folderWith({ books: apiOf(server, names, { checkPath: '/me' }) });
    const { code, stdout, stderr } = await apihydraHere(['check', '--json'], folder, tokens);
    expect([code, stderr]).toEqual([3, '']);
    expect(pathsOf(server)).toEqual(['/v1/me', '/v1/me', '/v1/me']);
    expect(tokensOf(server)).toEqual(Object.values(tokens).toSorted());
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

  it.skipIf(!hasTerminal)('shows on a terminal how many are checked, then the table', async () => {
    const server = await bearerServer();
    // The second is asked so much later that the bar shows the first alone.
    const options = { minRequestDelayMs: 400 };
    const folder = folderWith({ books: apiOf(server, ['GOOD', 'BAD']) }, { options });
    const { code, stdout } = await apihydraOnTerminal(['check'], folder, tokens, []);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /books: 0 of 2 apps checked.*books: 1 of 2 apps checked.*books, GET \//s,
    );
  });

  it('asks with eight apps at once, and shows them in their order', async () => {
    const server = await bearerServer({ together: 8, answerAfterMs: 20 });
    const ids = Array.from({ length: 20 }, (_, index) => `app${index}`);
    const folder = folderWith({ books: apiOf(server, ids) });
    const env = Object.fromEntries(ids.map((id) => [id, `good-${id}`]));
    const { code, stdout } = await apihydraHere(['check'], folder, env);
    expect(code).toBe(0);
    const [, , ...lines] = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual(ids);
    expect(server.received).toHaveLength(20);
    expect(server.mostAtOnce).toBe(8);
    const kept = JSON.parse(readFileSync(path.join(folder, 'apps.books.json'), 'utf8'));
    // What each has used counts from now on, and nothing more.
    expect(kept).toMatchObject({
      unsavedMs: 0,
      apps: ids.map(() => ({ sent: [expect.any(Number)] })),
    });
  });

  it('keeps what all APIs that name the same apps file say of their apps', async () => {
    const server = await bearerServer();
    const appsFile = 'both.json';
    const one = apiOf(server, ['GOOD'], { appsFile });
    const folder = folderWith({ one, two: apiOf(server, ['USED'], { appsFile }) });
    await apihydraHere(['check'], folder, tokens);
    const file = path.join(folder, appsFile);
    const sent = [expect.any(Number)];
    const both = {
      apps: [
        { app: { id: 'good' }, sent },
        { app: { id: 'used' }, sent },
      ],
    };
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject(both);
  });

  it('does not write over the apps file of another API', async () => {
    const [first, second] = [await bearerServer(), await bearerServer()];
    const appsFile = 'both.json';
    const one = apiOf(first, ['GOOD'], { appsFile });
    const folder = folderWith({ one, two: apiOf(second, ['USED'], { appsFile }) });
    const { code, stderr } = await apihydraHere(['check'], folder, tokens);
    expect([code, second.received]).toEqual([1, []]);
    expect(stderr).toContain('belongs to');
    const kept = JSON.parse(readFileSync(path.join(folder, appsFile), 'utf8'));
    expect(kept.apps).toMatchObject([{ app: { id: 'good' } }]);
  });

  it('goes on after an app that lacks its credential', async () => {
    const server = await bearerServer();
    const apps = [
      { id: 'bare', credentials: {} },
      { id: 'good', credentials: { token: '${GOOD}' } },
    ];
    const folder = folderWith({ books: apiOf(server, [], { apps }) });
    const { code, stdout } = await apihydraHere(['check'], folder, tokens);
    expect(code).toBe(3);
    expect(stdout).toMatch(/bare +failed +- +Expected app bare to have the credential `token`/);
    expect(stdout).toMatch(/good +ok +200/);
    expect(tokensOf(server)).toEqual(['good-1']);
  });

  it('tells a server that is down from an app that is used up, by what the API calls a refusal', async () => {
    const server = await bearerServer();
    const { baseUrl } = server;
    const apps = ['HELD', 'DOWN'].map((id) => ({ id, credentials: { token: `\${${id}}` } }));
    const folder = folderOf({ api: 'github', apiOptions: { baseUrl }, apps });
    const env = { HELD: 'held-1', DOWN: 'down-2' };
    const { code, stdout } = await apihydraHere(['check'], folder, env);
    expect(code).toBe(3);
    expect(stdout).toMatch(/HELD +failed +403 +refused: its limit is used up/);
    expect(stdout).toMatch(/DOWN +failed +503 +Answered with status 503/);
  });

  it('asks a ready definition for what it has, unless a path is given', async () => {
    const server = await bearerServer();
    const { baseUrl } = server;
    const apps = [{ id: 'good', credentials: { token: 'good-1' } }];
    const ofName = (api: string): object => ({ api, apiOptions: { baseUrl }, apps });
    const folder = folderWith({
      a: ofName('github'),
      b: ofName('gitlab'),
      c: ofName('openAiStyle'),
      d: { ...ofName('gitlab'), checkPath: '/version' },
    });
    const { code, stdout } = await apihydraHere(['check'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('b, GET /user\n');
    expect(server.received.map((request) => request.path)).toEqual([
      '/v1/versions',
      '/v1/user',
      '/v1/models',
      '/v1/version',
    ]);
  });

  it('sends nothing while an API has no apps', async () => {
    const server = await bearerServer();
    const bare = apiOf(server, [], { apps: undefined });
    const folder = folderWith({ books: apiOf(server, ['GOOD']), bare });
    const { code, stderr } = await apihydraHere(['check'], folder, tokens);
    expect(code).toBe(1);
    expect(stderr).toContain('at `apis.bare`: expected apps to check');
    expect(server.received).toEqual([]);
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
    const api = apiOf({ baseUrl: 'http://127.0.0.1:1' }, ['GOOD']);
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
  });

  it('keeps the tokens of all apps of 42, and asks for no second one', async () => {
    const intra = await standIn({ existingApps: ['ApiHydra_1', 'ApiHydra_2', 'ApiHydra_3'] });
    const folder = folderOf({ api: '42' });
    await apihydraHere(['apps', 'set', '3'], folder, accountOf(intra));
    const ok = { ok: true, status: 200 };
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await apihydraHere(['check', '--json'], folder, basesOf(intra));
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject([{ path: '/campus', apps: [ok, ok, ok] }]);
    }
    expect(intra.account.totals).toMatchObject({ accepted: 6, tokenRequests: 3 });
  });

  it('does not sign in where 42 rejects a secret, and drops no app', async () => {
    const intra = await standIn({ existingApps: ['ApiHydra_1', 'ApiHydra_2'] });
    const folder = folderOf({ api: '42' });
    await apihydraHere(['apps', 'set', '2'], folder, accountOf(intra));
    const { signIns } = intra.account.totals;
    intra.rotateSecret(intra.apps[0]?.id ?? '');
    const { code, stdout } = await apihydraHere(['check'], folder, accountOf(intra));
    expect(code).toBe(3);
    expect(stdout).toMatch(/failed +- .*its secret was rejected/);
    expect(intra.account.totals.signIns).toBe(signIns);
    const listed = await apihydraHere(['apps', 'list', '--json'], folder, basesOf(intra));
    expect(JSON.parse(listed.stdout)).toHaveLength(2);
  });

  it('waits no longer than it is told for a token that does not come', async () => {
    const tokenUrl = 'http://127.0.0.1:1/token';
    const auth = { type: 'oauth2ClientCredentials', tokenUrl };
    const apps = [{ id: 'a', credentials: { clientId: 'c', clientSecret: 's' } }];
    const api = { baseUrl: 'http://127.0.0.1:1', limits: 'discover', auth, apps };
    const args = ['check', '--timeout', '300'];
    const { code, stdout } = await apihydraHere(args, folderWith({ gone: api }));
    expect(code).toBe(3);
    expect(stdout).toMatch(/no token within 300 ms: A token for app a at .* could not be had/);
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

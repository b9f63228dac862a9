import { readdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { standIn, temporaryFolder } from '../intra42/setting.js';
import { bearerServer } from './bearer-server.js';
import { accountOf, apihydra, apihydraHere } from './command-line.js';
import { apiOf, folderOf, folderWith, pathsOf, tokensOf } from './config-setting.js';

const variables = { TOKEN_A: 'good-a', TOKEN_B: 'good-b' };

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

  it('what failed is asked again by retry, with the file that --config names', async () => {
    const server = await bearerServer();
    const options = { maxNotFoundRetries: 0, minRequestDelayMs: 1 };
    const config = path.join(
      folderOf(apiOf(server, ['TOKEN_A'], { options })),
      'apihydra.config.json',
    );
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'paths.txt'), '/1\n/late\n');
    server.missing.add('/v1/late');
    const args = ['--config', config, '--log-level', 'fatal'];
    const first = await apihydraHere(
      ['run', 'paths.txt', '--out', 'out', ...args],
      folder,
      variables,
    );
    expect(first.code).toBe(3);
    server.missing.clear();
    const again = await apihydraHere(['retry', 'out', ...args], folder, variables);
    expect(again.code).toBe(0);
    expect(pathsOf(server)).toEqual(['/v1/1', '/v1/late', '/v1/late']);
    const other = await apihydraHere(['retry', 'out', '--config', 'none.yaml'], folder, variables);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('no such file')]);
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

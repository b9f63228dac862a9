import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readItems } from '../../src/index.js';
import type { Intra42, Intra42Options } from '../../src/testing/index.js';
import { hydraFor, standIn, temporaryFolder } from '../intra42/setting.js';
import { all, listServer, type ListServer } from '../pagination/list-server.js';
import { accountOf, apihydraHere, type Ended } from './command-line.js';

interface Setting {
  readonly intra: Intra42;
  readonly cwd: string;
  readonly get: (...args: string[]) => Promise<Ended>;
}

/** A stand-in with an app, whose secret is in `apps.json`, and a folder to work in. */
async function setting(options: Intra42Options = {}): Promise<Setting> {
  const limits = [{ requests: 500, perMs: 1000 }];
  const intra = await standIn({ users: 250, limits, ...options });
  const cwd = temporaryFolder();
  const hydra = hydraFor(intra, { appsFile: path.join(cwd, 'apps.json'), store: false });
  await hydra.setNumberOfApps(1);
  await hydra.finish();
  intra.account.reset();
  const rest = ['--min-request-delay', '0', '--log-level', 'error'];
  const get = (...args: string[]): Promise<Ended> =>
    apihydraHere(['get', ...args, ...rest], cwd, accountOf(intra));
  return { intra, cwd, get };
}

/** A folder with a configuration for such a server. */
function listSetting({ origin }: ListServer): Pick<Setting, 'cwd' | 'get'> {
  const cwd = temporaryFolder();
  const api = {
    baseUrl: origin,
    limits: [{ requests: 100, perMs: 1000 }],
    auth: { type: 'bearer' },
    apps: [{ id: 'a', credentials: { token: '${TOKEN}' } }],
  };
  const config = JSON.stringify({ apis: { lists: api }, options: { minRequestDelayMs: 1 } });
  writeFileSync(path.join(cwd, 'apihydra.config.json'), config);
  return { cwd, get: (...args) => apihydraHere(['get', ...args], cwd, { TOKEN: 'good' }) };
}

function usersOf(intra: Intra42): { id: number; login: string }[] {
  return Array.from(
    { length: 250 },
    (_, index) => intra.user(index) as { id: number; login: string },
  );
}

const logins = (users: readonly unknown[]): string[] =>
  (users as { login: string }[]).map(({ login }) => login);

describe('apihydra get', () => {
  it('writes the body of one answer as it came, and nothing else', async () => {
    const { intra, get } = await setting();
    const login = intra.user(7)?.login ?? '';
    const { code, stdout, stderr } = await get(`/users/${login}`);
    expect(JSON.parse(stdout)).toEqual(intra.user(7));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(intra.account.totals.accepted).toBe(1);
  });

  it('writes all items of a list as JSON lines with --all, in order, with progress on stderr', async () => {
    const { intra, get } = await setting();
    const { code, stdout, stderr } = await get('/campus/51/users', '--all');
    const lines = stdout.trimEnd().split('\n');
    expect(logins(lines.map((line) => JSON.parse(line) as unknown))).toEqual(
      logins(usersOf(intra)),
    );
    expect(stderr).toMatch(/^250\/250, /m);
    expect(code).toBe(0);
    expect(intra.account.totals.accepted).toBe(3);
  });

  it('writes them as one array with --json, also when there are none', async () => {
    const { intra, get } = await setting();
    const whole = await get('/users', '--all', '--json', '--page-size', '50');
    expect(logins(JSON.parse(whole.stdout) as unknown[])).toEqual(logins(usersOf(intra)));
    expect(intra.account.totals.accepted).toBe(5);
    const none = await get('/users?filter[login]=nobody', '--all', '--json');
    expect(JSON.parse(none.stdout)).toEqual([]);
  });

  it('records the pages with --out, and asks for nothing when it is started again', async () => {
    const { intra, cwd, get } = await setting();
    const args = ['/users', '--all', '--out', 'users', '--json'];
    const first = await get(...args);
    expect(JSON.parse(first.stdout)).toMatchObject({ isComplete: true, done: 3, failed: 0 });
    expect(JSON.parse((await get(...args)).stdout)).toMatchObject({ done: 3, skipped: 3 });
    expect(intra.account.totals.accepted).toBe(3);
    const items = await all(readItems<{ login: string }>(path.join(cwd, 'users')));
    expect(logins(items)).toEqual(logins(usersOf(intra)));

    const exported = await apihydraHere(
      ['export', 'users', '--out', 'users.csv', '--each', '.', '--select', 'login'],
      cwd,
    );
    expect(exported.code).toBe(0);
    const csv = readFileSync(path.join(cwd, 'users.csv'), 'utf8').trim().split(/\r?\n/);
    expect(csv).toEqual(['login', ...logins(usersOf(intra))]);

    const retried = await apihydraHere(['retry', 'users'], cwd, accountOf(intra));
    expect(retried.code).toBe(1);
    expect(retried.stderr).toContain('`apihydra get /users --all --out users`');
  });

  it('goes on with --out after a page was refused, and asks for none twice that it has', async () => {
    const server = await listServer(25);
    const { cwd, get } = listSetting(server);
    let isRefused = false;
    server.answer = (request, response) => {
      if (isRefused || request.url?.includes('page=2') !== true) return false;
      isRefused = true;
      response.writeHead(403).end();
      return true;
    };
    const args = ['/totals', '--all', '--page-size', '10', '--out', 'things', '--json'];
    const first = await get(...args);
    expect(JSON.parse(first.stdout)).toMatchObject({ done: 2, failed: 1 });
    expect(first.code).not.toBe(0);
    const second = await get(...args);
    expect(JSON.parse(second.stdout)).toMatchObject({ isComplete: true, done: 3, failed: 0 });
    expect(second.code).toBe(0);
    expect(server.asked.toSorted()).toEqual([
      '/totals?per_page=10',
      '/totals?per_page=10&page=2',
      '/totals?per_page=10&page=2',
      '/totals?per_page=10&page=3',
    ]);
    expect(await all(readItems(path.join(cwd, 'things')))).toEqual(server.items);
  });

  it('succeeds with a list behind whose end the server answers 404, with --out and without', async () => {
    const server = await listServer(8);
    const { cwd, get } = listSetting(server);
    server.answer = (request, response) => {
      if (!/[?&]page=[3-9]/.test(request.url ?? '')) return false;
      response.writeHead(404).end();
      return true;
    };
    const how = ['--all', '--style', 'page', '--page-size', '5', '--json'];
    const args = ['/plain', ...how, '--max-retries', '0'];
    const printed = await get(...args);
    expect(JSON.parse(printed.stdout)).toEqual(server.items);
    expect(printed.code).toBe(0);
    const recorded = await get(...args, '--out', 'things');
    expect(JSON.parse(recorded.stdout)).toMatchObject({ isComplete: true, done: 2, failed: 0 });
    expect(recorded.code).toBe(0);
    const status = await apihydraHere(['status', 'things', '--json'], cwd);
    expect(JSON.parse(status.stdout)).toMatchObject({ done: 2, failed: 0, read: 2 });
    const report = await apihydraHere(['report', 'things', '--json'], cwd);
    expect(JSON.parse(report.stdout)).toMatchObject({
      requests: { succeeded: 2, failed: 0, read: 2 },
    });
  });

  it('asks with POST for a list that wants a query, to stdout and as a run', async () => {
    const server = await listServer(12);
    const { cwd, get: getHere } = listSetting(server);
    const pages = ['--cursor', 'data.things.pageInfo.endCursor', '--page-size', '5'];
    const more = ['--more', 'data.things.pageInfo.hasNextPage', '--items', 'data.things.nodes'];
    const names = ['--cursor-parameter', 'variables.after', '--size-parameter', 'variables.first'];
    const post = ['--all', '--post', '{"query":"{ things }"}', ...pages, ...more, ...names];
    const get = (...args: string[]): Promise<Ended> => getHere('/graphql', ...post, ...args);
    const printed = await get('--json');
    expect(JSON.parse(printed.stdout)).toEqual(server.items);
    expect(server.asked).toEqual([
      'POST /graphql{"query":"{ things }","variables":{"first":5}}',
      'POST /graphql{"query":"{ things }","variables":{"first":5,"after":"5"}}',
      'POST /graphql{"query":"{ things }","variables":{"first":5,"after":"10"}}',
    ]);
    server.asked.length = 0;
    expect(await get('--out', 'things')).toMatchObject({ code: 0 });
    expect(await get('--out', 'things')).toMatchObject({ code: 0 });
    expect(server.asked).toHaveLength(3);
    const items = readItems(path.join(cwd, 'things'), { items: 'data.things.nodes' });
    expect(await all(items)).toEqual(server.items);
  });

  it('ends with 1 and says why when a page is no list or there is none', async () => {
    const { intra, get } = await setting();
    const noList = await get(`/users/${intra.user(0)?.login}`, '--all', '--items', 'image');
    expect(noList.code).toBe(1);
    expect(noList.stderr).toContain('to hold a list at "image"');
    const missing = await get('/nowhere', '--max-retries', '0');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('status 404');
    expect(missing.stdout).toBe('');
  });

  it.each([
    [['/users', '--out', 'x'], 'expected --all with options for lists'],
    [['/users', '--post', '{}'], 'expected --all with options for lists'],
    [['/users', '--all', '--post', '[1]'], 'Expected an object in JSON'],
    [['/users', '--all', '--post', '{"a":9007199254740993}'], 'up to 9007199254740991'],
    [['/users', '--style', 'page'], 'expected --all with options for lists'],
    [['/users', '--all', '--style', 'pages'], 'Allowed choices are auto, page'],
    [['/users', '--all', '--page-size', '0'], 'Expected a whole number from 1 to'],
    [['/users', '--all', '--json', '--jsonl'], 'expected --json or --jsonl, got both'],
    [['/users', '--all', '--out', 'x', '--unique-by', 'id'], 'which records whole pages'],
    [[], "missing required argument 'path'"],
  ])('ends with 2 for %j', async (args, message) => {
    const { code, stderr } = await apihydraHere(['get', ...args], temporaryFolder());
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

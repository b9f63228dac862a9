import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Intra42, Intra42Options } from '../../src/testing/index.js';
import { hydraFor, standIn, temporaryFolder } from '../intra42/setting.js';
import {
  accountOf,
  apihydra,
  apihydraHere,
  apihydraOnTerminal,
  hasTerminal,
  type Ended,
} from './command-line.js';

const main = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

interface Setting {
  readonly intra: Intra42;
  readonly cwd: string;
  readonly run: (...args: string[]) => Promise<Ended>;
  /** The same without a process of its own. */
  readonly runHere: (...args: string[]) => Promise<Ended>;
}

/** A stand-in with apps, whose secrets are in `apps.json`, and a folder to work in. */
async function setting(options: Intra42Options = {}): Promise<Setting> {
  const limits = [{ requests: 200, perMs: 1000 }];
  const intra = await standIn({ users: 100, limits, ...options });
  const cwd = temporaryFolder();
  const hydra = hydraFor(intra, { appsFile: path.join(cwd, 'apps.json'), store: false });
  await hydra.setNumberOfApps(2);
  await hydra.finish();
  intra.account.reset();
  const argsOf = (command = '', ...args: string[]): string[] => {
    const isSending = command === 'run' || command === 'retry';
    return [command, ...args, ...(isSending ? ['--min-request-delay', '0'] : [])];
  };
  return {
    intra,
    cwd,
    run: (...args) => apihydra(argsOf(...args), cwd, accountOf(intra)),
    runHere: (...args) => apihydraHere(argsOf(...args), cwd, accountOf(intra)),
  };
}

function loginsOf(intra: Intra42, count: number): string[] {
  return Array.from({ length: count }, (_, index) => intra.user(index)?.login ?? '');
}

function pathsOf(intra: Intra42, count: number): string[] {
  return loginsOf(intra, count).map((login) => `/users/${login}`);
}

describe('apihydra run', () => {
  it('records each answer, says how far it is, and leaves what status, export and report read', async () => {
    const { intra, cwd, run, runHere } = await setting();
    const paths = pathsOf(intra, 40);
    writeFileSync(path.join(cwd, 'paths.txt'), `${paths.join('\n')}\n`);
    const ran = await run('run', 'paths.txt', '--out', 'users', '--json');
    expect(ran.stderr).toContain('40/40');
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ isComplete: true, done: 40, failed: 0 });

    const status = await runHere('status', 'users', '--json');
    const facts = { state: 'complete', done: 40, failed: 0, read: 40, isWhole: true };
    expect(JSON.parse(status.stdout)).toMatchObject({ ...facts, process: null });

    const exported = await runHere('export', 'users', '--format', 'json', '--out', 'users.json');
    expect(exported.code).toBe(0);
    const users = JSON.parse(readFileSync(path.join(cwd, 'users.json'), 'utf8')) as unknown[];
    expect(users).toEqual(loginsOf(intra, 40).map((login) => intra.user(login)));

    const reported = await runHere('report', 'users');
    expect(readFileSync(reported.stdout.trim(), 'utf8')).toContain(
      'All 40 requests were answered.',
    );
    const secrets = readFileSync(path.join(cwd, 'apps.json'), 'utf8').match(/s-s4t2ud-\w+/g) ?? [];
    expect(secrets.length).toBeGreaterThan(0);
    for (const name of readdirSync(path.join(cwd, 'users'))) {
      const text = readFileSync(path.join(cwd, 'users', name), 'latin1');
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  it('goes on after Ctrl+C where it was, and asks for nothing twice', async () => {
    const { intra, cwd, runHere } = await setting({ limits: [{ requests: 20, perMs: 1000 }] });
    writeFileSync(path.join(cwd, 'paths.txt'), pathsOf(intra, 50).join('\r\n'));
    const child = spawn(
      process.execPath,
      [main, 'run', 'paths.txt', '--out', 'users', '--min-request-delay', '0'],
      { cwd, env: { PATH: process.env['PATH'], ...accountOf(intra) }, stdio: 'pipe' },
    );
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    while (intra.account.totals.accepted < 10) await new Promise((go) => setTimeout(go, 10));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(stderr).toContain('Start it again to go on');
    const first = JSON.parse((await runHere('status', 'users', '--json')).stdout) as {
      done: number;
    };
    expect(first).toMatchObject({ state: 'stopped', process: null });
    expect(first.done).toBeGreaterThanOrEqual(10);

    expect((await runHere('run', 'paths.txt', '--out', 'users')).code).toBe(0);
    expect(intra.account.totals.accepted).toBe(50);
  });

  it('ends with 3 when requests failed for good; retry asks again for those alone', async () => {
    const { intra, cwd, runHere } = await setting();
    // Without it, a 404 waits half a second before each retry.
    const config = { api: '42', appsFile: 'apps.json', options: { retryDelayMs: 1 } };
    writeFileSync(path.join(cwd, 'apihydra.config.json'), JSON.stringify(config));
    const lines = [...pathsOf(intra, 5), '/users/nobody-of-this-name', 'no path'];
    writeFileSync(path.join(cwd, 'paths.txt'), lines.slice(0, 6).join('\n'));
    const ran = await runHere('run', 'paths.txt', '--out', 'users');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('1 request failed: `apihydra retry users` asks again');
    intra.account.reset();
    const retried = await runHere('retry', 'users');
    expect(retried.code).toBe(3);
    // One, six times: a 404 is tried again.
    expect(intra.account.totals.accepted).toBe(6);
    const failures = await runHere('export', 'users', '--failures', '--format', 'jsonl');
    expect(JSON.parse(failures.stdout)).toMatchObject({ code: 'HYDRA_HTTP_STATUS', status: 404 });
  });

  it('fills a template with the values of a CSV file', async () => {
    const { intra, cwd, runHere } = await setting();
    const rows = loginsOf(intra, 3).map((login) => `x,${login}`);
    writeFileSync(path.join(cwd, 'logins.csv'), ['n,login', ...rows].join('\n'));
    const flags = ['--template', '/users/{login}', '--values', 'logins.csv'];
    expect((await runHere('run', ...flags, '--out', 'users')).code).toBe(0);
    const { stdout } = await runHere('export', 'users', '--format', 'jsonl', '--select', 'login');
    expect(stdout.trim().split('\n')).toEqual(
      loginsOf(intra, 3).map((login) => JSON.stringify({ login })),
    );
  });

  it('is refused while another process works in the directory', async () => {
    const { cwd, runHere } = await setting();
    writeFileSync(path.join(cwd, 'paths.txt'), '/users\n');
    mkdirSync(path.join(cwd, 'users'));
    const { ppid: pid } = process;
    const host = (await import('node:os')).hostname();
    writeFileSync(path.join(cwd, 'users/run.lock'), JSON.stringify({ pid, host, token: 'x' }));
    const { code, stderr } = await runHere('run', 'paths.txt', '--out', 'users');
    expect(code).toBe(1);
    expect(stderr).toContain(`belongs to process ${pid}`);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    [['run', 'paths.txt'], 2, "required option '--out <directory>'"],
    [['run', 'missing.txt', '--out', 'o'], 1, 'missing.txt'],
    [['run', 'empty.txt', '--out', 'o'], 1, 'empty.txt'],
    [['run', 'broken.txt', '--out', 'o'], 1, 'line 2'],
    [['run', '--out', 'o'], 1, 'a file with requests'],
    [['run', 'paths.txt', '--out', 'o', '--compress', 'rar'], 2, 'gzip, zstd'],
    [['status', '.'], 1, 'directory of a run'],
    [['retry', 'nowhere'], 1, 'directory of a run'],
    [['report', 'nowhere'], 1, 'directory of a run'],
    [['export', 'nowhere', '--format', 'csv'], 1, 'directory of a run'],
  ])('%j says what was expected', async (args, expected, message) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'paths.txt'), '/users\n');
    writeFileSync(path.join(cwd, 'empty.txt'), '');
    writeFileSync(path.join(cwd, 'broken.txt'), '/users\n{"path":\n');
    const { code, stderr, stdout } = await apihydraHere(args, cwd);
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
    expect([code, stdout]).toEqual([expected, '']);
    expect(existsSync(path.join(cwd, 'o'))).toBe(false);
  });

  it.skipIf(!hasTerminal)('shows a bar on a terminal', async () => {
    const { intra, cwd } = await setting();
    writeFileSync(path.join(cwd, 'paths.txt'), pathsOf(intra, 5).join('\n'));
    const { code, stdout } = await apihydraOnTerminal(
      ['run', 'paths.txt', '--out', 'users'],
      cwd,
      accountOf(intra),
      [],
    );
    expect(stdout).toMatch(/█+ 5\/5 \| [\d.]+\/s \| 0 s left \| 0 retries/);
    expect(code).toBe(0);
  });
});

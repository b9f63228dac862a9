import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FtApiHydra, type FtApiHydraOptions } from '../../src/intra42/index.js';
import { apihydraHere } from './command-line.js';

const command = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function folder(): string {
  const name = mkdtempSync(path.join(tmpdir(), 'apihydra-cli-'));
  onTestFinished(() => rmSync(name, { recursive: true }));
  return name;
}

function start(
  args: readonly string[],
  cwd: string,
): { child: ChildProcess; ended: Promise<Ended>; seen: () => string } {
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended, seen: () => stdout };
}

describe('apihydra demo', () => {
  it('collects every user, writes them to a file and says what it took', async () => {
    const cwd = folder();
    const ended = await start(['demo', '--users', '32', '--apps', '4'], cwd).ended;
    const { code, stdout, stderr } = ended;
    expect(stderr).toMatch(/^32\/32, [\d.]+\/s, 0 s left, \d+ retries$/m);
    expect(stdout).toMatch(/^users +32 of 32 there and right, in output\.json$/m);
    expect(stdout).toMatch(/^refusals +\d+$/m);
    expect(stdout).toMatch(/^rate +[\d.]+ of 32\.0 allowed a second \([\d.]+\)$/m);
    expect(code).toBe(0);
    const file = readFileSync(path.join(cwd, 'output.json'), 'utf8');
    const users = JSON.parse(file) as { login: string }[];
    expect(new Set(users.map((user) => user.login)).size).toBe(32);
    expect(readdirSync(cwd)).toEqual(['output.json']);
  });

  it('fails with exit code 1 when the file cannot be written', async () => {
    const args = ['demo', '--users', '2', '--apps', '1', '--out', 'no-such-folder/users.json'];
    const { code, stderr } = await apihydraHere(args, folder());
    expect(code).toBe(1);
    expect(stderr).toMatch(/^apihydra: ENOENT.*no-such-folder/m);
    expect(stderr).not.toContain('    at ');
  });
});

describe('apihydra stand-in', () => {
  it('runs until it is stopped, and prints the options that lead there', async () => {
    const cwd = folder();
    const { child, ended, seen } = start(['stand-in', '--users', '50'], cwd);
    while (!seen().includes('}')) await new Promise((resolve) => setTimeout(resolve, 20));
    const options = JSON.parse(seen()) as FtApiHydraOptions;
    const hydra = new FtApiHydra({
      ...options,
      appsFile: path.join(cwd, 'apps.json'),
      store: false,
      logLevel: 'error',
    });
    await hydra.setNumberOfApps(1);
    expect(await hydra.get('/users', { query: { per_page: 100 } }).json()).toHaveLength(50);
    await hydra.finish();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});

describe('wrong usage', () => {
  it.each([
    [['stand-in', '--users', 'many'], 'Expected a whole number from 1 to 10000000'],
    [['demo', '--apps', '201'], 'Expected a whole number from 1 to 200'],
    [['stand-in', '--port', '-1'], 'Expected a whole number from 0 to 65533'],
    [['nonsense'], "unknown command 'nonsense'"],
    [['demo', '--colour'], "unknown option '--colour'"],
    [['apps', 'set'], "missing required argument 'N'"],
    [['apps', 'set', '201'], 'Expected a whole number from 0 to 200'],
    [['apps', 'list', '--requests-per-second', '0'], 'Expected a number above 0'],
    [['apps', 'list', '--min-request-delay', ''], 'Expected a number of milliseconds, 0 or more'],
    [['usage', '--api-base', 'api.example.com'], 'Expected an absolute http or https URL'],
    [['usage', '--log-level', 'loud'], 'Allowed choices are debug, info, warning, error, fatal'],
  ])('%j says what was expected, and ends with 2', async (args, message) => {
    const { code, stdout, stderr } = await apihydraHere(args, folder());
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('--help');
    expect(stdout).toBe('');
  });

  it('every command has help with an example', async () => {
    const names = [
      'plan',
      'run',
      'status',
      'retry',
      'export',
      'report',
      'usage',
      'demo',
      'stand-in',
    ];
    const apps = ['apps', 'apps list', 'apps set', 'apps delete'];
    for (const name of [...names, ...apps]) {
      const { code, stdout } = await apihydraHere([...name.split(' '), '--help'], folder());
      expect([code, stdout]).toEqual([0, expect.stringContaining(`$ apihydra ${name}`)]);
    }
  });

  it('no command takes a password, nor repeats the one that was tried', async () => {
    const { code, stderr } = await apihydraHere(['apps', 'list', "--password=hunter's2"], folder());
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--password'");
    expect(stderr).not.toContain('hunter');
  });

  it('the help says what the exit codes mean', async () => {
    const { code, stdout } = await apihydraHere(['--help'], folder());
    expect(code).toBe(0);
    for (const exitCode of [0, 1, 2, 3, 42, 129, 130, 143]) {
      expect(stdout).toMatch(new RegExp(`^  ${exitCode} +\\w`, 'm'));
    }
  });
});

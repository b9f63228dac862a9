import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SimulationJson } from '../../src/cli/plan/simulation-text.js';
import { planCommand } from '../../src/cli/commands/plan.js';
import { apihydraHere, type Ended } from './command-line.js';

const main = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

/** A folder with files in it, and the command run there, in a process of its own or in this one. */
function folderWith(files: Record<string, string | Uint8Array>): {
  readonly folder: string;
  readonly plan: (args: readonly string[], stdin?: string) => Promise<Ended>;
  readonly planHere: (args: readonly string[]) => Promise<Ended>;
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(folder, name), content);
  return {
    folder,
    plan: (args, stdin = '') => run(folder, args, stdin),
    planHere: (args) => apihydraHere(['plan', ...args], folder),
  };
}

function run(cwd: string, args: readonly string[], stdin: string): Promise<Ended> {
  const child = spawn(process.execPath, [main, 'plan', ...args], { cwd });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  // It may end before it has read all.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const paths = Array.from({ length: 2400 }, (_, index) => `/users/${index % 2390}`).join('\n');

describe('apihydra plan', () => {
  it('says in words what a job takes', async () => {
    const { planHere } = folderWith({ 'requests.txt': paths });
    expect(await planHere(['requests.txt'])).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        '2,400 requests in requests.txt, 10 of them the same as an earlier one.',
        '1 app (for want of apps in ./apps.json; say --apps for more) allowed 2 a second and 1,200 an hour.',
        'It takes at least 1 h 10 min, 0.571 requests a second on average.',
        'The limit of 1,200 an hour holds it back.',
        '2 apps would halve that: 10 min.',
        '',
      ].join('\n'),
    });
  });

  it('prints JSON, of a template with values from stdin', async () => {
    const { plan } = folderWith({});
    const { stdout, code } = await plan(
      [
        '--template',
        '/users/{login}',
        '--values',
        '-',
        '--apps',
        '2',
        '--json',
        '--limit',
        '2/1s',
      ].concat(['--limit', '3/1min', '--requests-per-second', '4', '--min-request-delay', '0']),
      'login\nanna\nbob\nanna\ncarl\ndora\nemil\nfritz\n',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      requests: 7,
      duplicates: 1,
      apps: 2,
      appsFrom: 'flag',
      groups: [
        {
          limits: [
            { requests: 4, perMs: 1000 },
            { requests: 3, perMs: 60_000 },
          ],
          apps: 2,
        },
      ],
      durationMs: 60_125,
      binding: { kind: 'limit', limit: { requests: 3, perMs: 60_000 } },
      halving: { apps: 3, durationMs: expect.closeTo(7000 / 12, 6) as number },
      leastMs: 0,
    });
  });

  it('plays the job through when asked to, the same each time', async () => {
    const { plan } = folderWith({ 'requests.txt': paths });
    const args = ['requests.txt', '--apps', '20', '--simulate', '--error-rate', '2%', '--json'];
    const [{ code, stdout }, again] = await Promise.all([plan(args), plan(args)]);
    expect(code).toBe(0);
    expect(again.stdout).toBe(stdout);
    const { durationMs, simulation } = JSON.parse(stdout) as {
      durationMs: number;
      simulation: SimulationJson;
    };
    expect(simulation).toMatchObject({ hasEnded: true, succeeded: 2400, failed: 0, refused: 0 });
    expect(simulation.attempts).toBeGreaterThan(2400);
    expect(simulation.durationMs).toBeGreaterThan(durationMs);
    expect(simulation.rate.reached).toBeGreaterThan(36);
  });

  it('fails with exit code 1 and a sentence for a broken file', async () => {
    const { planHere } = folderWith({ 'broken.txt': '/a\n/b\nc' });
    const { code, stdout, stderr } = await planHere(['broken.txt']);
    expect(stderr).toBe(
      'apihydra: broken.txt, line 3: Expected a path that begins with one "/", or an http(s) URL, got "c" (string).\n',
    );
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it('has help with an example', () => {
    let help = '';
    planCommand()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    expect(help).toContain('$ apihydra plan requests.txt --apps 20');
  });
});

describe('wrong usage of apihydra plan', () => {
  it.each([
    [[], 'Expected a file with requests (- is stdin), or --template with --values'],
    [['ok.txt', '--template', '/{a}'], 'Expected --template together with --values'],
    [['--template', '/a', '--values', 'v.csv'], 'Expected at least one name in braces'],
    [
      ['--template', '/{b}', '--values', 'v.csv'],
      'v.csv, line 1: Expected a column `b`, got none.',
    ],
    [['none.txt'], 'none.txt: Expected a file that can be read, but there is none.'],
    [['.txt'], '.txt: Expected a file, got a folder.'],
    [['ok.txt', '--apps', '0'], 'Expected a whole number from 1 to 1000000.'],
    [['ok.txt', '--limit', '2 per second'], 'Expected requests/window such as 2/1s'],
    [['ok.txt', '--requests-per-second', '0'], 'Expected a number above 0'],
    [['ok.txt', '--min-request-delay', 'x'], 'Expected a number from 0 to 1000000.'],
    [['ok.txt', '--apps-file', 'ok.txt'], 'is no JSON'],
    [['ok.txt', 'too many'], 'too many arguments'],
    [['ok.txt', '--latency', '5ms'], 'Expected --simulate with --latency'],
    [['ok.txt', '--simulate', '--error-rate', '5'], 'Expected a share such as 1% or 0.01'],
  ])('%j says what was expected', async (args, message) => {
    const { folder } = folderWith({ 'ok.txt': '/a', 'v.csv': 'a\n1\n' });
    mkdirSync(path.join(folder, '.txt'));
    const inFolder = args.map((arg) =>
      /^[\w.]+$/.test(arg) && /\.(txt|csv)$/.test(arg) ? path.join(folder, arg) : arg,
    );
    const command = planCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    await expect(command.parseAsync(inFolder, { from: 'user' })).rejects.toThrow(message);
  });
});

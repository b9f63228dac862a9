import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { onTestFinished, vi } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.js';
import type { Intra42 } from '../../src/testing/index.js';

const main = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

/** How a process of the command line ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables that a process is given besides the common ones. */
export type Variables = Readonly<Record<string, string>>;

/** Where a stand-in is. */
export function basesOf(intra: Intra42): Variables {
  return { INTRA_API_BASE: intra.apiBase, INTRA_PROFILE_BASE: intra.profileBase };
}

/** Where a stand-in is, and who may sign in there. */
export function accountOf(intra: Intra42): Variables {
  return { ...basesOf(intra), INTRA_LOGIN: intra.login, INTRA_PASSWORD: intra.password };
}

/** Runs the built command line in `cwd`, with no variable of the machine's own account. */
export function apihydra(
  args: readonly string[],
  cwd: string,
  variables: Variables = {},
): Promise<Ended> {
  const env = { PATH: process.env['PATH'], ...variables };
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ended(child, () => {});
}

/**
 * The same within this process, which starts none: for what is not about being one. Calls must not overlap.
 * The log is not in what it said.
 */
export async function apihydraHere(
  args: readonly string[],
  cwd: string,
  variables: Variables = {},
): Promise<Ended> {
  return await here(args, cwd, variables, () => {});
}

/** What is typed once a question is seen, in the order of the questions. */
type Typed = readonly (readonly [question: string, keys: string])[];

/**
 * Within this process, as if somebody sat at a terminal: for what is not about a terminal itself, such as
 * its signals.
 */
export async function apihydraTyped(
  args: readonly string[],
  cwd: string,
  variables: Variables,
  typed: Typed,
): Promise<Ended> {
  const keys = new PassThrough();
  const restore = [
    replaced(process, 'stdin', Object.assign(keys, { isTTY: true })),
    replaced(process.stderr, 'isTTY', true),
  ];
  try {
    return await here(args, cwd, variables, typing(typed, keys));
  } finally {
    for (const undo of restore) undo();
  }
}

/** Gives an object another value for a name; the result undoes that. */
function replaced<T extends object>(object: T, name: keyof T, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, before);
  };
}

async function here(
  args: readonly string[],
  cwd: string,
  variables: Variables,
  onSaid: (all: string) => void,
): Promise<Ended> {
  const before = { env: process.env, cwd: process.cwd(), exitCode: process.exitCode };
  const [stdout, stderr] = [keepWritten(process.stdout), keepWritten(process.stderr, onSaid)];
  process.env = { PATH: process.env['PATH'], ...variables };
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    await runCommandLine(args);
    return { code: exitCode(), stdout: stdout.end(), stderr: stderr.end() };
  } finally {
    stdout.end();
    stderr.end();
    process.chdir(before.cwd);
    process.env = before.env;
    process.exitCode = before.exitCode;
  }
}

function exitCode(): number {
  return Number(process.exitCode ?? 0);
}

/** Keeps what is written to a stream, until it is ended. */
function keepWritten(
  stream: NodeJS.WriteStream,
  onWrite: (all: string) => void = () => {},
): { end(): string } {
  let written = '';
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk, ...rest) => {
    written += String(chunk);
    onWrite(written);
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  });
  return {
    end() {
      spy.mockRestore();
      return written;
    },
  };
}

/** True where a terminal can be had: `script` of util-linux makes one. */
export const hasTerminal: boolean = spawnSync('script', ['--version']).status === 0;

/** Runs the built command line on a terminal of its own. */
export function apihydraOnTerminal(
  args: readonly string[],
  cwd: string,
  variables: Variables,
  typed: Typed,
): Promise<Ended> {
  const command = [process.execPath, main, ...args].map((word) => `'${word}'`).join(' ');
  const env = { PATH: process.env['PATH'], TERM: 'xterm', ...variables };
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env });
  return ended(child, typing(typed, child.stdin));
}

/** Types into `input` as soon as the next question is among what was said. */
function typing(typed: Typed, input: Writable): (seen: string) => void {
  const next = [...typed];
  return (seen) => {
    const [question, keys] = next[0] ?? [];
    if (question === undefined || !seen.includes(question)) return;
    next.shift();
    // Whoever asks listens only once the question is out.
    setImmediate(() => input.write(keys ?? ''));
  };
}

function ended(child: ChildProcess, onOutput: (seen: string) => void): Promise<Ended> {
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
    onOutput(stdout);
  });
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

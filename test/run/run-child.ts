/** Runs in a process of their own, which can be ended from outside. */
import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import type { PageRunOptions } from '../../src/index.js';

const program = path.resolve(import.meta.dirname, 'run-child.mjs');

/** A run: asks for so many paths, or for a list. */
export interface RunTask {
  readonly origin: string;
  readonly directory: string;
  readonly appsFile: string;
  readonly requests?: number;
  readonly list?: { readonly path: string; readonly options: Omit<PageRunOptions, 'directory'> };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunChild {
  readonly child: ChildProcess;
  /** The ids of a run's responses that count as recorded, as they came. */
  readonly recorded: (directory: string) => readonly number[];
  /** What it wrote to stderr so far. */
  readonly seen: () => string;
  /** Resolves once it is gone, and all that it told was heard. */
  readonly ended: Promise<Ended>;
}

/** Starts a process that works in `cwd`. It ends with the test at the latest. */
export function startRunChild(cwd: string, tasks: readonly RunTask[]): RunChild {
  const child = spawn(process.execPath, [program, JSON.stringify(tasks)], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  const recorded = new Map(tasks.map(({ directory }) => [directory, [] as number[]]));
  child.on('message', (content: 'running' | { directory: string; recorded: number }) => {
    if (content !== 'running') recorded.get(content.directory)?.push(content.recorded);
  });
  const heard = new Promise((resolve) => child.on('disconnect', resolve));
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => void heard.then(() => resolve({ code, stdout, stderr }))),
  );
  return { child, recorded: (of) => recorded.get(of) ?? [], seen: () => stderr, ended };
}

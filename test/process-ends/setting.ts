/** A child process that asks a server of the test's, and what it leaves behind on disk. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';

/** A server whose answers to `/held/...` wait until they are released. */
export interface HoldingServer {
  readonly baseUrl: string;
  /** Paths in the order of asking. */
  readonly asked: readonly string[];
  /** Resolves once so many requests are held. */
  holds(count: number): Promise<void>;
  /** Answers the one held longest. */
  release(): void;
}

/** Listens until the test ends. */
export async function startServer(): Promise<HoldingServer> {
  const asked: string[] = [];
  const held: ServerResponse[] = [];
  let onHeld = (): void => {};
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(url);
    response.setHeader('content-type', 'application/json');
    if (url.startsWith('/held/')) {
      held.push(response);
      onHeld();
    } else {
      response.end(JSON.stringify({ url, filling: 'x'.repeat(url === '/large' ? 3_000_000 : 20) }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    holds: (count) =>
      new Promise((resolve) => {
        onHeld = () => {
          if (held.length === count) resolve();
        };
        onHeld();
      }),
    release: () => held.shift()?.end('{"was":"held"}'),
  };
}

/** A child, as far as the test has to do with it. */
export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly folder: string;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves once it has written the text to stdout or stderr; rejects when it ends before. */
  writes(text: string): Promise<void>;
  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal again and again until it ends. */
  killUntilItEnds(signal: NodeJS.Signals): void;
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface ChildSetting {
  readonly baseUrl: string;
  /** The name of one of the fixture's endings. */
  readonly ending: string;
  /** How many answers it asks for that come at once. */
  readonly count: number;
  readonly options?: Record<string, unknown>;
}

/** A folder that goes with the test. */
export function workingFolder(): string {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'apihydra-ends-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the fixture in a folder of its own. */
export function startChild(setting: ChildSetting, folder: string = workingFolder()): Child {
  const script = path.join(import.meta.dirname, 'child.mjs');
  const child = spawn(process.execPath, [script, JSON.stringify(setting)], {
    cwd: folder,
    // One thread is enough to write files, and can be kept busy.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const written = { stdout: '', stderr: '' };
  let onWritten = (): void => {};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      onWritten();
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  return {
    process: child,
    folder,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    writes: (text) =>
      new Promise((resolve, reject) => {
        onWritten = () => {
          if (written.stdout.includes(text) || written.stderr.includes(text)) resolve();
        };
        void ended.then(() => {
          reject(new Error(`It ended without writing ${text}: ${JSON.stringify(written)}`));
        });
        onWritten();
      }),
    kill: (signal) => void child.kill(signal),
    killUntilItEnds(signal) {
      const timer = setInterval(() => child.kill(signal), 20);
      void ended.then(() => clearInterval(timer));
    },
    ended,
  };
}

/** What the segments of a folder hold, by file. */
export interface OnDisk {
  /** Ids of the outcomes, rising. */
  readonly ids: number[];
  readonly files: string[];
  /** Files that are no JSON array as they are. */
  readonly unended: string[];
}

/** Reads the segments of a folder, without the package. */
export function readSegments(folder: string): OnDisk {
  const files = fs.readdirSync(folder).filter((name) => name.startsWith('.responses'));
  const unended: string[] = [];
  const ids = files.flatMap((name) => {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    try {
      return idsOf(JSON.parse(text));
    } catch {
      unended.push(name);
      // Up to its last whole line.
      const lines = text.split('\n').slice(1, -1);
      return idsOf(lines.map((line) => JSON.parse(line.replace(/,$/, '')) as unknown));
    }
  });
  return { ids: ids.toSorted((a, b) => a - b), files, unended };
}

function idsOf(outcomes: unknown): number[] {
  return (outcomes as { id: number }[]).map(({ id }) => id);
}

/** The whole numbers from 0 on, `to` left out. */
export function upTo(to: number): number[] {
  return Array.from({ length: to }, (_, index) => index);
}

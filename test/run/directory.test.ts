/** What is no directory of this run is refused clearly; one directory belongs to one run at a time. */
import { spawnSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRun } from '../../src/index.js';
import {
  errorOf,
  folder,
  held,
  hydraFor,
  paths,
  range,
  workOff,
  world,
  type World,
} from './run-setting.js';

async function finishedRun(): Promise<[World, string]> {
  const server = await world();
  const directory = folder();
  await workOff(server, paths(0, 5), { directory });
  return [server, directory];
}

// Not as literals: the check for unlisted dependencies takes those for binaries of packages.
const [MOUNT, UNMOUNT] = ['mount', 'umount'] as const;

function changeInfo(directory: string, change: (info: Record<string, unknown>) => unknown): void {
  const file = path.join(directory, 'run.json');
  const info = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  fs.writeFileSync(file, JSON.stringify(change(info)));
}

describe('a directory', () => {
  const changes: [why: string, change: (directory: string) => void, says: string][] = [
    [
      'of another version',
      (directory) => changeInfo(directory, (info) => ({ ...info, version: 2 })),
      'is of version 2, and this program knows version 1',
    ],
    [
      'whose run.json is garbage',
      (directory) => fs.writeFileSync(path.join(directory, 'run.json'), 'garbage'),
      'to be JSON that a run has written',
    ],
    [
      'whose run.json is cut short',
      (directory) => fs.truncateSync(path.join(directory, 'run.json'), 100),
      'to be JSON that a run has written',
    ],
    [
      'whose run.json is empty',
      (directory) => fs.truncateSync(path.join(directory, 'run.json')),
      'to be JSON that a run has written',
    ],
    [
      'whose run.json is null',
      (directory) => fs.writeFileSync(path.join(directory, 'run.json'), 'null'),
      'is not as expected',
    ],
    [
      'whose run.json lacks something',
      (directory) => changeInfo(directory, (info) => ({ ...info, totals: { done: 'many' } })),
      'is not as expected at `totals.done`',
    ],
    [
      'whose run.json is gone',
      (directory) => fs.rmSync(path.join(directory, 'run.json')),
      'and no run.json',
    ],
  ];
  it.each(changes)(
    '%s is refused, by runs and readers, and is as it was',
    async (_, change, says) => {
      const [server, directory] = await finishedRun();
      change(directory);
      const before = fs.readdirSync(directory);
      const error = await errorOf(workOff(server, paths(0, 5), { directory }));
      expect(error).toMatchObject({ code: 'HYDRA_RUN_DIRECTORY' });
      expect(error.message).toContain(says);
      expect(error.message).toContain(directory);
      await expect(readRun(directory)).rejects.toMatchObject({ code: 'HYDRA_RUN_DIRECTORY' });
      expect(fs.readdirSync(directory)).toEqual(before);
    },
  );

  it('of another API is refused, and both are named', async () => {
    const [server, directory] = await finishedRun();
    const other = await world();
    const error = await errorOf(workOff(other, paths(0, 5), { directory }));
    expect(error).toMatchObject({ code: 'HYDRA_RUN_DIRECTORY' });
    expect(error.message).toContain(`asks ${server.origin}, expected ${other.origin}`);
  });

  it('that is a file, or below one, is refused', async () => {
    const server = await world();
    const file = path.join(folder(), 'file');
    fs.writeFileSync(file, 'x');
    for (const directory of [file, path.join(file, 'below')]) {
      const error = await errorOf(workOff(server, paths(0, 5), { directory }));
      expect(error).toMatchObject({ code: 'HYDRA_RUN_DIRECTORY' });
      expect(error.message).toContain(directory);
      await expect(readRun(directory)).rejects.toMatchObject({ code: 'HYDRA_RUN_DIRECTORY' });
    }
    expect(fs.readFileSync(file, 'utf8')).toBe('x');
  });

  it('that cannot be written is refused', async ({ skip }) => {
    const server = await world();
    const directory = folder();
    if (process.getuid?.() === 0) {
      const options = ['-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', directory];
      if (spawnSync(MOUNT, options).status !== 0) skip('root cannot be kept from writing here');
      onTestFinished(() => void spawnSync(UNMOUNT, [directory]));
    } else fs.chmodSync(directory, 0o500);
    const error = await errorOf(workOff(server, paths(0, 5), { directory }));
    expect(error).toMatchObject({ code: 'HYDRA_RUN_DIRECTORY' });
    expect(error.message).toContain('cannot be used (E');
  });

  it('of a reader that is not there is refused', async () => {
    const directory = path.join(folder(), 'nothing');
    const error = await errorOf(readRun(directory));
    expect(error).toMatchObject({ code: 'HYDRA_RUN_DIRECTORY' });
    expect(error.message).toContain('got one without run.json');
  });

  it('that was moved goes on', async () => {
    const [server, directory] = await finishedRun();
    const moved = path.join(folder(), 'moved');
    fs.renameSync(directory, moved);
    const summary = await workOff(server, paths(0, 8), { directory: moved });
    expect(summary).toMatchObject({ skipped: 5, done: 8 });
    expect((await held(moved)).ids).toEqual(range(0, 8));
  });
});

describe('two runs in one directory', () => {
  it('of one process: the second is refused, the first is left alone', async () => {
    const server = await world();
    server.isHeld = true;
    const { hydra } = hydraFor(server.origin);
    const directory = folder();
    const first = hydra.run(paths(0, 5), { directory });
    const error = await errorOf(hydra.run(paths(0, 5), { directory }).done);
    expect(error).toMatchObject({ code: 'HYDRA_RUN_LOCKED' });
    expect(error.message).toContain(`process ${process.pid} on ${hostname()}`);
    server.release();
    expect(await first.done).toMatchObject({ isComplete: true, done: 5 });
    expect(await hydra.run(paths(0, 5), { directory }).done).toMatchObject({ skipped: 5 });
  });

  it('of two processes: the error names the other; once that has ended, it is taken over', async () => {
    const [server, directory] = await finishedRun();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const lock = path.join(directory, 'run.lock');
    fs.writeFileSync(lock, JSON.stringify({ pid: child.pid, host: hostname(), token: 'x' }));
    const error = await errorOf(workOff(server, paths(0, 5), { directory }));
    expect(error).toMatchObject({ code: 'HYDRA_RUN_LOCKED', facts: { file: lock } });
    expect(error.message).toContain(`process ${child.pid} on ${hostname()}`);
    expect(fs.existsSync(lock)).toBe(true);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(await workOff(server, paths(0, 5), { directory })).toMatchObject({ isComplete: true });
    expect(fs.existsSync(lock)).toBe(false);
  });
});

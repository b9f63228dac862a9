import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockDirectory } from './directory-lock.js';

function folder(): string {
  const name = fs.mkdtempSync(path.join(tmpdir(), 'apihydra-lock-'));
  onTestFinished(() => fs.rmSync(name, { recursive: true }));
  return name;
}

/** The number of a process that has ended. */
function deadPid(): number {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return pid;
}

function leave(directory: string, content: unknown, name = 'run.lock'): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  fs.writeFileSync(path.join(directory, name), text);
}

const lockedError = expect.objectContaining({ code: 'HYDRA_RUN_LOCKED' }) as Error;

describe('the lock of a directory', () => {
  it('is had by one at a time, and free again once released', () => {
    const directory = folder();
    const lock = lockDirectory(directory);
    expect(fs.statSync(path.join(directory, 'run.lock')).mode & 0o777).toBe(0o600);
    expect(() => lockDirectory(directory)).toThrow(lockedError);
    lock.release();
    expect(fs.readdirSync(directory)).toEqual([]);
    const second = lockDirectory(directory);
    lock.release();
    expect(() => lockDirectory(directory)).toThrow(lockedError);
    second.release();
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('of a dead process is taken over', () => {
    const directory = folder();
    leave(directory, { pid: deadPid(), host: hostname(), token: 'x' });
    lockDirectory(directory).release();
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'of a dead process is taken over also where its number is that of another one now',
    () => {
      const directory = folder();
      leave(directory, { pid: process.pid, host: hostname(), started: 'boot 1', token: 'x' });
      lockDirectory(directory).release();
      expect(fs.readdirSync(directory)).toEqual([]);
    },
  );

  it('of another machine is left alone, also where no such process is here', () => {
    const directory = folder();
    leave(directory, { pid: deadPid(), host: 'elsewhere', token: 'x' });
    expect(() => lockDirectory(directory)).toThrow('on elsewhere');
    expect(() => lockDirectory(directory)).toThrow(path.join(directory, 'run.lock'));
  });

  it.each(['', 'garbage', 'null', '5', '{}', '[]', '{"pid":"x"}'])(
    'that holds %j belongs to nobody, and is taken over',
    (content) => {
      const directory = folder();
      leave(directory, content);
      lockDirectory(directory).release();
      expect(fs.readdirSync(directory)).toEqual([]);
    },
  );

  it('that is being taken over by a live process is not taken by another', () => {
    const directory = folder();
    const dead = { pid: deadPid(), host: hostname(), token: 'x' };
    leave(directory, dead);
    leave(directory, { ...dead, pid: process.ppid }, 'run.lock.takeover');
    expect(() => lockDirectory(directory)).toThrow(`process ${process.ppid}`);
    leave(directory, dead, 'run.lock.takeover');
    lockDirectory(directory).release();
    expect(fs.readdirSync(directory)).toEqual([]);
  });
});

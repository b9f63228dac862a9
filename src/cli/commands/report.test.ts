import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunReader } from '../../run/read-run.js';
import { reportCommand } from './report.js';

const emptyRun = {
  info: {
    api: { name: 'example', baseUrl: 'https://api.example.com' },
    state: 'complete',
    options: {},
    source: { read: 0, isWhole: true },
    sessions: [],
  },
  async *outcomes() {},
} as unknown as RunReader;

describe('apihydra report', () => {
  let folder: string;
  let printed: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'apihydra-report-'));
    printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  const run = (...args: string[]): Promise<unknown> =>
    reportCommand(() => Promise.resolve(emptyRun))
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .parseAsync(args, { from: 'user' });

  it('writes the page into the run’s directory and prints where it is', async () => {
    await run(folder);
    expect(printed).toBe(`${path.join(folder, 'report.html')}\n`);
    expect(await readFile(printed.trim(), 'utf8')).toMatch(/^<!doctype html>.*<\/html>\s*$/s);
    expect(await readdir(folder)).toEqual(['report.html']);
  });

  it('writes it elsewhere with --out', async () => {
    const file = path.join(folder, 'other.html');
    await run('nowhere', '--out', file);
    expect(printed).toBe(`${file}\n`);
    expect(await readdir(folder)).toEqual(['other.html']);
  });

  it('prints the figures alone with --json', async () => {
    await run(folder, '--json');
    expect(JSON.parse(printed)).toMatchObject({ requests: { succeeded: 0, failed: 0 } });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses --json together with --out', async () => {
    await expect(run(folder, '--json', '--out', 'x')).rejects.toThrow(/cannot be used with/);
  });
});

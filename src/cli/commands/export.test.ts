import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { answer, exportFolder, runOf } from '../../../test/cli/export-setting.js';
import { HydraError } from '../../errors.js';
import type { RunReader } from '../../run/read-run.js';
import { exportCommand } from './export.js';

const users = runOf([answer(0, { login: 'alice' }), answer(1, { login: 'bob' })]);

interface Called {
  readonly stdout: string;
  readonly stderr: string;
  readonly opened: readonly string[];
}

/** Runs the command as the command line does. */
async function call(args: readonly string[], run: RunReader = users): Promise<Called> {
  let [stdout, stderr] = ['', ''];
  const opened: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((chunk, ...rest) => {
    stdout += String(chunk);
    (rest.at(-1) as () => void)();
    return true;
  });
  const error = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += String(chunk);
    return true;
  });
  const command = exportCommand(async (directory) => {
    opened.push(directory);
    return run;
  });
  command.exitOverride().configureOutput({ writeErr: (text) => (stderr += text) });
  try {
    await command.parseAsync(args, { from: 'user' });
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
  return { stdout, stderr, opened };
}

describe('apihydra export', () => {
  it('writes data to the standard output, and words elsewhere', async () => {
    const { stdout, stderr, opened } = await call(['a-run', '--format', 'jsonl']);
    expect(stdout).toBe('{"login":"alice"}\n{"login":"bob"}\n');
    expect(stderr).toBe('Wrote 2 rows of 2 answers.\n');
    expect(opened).toEqual(['a-run']);
  });

  it('takes the format from the ending of the file', async () => {
    const out = path.join(exportFolder(), 'users.CSV');
    const { stdout, stderr } = await call(['a-run', '--out', out, '--select', 'login,@id']);
    expect(readFileSync(out, 'utf8')).toBe('login,id\r\nalice,0\r\nbob,1\r\n');
    expect(stdout).toBe('');
    expect(stderr).toBe(`Wrote 2 rows of 2 answers to ${out}.\n`);
  });

  it('takes a dash for the standard output', async () => {
    const { stdout } = await call(['a-run', '--format', 'json', '--out', '-']);
    expect(JSON.parse(stdout)).toHaveLength(2);
  });

  it.each([
    [['--format', 'parquet'], 'Expected --out FILE for Parquet, got the standard output.'],
    [
      [],
      'Expected --format to be one of json, jsonl, csv, parquet, or --out to end in one of them, got neither.',
    ],
    [['--out', 'users.txt'], 'got neither.'],
    [['--format', 'csv', '--select', 'a..b'], 'Expected a name after "." at character 3'],
    [['--format', 'csv', '--each', ''], 'Expected a path such as "items"'],
    [
      ['--format', 'csv', '--failures', '--each', '.'],
      'Expected --failures without --each: failures have no body.',
    ],
    [['--format', 'csv', '--failures', '--select', '@id,login'], 'got a path'],
    [['--format', 'csv', '--failures', '--select', '*'], 'got a path'],
    [['--format', 'csv', '--failures', '--select', '@ms'], 'Expected one of @id'],
    [['--format', 'csv', '--select', '@code'], 'Expected one of @id'],
  ])('%j is refused before the run is opened', async (args, message) => {
    const open = vi.fn<() => Promise<RunReader>>();
    const command = exportCommand(open);
    await expect(command.parseAsync(['a-run', ...args], { from: 'user' })).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message: expect.stringContaining(message),
    });
    expect(open).not.toHaveBeenCalled();
  });

  it('says which formats there are', async () => {
    await expect(call(['a-run', '--format', 'xml'])).rejects.toThrow(
      "argument 'xml' is invalid. Allowed choices are json, jsonl, csv, parquet.",
    );
  });

  it('makes no file when the directory holds no run', async () => {
    const folder = exportFolder();
    const out = path.join(folder, 'users.csv');
    const none = new HydraError('HYDRA_RUN_DIRECTORY', 'Expected a run.');
    const command = exportCommand(() => Promise.reject(none));
    await expect(command.parseAsync(['nothing', '--out', out], { from: 'user' })).rejects.toBe(
      none,
    );
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });

  it('has help with examples', () => {
    const command = exportCommand(async () => users);
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(help).toContain('$ apihydra export users-run --format jsonl | head -n 3');
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

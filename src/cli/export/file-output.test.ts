import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { answer, exportFolder, exportTo, runOf } from '../../../test/cli/export-setting.js';
import { FileOutput } from './file-output.js';

const run = [answer(0, { a: 1 })];

function file(name: string, content?: string): string {
  const whole = path.join(exportFolder(), name);
  if (content !== undefined) fs.writeFileSync(whole, content);
  return whole;
}

const siblings = (name: string): string[] => fs.readdirSync(path.dirname(name));
const listeners = (): number => process.listenerCount('SIGTERM');

describe('an export to a file', () => {
  it('is readable by its owner alone, and leaves nothing beside it', async () => {
    const out = file('out.csv');
    const before = listeners();
    const { data, lines } = await exportTo(run, { out });
    expect(fs.readFileSync(out, 'utf8')).toBe('a\r\n1\r\n');
    expect(fs.statSync(out).mode & 0o777).toBe(0o600);
    expect(siblings(out)).toEqual(['out.csv']);
    expect([data, lines]).toEqual(['', [`Wrote 1 row of 1 answer to ${out}.`]]);
    expect(listeners()).toBe(before);
  });

  it('never takes the place of a file, unless it is told to', async () => {
    const out = file('out.jsonl', 'precious');
    await expect(exportTo(run, { out })).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message: `Expected --out to be the name of a new file (or --force, to replace what is there), got a file: ${out}.`,
      facts: { file: out },
    });
    expect(fs.readFileSync(out, 'utf8')).toBe('precious');
    await exportTo(run, { out, force: true });
    expect(fs.readFileSync(out, 'utf8')).toBe('{"a":1}\n');
    expect(siblings(out)).toEqual(['out.jsonl']);
  });

  it('does not take the place of a file that has come while it was written', async () => {
    const out = file('out.jsonl');
    const output = await FileOutput.create(out, false);
    await output.write('mine');
    fs.writeFileSync(out, 'theirs');
    await expect(output.finish()).rejects.toMatchObject({ code: 'HYDRA_EXPORT' });
    await output.discard();
    expect(fs.readFileSync(out, 'utf8')).toBe('theirs');
    expect(siblings(out)).toEqual(['out.jsonl']);
  });

  it('refuses a folder and a device, whatever it is told', async () => {
    const folder = exportFolder();
    await expect(exportTo(run, { format: 'csv', out: folder, force: true })).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message: `Expected --out to be a file, got a folder: ${folder}.`,
    });
    await expect(
      exportTo(run, { format: 'csv', out: '/dev/null', force: true }),
    ).rejects.toMatchObject({
      message: 'Expected --out to be a file, got something else, such as a device: /dev/null.',
    });
  });

  it('replaces what a link leads to, not the link', async () => {
    const target = file('target.jsonl', 'old');
    const link = path.join(path.dirname(target), 'link.jsonl');
    fs.symlinkSync(target, link);
    await exportTo(run, { out: link, force: true });
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(target, 'utf8')).toBe('{"a":1}\n');
  });

  it('says which file cannot be written, and why', async () => {
    const out = path.join(exportFolder(), 'no-such-folder', 'out.csv');
    await expect(exportTo(run, { out })).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message: expect.stringMatching(/^Cannot write .*no-such-folder.out\.csv: ENOENT/),
    });
  });

  it('leaves nothing when the run cannot be read to its end', async () => {
    const out = file('out.jsonl');
    const broken = runOf(function* () {
      yield answer(0, {});
      throw new Error('a segment is gone');
    });
    const before = listeners();
    await expect(exportTo(broken, { out })).rejects.toThrow('a segment is gone');
    await expect(exportTo(broken, { out, format: 'csv' })).rejects.toThrow('a segment is gone');
    expect(siblings(out)).toEqual([]);
    expect(listeners()).toBe(before);
  });

  it('leaves nothing when a signal ends the process, which ends by that signal', async () => {
    const out = file('out.jsonl');
    const output = await FileOutput.create(out, false);
    await output.write('{}');
    expect(siblings(out)).toHaveLength(1);
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    process.emit('SIGTERM', 'SIGTERM');
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGTERM');
    kill.mockRestore();
    expect(siblings(out)).toEqual([]);
    await output.discard();
  });

  it('passes over what a killed process of the same number has left', async () => {
    const out = file('out.jsonl');
    fs.writeFileSync(`${out}.${process.pid}.tmp`, 'half');
    await exportTo(run, { out });
    expect(siblings(out)).toEqual(['out.jsonl']);
  });
});

import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answer, runOf } from '../../../test/cli/export-setting.js';
import type { Outcome } from '../../request/request.js';
import { planExport } from './export-plan.js';
import { exportRun } from './export-run.js';

const filler = 'x'.repeat(1000);

/** As many outcomes as are asked for; counts them. */
function counted(most: number): { outcomes: () => Generator<Outcome>; made: () => number } {
  let made = 0;
  return {
    *outcomes() {
      while (made < most) yield answer(made++, { filler });
    },
    made: () => made,
  };
}

describe('an export to a stream', () => {
  it.each(['json', 'jsonl', 'csv'] as const)(
    'ends quietly, as %s, when its reader has had enough',
    async (format) => {
      const child = spawn(process.execPath, [
        '-e',
        'process.stdin.once("data", () => process.exit())',
      ]);
      onTestFinished(() => void child.kill());
      const { outcomes, made } = counted(1_000_000);
      const lines: string[] = [];
      const plan = planExport({ format, select: 'filler' });
      await exportRun(runOf(outcomes), plan, {
        data: child.stdin,
        say: (line) => lines.push(line),
      });
      expect(lines).toEqual([]);
      expect(made()).toBeLessThan(1_000_000);
    },
  );

  it('reads no faster than it is read', async () => {
    const { outcomes, made } = counted(10_000);
    const waiting: (() => void)[] = [];
    const data = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
    const ended = exportRun(runOf(outcomes), planExport({ format: 'jsonl' }), {
      data,
      say() {},
    });
    let most = 0;
    for (let writes = 0; made() < 10_000; writes++) {
      while (waiting.length === 0) await new Promise(setImmediate);
      // Nobody takes the piece: nothing more is read, however long that is.
      const before = made();
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      expect(made()).toBe(before);
      most = Math.max(most, made() - writes * 65);
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    while (waiting.length > 0) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    await ended;
    expect(most).toBeLessThan(200);
  });

  it('leaves no more behind on it than one before did', async () => {
    const data = new Writable({ write: (_chunk, _encoding, done) => done() });
    const plan = planExport({ format: 'jsonl' });
    for (let i = 0; i < 3; i++)
      await exportRun(runOf([answer(0, { a: 1 })]), plan, { data, say() {} });
    expect(data.listenerCount('error')).toBe(1);
  });

  it('passes on any other failure of the stream', async () => {
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const data = new Writable({ write: (_chunk, _encoding, done) => done(full) });
    const plan = planExport({ format: 'csv' });
    await expect(
      exportRun(runOf([answer(0, { a: 1 })]), plan, { data, say() {} }),
    ).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});

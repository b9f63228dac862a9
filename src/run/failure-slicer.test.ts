import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { FailureSlicer } from './failure-slicer.js';
import type { Damage } from '../store/segment-lines.js';
import { readRun } from './read-run.js';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'apihydra-failures-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function line(id: number, attempts: number): string {
  const error = { code: 'HYDRA_HTTP_STATUS', message: 'Answered with status 404.' };
  const url = `http://127.0.0.1:1/${id}`;
  const at = '2026-11-24T00:00:00.000Z';
  return JSON.stringify({ id, method: 'GET', url, status: 404, attempts, app: 'a', at, error });
}

function writeRun(failures: readonly string[]): void {
  fs.writeFileSync(join(folder, 'failures.jsonl'), `${failures.join('\n')}\n`);
  const info = {
    version: 1,
    api: { name: 'test', baseUrl: 'http://127.0.0.1:1' },
    state: 'stopped',
    createdAtMs: 0,
    updatedAtMs: 0,
    options: {},
    source: { read: 0, isWhole: false },
    totals: { done: 0, failed: 0 },
    segments: [],
    sessions: [],
  };
  fs.writeFileSync(join(folder, 'run.json'), JSON.stringify(info));
}

const FAILURES = 25_000;

describe('a file of many failures', () => {
  it('is read in the order of asking, the latest of each, with what is damaged in it', async () => {
    const random = seededRandom(1);
    // Each far from its place by some thousands, as those are that were tried for long.
    const order = Array.from({ length: FAILURES }, (_, id) => ({ id, at: id + random() * 6000 }));
    const lines = order.toSorted((a, b) => a.at - b.at).map(({ id }) => line(id, 1));
    lines.push(...[3, 12_000, 24_999].map((id) => line(id, 2)));
    // Before all, where two slices meet, and at the end.
    for (const index of [0, 10_001, lines.length + 2]) lines.splice(index, 0, 'garbage');
    writeRun(lines);
    const damages: Damage[] = [];
    const run = await readRun(folder, { onDamage: (damage) => void damages.push(damage) });
    const found: number[] = [];
    const again: number[] = [];
    for await (const { id, attempts } of run.failures()) {
      found.push(id);
      if (attempts === 2) again.push(id);
    }
    expect(found).toEqual(Array.from({ length: FAILURES }, (_, id) => id));
    expect(again).toEqual([3, 12_000, 24_999]);
    const places = damages.map((damage) => damage.line).toSorted((a, b) => a - b);
    expect(places).toEqual([1, 10_002, lines.length]);
  });

  it('is parted so that no part has more than a segment', () => {
    const slicer = new FailureSlicer('failures.jsonl');
    for (let id = 0; id < FAILURES; id++)
      slicer.add({ id, line: id + 1, offset: id * 100, length: 99 });
    expect(slicer.slices).toMatchObject([
      { count: 10_000, firstId: 0, lastId: 9999, slice: { start: 0, end: 1_000_000, line: 1 } },
      { count: 10_000, slice: { start: 1_000_000, end: 2_000_000, line: 10_001 } },
      { count: 5000, slice: { start: 2_000_000, end: Infinity, line: 20_001 } },
    ]);
  });
});

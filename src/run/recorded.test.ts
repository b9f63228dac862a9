import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepingLogger } from '../../test/simulation/hydra-on-virtual-time.js';
import { failure, response } from '../../test/store/outcomes.js';
import type { Outcome } from '../request/request.js';
import { encodeLine } from '../store/outcome-line.js';
import { IdSet } from '../store/id-set.js';
import type { Damage } from '../store/segment-lines.js';
import { encodeDone } from './done-file.js';
import { findRecorded, type Recorded } from './recorded.js';
import type { SegmentInfo } from './run-info.js';

function lines(...outcomes: Outcome[]): string {
  return outcomes
    .map((outcome) => {
      const { head, body, tail } = encodeLine(outcome);
      return `${head}${Buffer.from(body ?? []).toString()}${tail}\n`;
    })
    .join('');
}

interface Found extends Recorded {
  readonly damages: Damage[];
  readonly log: string[];
}

class Files {
  readonly directory = fs.mkdtempSync(path.join(tmpdir(), 'apihydra-recorded-'));
  readonly #temporary = path.join(this.directory, 'temporary');

  constructor() {
    fs.mkdirSync(this.#temporary);
    onTestFinished(() => fs.rmSync(this.directory, { recursive: true }));
  }

  put(name: string, ...ids: number[]): SegmentInfo {
    const text = lines(...ids.map((id) => response(id)));
    return this.write(name, name.endsWith('.gz') ? zlib.gzipSync(text) : text, ids);
  }

  write(name: string, content: string | Buffer, ids: number[] = []): SegmentInfo {
    const file = path.join(this.directory, name);
    fs.writeFileSync(file, content);
    const [firstId, lastId] = [Math.min(...ids), Math.max(...ids)];
    const bytes = fs.statSync(file).size;
    return { file: name, count: ids.length, firstId, lastId, bytes, isOpen: false };
  }

  async find(segments: SegmentInfo[], done: number): Promise<Found> {
    const damages: Damage[] = [];
    const { logger, lines: log } = keepingLogger();
    const recorded = await findRecorded({
      directory: this.directory,
      temporaryFolder: this.#temporary,
      info: {
        api: { name: 'test', baseUrl: 'https://api.example/v2' },
        createdAtMs: 1,
        segments,
        totals: { done, failed: 0 },
      },
      logger,
      onDamage: (damage) => void damages.push(damage),
    });
    return { ...recorded, damages, log };
  }

  done(...ids: number[]): void {
    const set = new IdSet();
    for (const id of ids) set.add(id);
    this.write('done.bitmap', Buffer.from(encodeDone(set.bits, { createdAtMs: 1 })));
  }
}

function idsOf(set: IdSet, below = 100): number[] {
  return Array.from({ length: below }, (_, id) => id).filter((id) => set.has(id));
}

describe('what is recorded', () => {
  it('is nothing in an empty directory', async () => {
    const { done, failed, segments, nextPart } = await new Files().find([], 0);
    expect([done.size, failed.size, segments, nextPart]).toEqual([0, 0, [], 1]);
  });

  it('is taken from the done-set, without looking into the segments that it covers', async () => {
    const files = new Files();
    const listed = files.put('responses_1_5.jsonl', 0, 1);
    // Of the same size, so that only reading it would tell.
    files.write('responses_1_5.jsonl', 'y'.repeat(listed.bytes));
    files.done(0, 1);
    const { done, segments, damages } = await files.find([listed], 2);
    expect([idsOf(done), segments, damages]).toEqual([[0, 1], [listed], []]);
  });

  it('includes segments that are not listed, or were open then', async () => {
    const files = new Files();
    const listed = files.put('responses_1_5.jsonl', 0, 1);
    const open = { ...files.put('responses_2_5.jsonl', 5), isOpen: true };
    files.put('responses_2_5.jsonl', 5, 4, 7);
    files.put('responses_11_5.jsonl.gz', 20, 21);
    files.done(0, 1, 5);
    const { done, segments, nextPart } = await files.find([listed, open], 3);
    expect(idsOf(done)).toEqual([0, 1, 4, 5, 7, 20, 21]);
    expect(segments.map(({ firstId, lastId, count }) => [firstId, lastId, count])).toEqual([
      [0, 1, 2],
      [4, 7, 3],
      [20, 21, 2],
    ]);
    expect(nextPart).toBe(12);
  });

  it('is looked up anew when a segment is gone, smaller or larger than it was', async () => {
    for (const change of ['gone', 'smaller', 'larger']) {
      const files = new Files();
      const kept = files.put('responses_1_5.jsonl', 0, 1);
      const other = files.put('responses_2_5.jsonl', 2, 3);
      files.done(0, 1, 2, 3);
      const file = path.join(files.directory, other.file);
      if (change === 'gone') fs.rmSync(file);
      if (change === 'smaller') fs.truncateSync(file, other.bytes - 1);
      if (change === 'larger') fs.appendFileSync(file, 'garbage\n');
      const { done, log, damages } = await files.find([kept, other], 4);
      const left = { gone: [0, 1], smaller: [0, 1, 2, 3], larger: [0, 1, 2, 3] }[change];
      expect([change, idsOf(done)]).toEqual([change, left]);
      expect(log[0]).toContain(other.file);
      expect(damages.map(({ line }) => line)).toEqual(change === 'larger' ? [3] : []);
    }
  });

  it('takes a segment that was compressed since for the one that is listed', async () => {
    const files = new Files();
    const listed = files.put('responses_1_5.jsonl', 0, 1);
    fs.rmSync(path.join(files.directory, listed.file));
    files.put('responses_1_5.jsonl.gz', 0, 1);
    files.done(0, 1);
    const { done, segments, log } = await files.find([listed], 2);
    expect([idsOf(done), segments.map(({ file }) => file), log]).toEqual([
      [0, 1],
      ['responses_1_5.jsonl.gz'],
      [],
    ]);
  });

  it('counts as failed what has a failure and no response', async () => {
    const files = new Files();
    files.put('responses_1_5.jsonl', 0, 3);
    files.write('failures.jsonl', lines(failure(3), failure(4), failure(4), failure(5)));
    const { done, failed } = await files.find([], 0);
    expect([idsOf(done), idsOf(failed)]).toEqual([
      [0, 3],
      [4, 5],
    ]);
  });

  it('counts failures whose first one was refused because of its origin', async () => {
    const files = new Files();
    const one = failure(4);
    if (one.kind !== 'failure') throw new Error('It is a failure.');
    const refused = { ...one.failure, id: 2, url: 'https://elsewhere/x', attempts: 0 };
    files.write('failures.jsonl', lines({ kind: 'failure', failure: refused }, failure(4)));
    expect(idsOf((await files.find([], 0)).failed)).toEqual([2, 4]);
  });
});

import * as fs from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { response, failure, facts } from '../../test/store/outcomes.js';
import { idsOf, range, storeSetting, type StoreSetting } from '../../test/store/store-setting.js';
import type { Outcome } from '../request/request.js';
import { compressSegment } from './compress-segment.js';
import { LineBatch } from './line-batch.js';
import { mergeOutcomes } from './merge-segments.js';
import { encodeText } from './outcome-text.js';
import { SegmentCursor, type SegmentRef } from './segment-cursor.js';
import type { Damage } from './segment-lines.js';

let setting: StoreSetting;
let damages: Damage[] = [];
beforeEach(() => {
  setting = storeSetting();
  damages = [];
});
afterEach(() => setting.remove());

type Ref = { -readonly [K in keyof SegmentRef]: SegmentRef[K] };

function write(name: string, outcomes: readonly Outcome[], ids: readonly number[]): Ref {
  const path = join(setting.folder, name);
  if (name.endsWith('.txt')) {
    const texts = outcomes.flatMap((outcome) => [...encodeText(outcome), '\n'].map(toBuffer));
    fs.writeFileSync(path, Buffer.concat(texts));
  } else {
    const batch = new LineBatch(name.endsWith('.json') ? 'json' : 'jsonl');
    for (const outcome of outcomes) batch.append(outcome);
    const bytes = batch.bytes(0, batch.count);
    const array = Buffer.concat([Buffer.from('[\n'), bytes.subarray(0, -2), Buffer.from('\n]\n')]);
    fs.writeFileSync(path, name.endsWith('.json') ? array : bytes);
  }
  return { path, firstId: Math.min(...ids), lastId: Math.max(...ids), count: ids.length };
}

function toBuffer(piece: string | Uint8Array): Buffer {
  return typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece);
}

function cursorOf(ref: SegmentRef): SegmentCursor {
  return new SegmentCursor(ref, (damage) => void damages.push(damage));
}

async function readAll(cursor: SegmentCursor): Promise<number[]> {
  return idsOf(mergeOutcomes([cursor]));
}

const unordered = [9, 3, 12, 4, 5, 30, 1];
const rising = unordered.toSorted((a, b) => a - b);
const outcomes = unordered.map((id) => (id === 5 ? failure(id) : response(id)));

describe('SegmentCursor', () => {
  it('gives a segment by rising id, put aside at any point, and compressed at any point', async () => {
    const name = fc.constantFrom('s.json', 's.jsonl', 's.txt');
    const points = fc.uniqueArray(fc.nat(7));
    await fc.assert(
      fc.asyncProperty(name, points, fc.nat(9), async (file, suspendAt, compressAt) => {
        const ref = write(file, outcomes, unordered);
        const cursor = cursorOf(ref);
        const found: unknown[] = [];
        for (let at = 0; cursor.nextId !== undefined; at++) {
          if (suspendAt.includes(at)) await cursor.suspend();
          if (at === compressAt && file !== 's.txt') {
            const plain = ref.path;
            ref.path = await compressSegment(plain, 'gzip', ref.count);
            fs.rmSync(plain);
          }
          const { nextId } = cursor;
          const outcome = await cursor.next();
          expect(outcome?.kind === 'failure' ? outcome.failure.id : outcome?.response.id).toBe(
            nextId,
          );
          if (outcome !== undefined) found.push(facts(outcome));
        }
        await cursor.suspend();
        expect(found).toEqual(
          rising.map((id) => facts(outcomes[unordered.indexOf(id)] as Outcome)),
        );
        expect(damages).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('reads lines that are longer than what is read at once', async () => {
    const sizes = [10, 300_000, 100, 2_000_000, 65_000, 70_000, 5];
    const large = unordered.map((id, at) =>
      response(id, { body: Buffer.from(JSON.stringify('x'.repeat(sizes[at] ?? 0))) }),
    );
    const cursor = cursorOf(write('s.json', large, unordered));
    for (const id of rising) {
      const outcome = await cursor.next();
      const length = outcome?.kind === 'response' ? outcome.response.json<string>().length : -1;
      expect(length).toBe(sizes[unordered.indexOf(id)]);
    }
    await cursor.suspend();
  });

  it('goes back to what another source has, where its first outcome is damaged', async () => {
    const one = write('one.jsonl', [response(0), response(3)], [0, 3]);
    const two = write('two.jsonl', [response(1), response(2)], [1, 2]);
    const lines = fs.readFileSync(one.path, 'utf8').split('\n');
    fs.writeFileSync(one.path, ['garbage', ...lines.slice(1)].join('\n'));
    expect(await idsOf(mergeOutcomes([cursorOf(one), cursorOf(two)]))).toEqual([1, 2, 3]);
    const reason = 'it is no outcome of a request';
    expect(damages).toEqual([{ file: one.path, line: 1, reason }]);
  });

  it('tells of a line that looks whole and is not, and goes on', async () => {
    const ref = write('s.jsonl', [response(1), response(2), response(3)], [1, 2, 3]);
    const lines = fs.readFileSync(ref.path, 'utf8').split('\n');
    fs.writeFileSync(ref.path, [lines[0], '{"id":2,"method":}', lines[2], ''].join('\n'));
    expect(await readAll(cursorOf(ref))).toEqual([1, 3]);
    expect(damages).toMatchObject([{ file: ref.path, line: 2 }]);
  });

  it('tells once of damage, however often it is put aside', async () => {
    const ref = write('s.jsonl', [response(1), response(2), response(3)], [1, 2, 3]);
    fs.appendFileSync(ref.path, 'garbage\n');
    const cursor = cursorOf(ref);
    for (const _ of range(0, 4)) {
      await cursor.next();
      await cursor.suspend();
    }
    expect(damages).toMatchObject([{ line: 4 }]);
  });

  it.each([0, 1, 2, 3])('tells how many are left where only %d of 4 are', async (left) => {
    const ids = range(1, 5);
    const ref = write(
      's.jsonl',
      ids.map((id) => response(id)),
      ids,
    );
    const lines = fs.readFileSync(ref.path, 'utf8').split('\n').slice(0, left);
    fs.writeFileSync(ref.path, lines.map((line) => `${line}\n`).join(''));
    expect(await readAll(cursorOf(ref))).toEqual(ids.slice(0, left));
    const reasons = damages.map(({ reason }) => reason).join();
    expect(reasons).toContain(`4 outcomes were written to it, ${left} are left`);
  });

  it('says which file is gone', async () => {
    const ref = write('s.jsonl', [response(1)], [1]);
    fs.rmSync(ref.path);
    await expect(readAll(cursorOf(ref))).rejects.toThrow(
      expect.objectContaining({
        code: 'HYDRA_STORE',
        message: `The segment ${ref.path} cannot be read (ENOENT). If it was moved, put it back.`,
        facts: { file: ref.path },
      }),
    );
  });
});

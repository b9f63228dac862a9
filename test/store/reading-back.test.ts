/** What the store reads back. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outcomeId } from '../../src/request/request.js';
import { facts, failure, response } from './outcomes.js';
import { idsOf, range, storeSetting, type StoreSetting } from './store-setting.js';

let setting: StoreSetting;
beforeEach(() => {
  setting = storeSetting();
});
afterEach(() => {
  setting.remove();
});

describe('what the store reads back', () => {
  it('is every outcome as it came, in the order of asking, from all segments and from memory', async () => {
    const store = setting.open('.json', { outcomesPerSegment: 3 });
    const outcomes = [7, 2, 9, 0, 4, 1, 3].map((id) => (id % 2 === 0 ? failure(id) : response(id)));
    for (const outcome of outcomes) store.put(outcome);
    const found: unknown[] = [];
    for await (const outcome of store.outcomes()) found.push(facts(outcome));
    const expected = outcomes.toSorted((a, b) => outcomeId(a) - outcomeId(b)).map(facts);
    expect(found).toEqual(expected);
    expect(store.size).toBe(7);
  });

  it('is what was there when reading began, however much comes meanwhile', async () => {
    const store = setting.open('.json', { outcomesPerSegment: 3 });
    for (const id of range(0, 8)) store.put(response(id));
    const found: number[] = [];
    for await (const outcome of store.outcomes()) {
      found.push(outcomeId(outcome));
      store.put(response(outcomeId(outcome) + 100));
      await store.flush();
    }
    expect(found.filter((id) => id < 100)).toEqual(range(0, 8));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(setting.log).toEqual([]);
    expect(await idsOf(store.outcomes())).toEqual(
      [...new Set([...range(0, 8), ...range(100, 108), ...found.map((id) => id + 100)])].toSorted(
        (a, b) => a - b,
      ),
    );
  });

  it.each(['.json.gz', '.jsonl.gz'])(
    'is the same when a segment is compressed (%s) in the middle of reading',
    async (ending) => {
      const store = setting.open(ending, { outcomesPerSegment: 5 });
      for (const id of [3, 1, 4, 2]) store.put(response(id));
      const found: number[] = [];
      for await (const outcome of store.outcomes()) {
        found.push(outcomeId(outcome));
        if (found.length !== 2) continue;
        store.put(response(9));
        await store.close();
        expect(setting.names()).toHaveLength(1);
        expect(setting.names()[0]).toMatch(/\.gz$/);
      }
      expect(found).toEqual([1, 2, 3, 4]);
      expect(await idsOf(store.outcomes())).toEqual([1, 2, 3, 4, 9]);
      expect(setting.log).toEqual([]);
    },
  );

  it('names garbage in its log, with file and line', async () => {
    const store = setting.open('.json', { outcomesPerSegment: 3 });
    for (const id of range(0, 6)) store.put(response(id));
    await store.flush();
    const file = join(setting.folder, setting.names()[0] ?? '');
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    fs.writeFileSync(file, [lines[0], lines[1], 'garbage', ...lines.slice(3)].join('\n'));
    expect(await idsOf(store.outcomes())).toEqual([0, 2, 3, 4, 5]);
    expect(setting.log).toEqual([
      `error: Line 3 of ${file} is skipped: it is no outcome of a request`,
    ]);
  });

  it('is told as missing, not passed over, when somebody has emptied a segment', async () => {
    const store = setting.open('.jsonl', { outcomesPerSegment: 3 });
    for (const id of range(0, 6)) store.put(response(id));
    await store.flush();
    const file = join(setting.folder, setting.names()[0] ?? '');
    fs.truncateSync(file, 0);
    expect(await idsOf(store.outcomes())).toEqual([3, 4, 5]);
    expect(setting.log.join('\n')).toContain(`of ${file} is skipped`);
  });

  it('ends with a clear error when a segment is gone', async () => {
    const store = setting.open('.jsonl', { outcomesPerSegment: 3 });
    for (const id of range(0, 3)) store.put(response(id));
    await store.flush();
    fs.rmSync(join(setting.folder, setting.names()[0] ?? ''));
    await expect(idsOf(store.outcomes())).rejects.toThrow('If it was moved, put it back.');
  });

  it('is nothing after clear, from files neither', async () => {
    const store = setting.open('.jsonl.gz', { outcomesPerSegment: 5 });
    const noise = Buffer.from(JSON.stringify(randomBytes(500_000).toString('hex')));
    for (const id of range(0, 15)) store.put(response(id, { body: noise }));
    store.flushSync();
    store.put(response(9));
    // In the middle of compressing a segment.
    const isUnfinished = (name: string): boolean =>
      name.endsWith('.tmp') && fs.statSync(join(setting.folder, name)).size > 0;
    while (!setting.names().some(isUnfinished))
      await new Promise((resolve) => setImmediate(resolve));
    store.clear();
    expect([
      store.size,
      store.files(),
      setting.names().filter((name) => !name.endsWith('.tmp')),
    ]).toEqual([0, [], []]);
    store.put(response(7));
    expect(await idsOf(store.outcomes())).toEqual([7]);
    await store.close();
    expect(setting.names()).toHaveLength(1);
    expect(await idsOf(store.outcomes())).toEqual([7]);
    expect(setting.log).toEqual([]);
  });

  it('is let go of by clear also where a file cannot be removed, and that is told', async () => {
    const store = setting.open('.jsonl', { outcomesPerSegment: 1 });
    for (const id of range(0, 3)) store.put(response(id));
    await store.flush();
    const file = join(setting.folder, setting.names()[1] ?? '');
    fs.rmSync(file);
    fs.mkdirSync(file);
    store.clear();
    expect([store.size, store.files(), setting.names()]).toEqual([0, [], [file.split('/').at(-1)]]);
    expect(setting.log.join()).toContain(`error: ${file} cannot be removed`);
  });
});

/** What happens while a write is under way. */
import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { response } from './outcomes.js';
import { holdWrites, restoreFs, type HeldWrites } from './replace-fs.js';
import { idsInFile, idsOf, range, storeSetting, type StoreSetting } from './store-setting.js';

let setting: StoreSetting;
beforeEach(() => {
  setting = storeSetting();
});
afterEach(() => {
  restoreFs();
  setting.remove();
});

const large = (id: number): ReturnType<typeof response> =>
  response(id, { body: Buffer.from(JSON.stringify('x'.repeat(100_000))) });

describe('a store that is asked to write at once', () => {
  it.each(['.json', '.jsonl'])(
    'in the middle of a write loses nothing and writes nothing twice (%s)',
    async (ending) => {
      const store = setting.open(ending, { outcomesPerSegment: 4 });
      store.put(response(0));
      await store.flush();
      const hold = holdWrites();
      store.put(response(1));
      await setting.clock.advance(40);
      expect(hold.waiting).toHaveLength(1);
      store.put(response(2));
      store.flushSync();
      expect(setting.recorded).toEqual([[0], [1], [2]]);
      // Fills the segment: it is ended while the old write still waits.
      store.put(response(3));
      store.put(response(4));
      store.flushSync();
      hold.release();
      store.put(response(5));
      await store.close();
      const files = store.files();
      expect(files.map((file) => idsInFile(file))).toEqual([range(0, 4), [4, 5]]);
      if (ending === '.json') for (const file of files) JSON.parse(fs.readFileSync(file, 'utf8'));
      expect(setting.recorded).toEqual([[0], [1], [2], [3], [4], [5]]);
      expect(await idsOf(store.outcomes())).toEqual(range(0, 6));
    },
  );

  it.each([
    ['with more since', [2]],
    ['with nothing since', []],
  ])('and to close, in the middle of a write, %s, leaves valid files', async (_what, since) => {
    const store = setting.open('.json');
    store.put(response(0));
    await store.flush();
    const hold = holdWrites();
    store.put(response(1));
    await setting.clock.advance(40);
    for (const id of since) store.put(response(id));
    store.closeSync();
    const [name = ''] = setting.names();
    const before = setting.read(name);
    expect((JSON.parse(before) as { id: number }[]).map(({ id }) => id)).toEqual([0, 1, ...since]);
    hold.release();
    // Waits for the old write.
    await store.close();
    expect(setting.read(name)).toBe(before);
    expect(setting.recorded.flat()).toEqual([0, 1, ...since]);
  });

  it('in the middle of a write goes on in the same segment', async () => {
    const store = setting.open();
    store.put(response(0));
    await store.flush();
    const hold = holdWrites();
    store.put(response(1));
    await setting.clock.advance(40);
    store.flushSync();
    hold.release();
    store.put(response(2));
    await store.flush();
    expect(store.files().map((file) => idsInFile(file))).toEqual([[0, 1, 2]]);
    expect(setting.recorded).toEqual([[0], [1], [2]]);
  });

  it('in the middle of a write that fills a segment leaves it valid', async () => {
    const store = setting.open('.json', { outcomesPerSegment: 2 });
    store.put(response(0));
    await store.flush();
    const hold = holdWrites();
    store.put(response(1));
    await setting.clock.advance(40);
    store.flushSync();
    hold.release();
    await store.close();
    expect(JSON.parse(setting.read(setting.names()[0] ?? ''))).toHaveLength(2);
    expect(setting.recorded).toEqual([[0], [1]]);
  });

  it('goes on as usual afterwards', async () => {
    const store = setting.open();
    for (const id of range(0, 5)) {
      store.put(response(id));
      store.flushSync();
      expect(setting.recorded.flat()).toEqual(range(0, id + 1));
    }
    store.put(response(5));
    await setting.clock.advance(40);
    await setting.until(() => setting.recorded.flat().length === 6);
    await store.close();
    expect(store.files().flatMap((file) => idsInFile(file))).toEqual(range(0, 6));
  });

  it('clears in the middle of a write, and what comes next is alone', async () => {
    const store = setting.open('.json');
    store.put(response(0));
    await store.flush();
    const hold = holdWrites();
    store.put(response(1));
    await setting.clock.advance(40);
    store.clear();
    store.put(response(2));
    store.flushSync();
    hold.release();
    expect(await idsOf(store.outcomes())).toEqual([2]);
    await store.close();
    expect(store.files().map((file) => idsInFile(file))).toEqual([[2]]);
    expect(setting.names()).toHaveLength(1);
    expect(setting.recorded.flat()).toEqual([0, 2]);
  });
});

describe('a store that cannot keep up', () => {
  async function congest(): Promise<[ReturnType<StoreSetting['open']>, HeldWrites]> {
    const store = setting.open();
    store.put(response(0));
    await store.flush();
    const hold = holdWrites();
    for (const id of range(1, 84)) {
      expect(store.isCongested).toBe(false);
      store.put(large(id));
    }
    expect(store.isCongested).toBe(false);
    store.put(large(84));
    expect(store.isCongested).toBe(true);
    await setting.clock.advance(40);
    expect(setting.calls.drained).toBe(0);
    return [store, hold];
  }

  it('says so from 8 MiB on, and tells when it has caught up', async () => {
    const [store, hold] = await congest();
    hold.release();
    await store.flush();
    expect([store.isCongested, setting.calls.drained]).toEqual([false, 1]);
    expect(setting.recorded.flat()).toEqual(range(0, 85));
  });

  it('tells it also when it was cleared', async () => {
    const [store, hold] = await congest();
    store.clear();
    expect([store.isCongested, setting.calls.drained]).toEqual([false, 1]);
    hold.release();
  });

  it('tells it when it was written at once', async () => {
    const [store, hold] = await congest();
    store.flushSync();
    expect([store.isCongested, setting.calls.drained]).toEqual([false, 1]);
    hold.release();
    await store.close();
    expect(store.files().flatMap((file) => idsInFile(file))).toEqual(range(0, 85));
  });
});

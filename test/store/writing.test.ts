/** What the store writes, and when. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { failure, response } from './outcomes.js';
import { holdWrites, replaceFs, restoreFs } from './replace-fs.js';
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

describe('what the store writes', () => {
  it('is in the file within 50 ms, also while earlier writes take their time', async () => {
    const store = setting.open();
    store.put(response(0));
    await setting.clock.advance(20);
    store.put(response(1));
    expect(setting.recorded).toEqual([]);
    await setting.clock.advance(20);
    expect(setting.recorded).toEqual([[0, 1]]);

    // This one is written while the next comes, and that one has waited already when it is done.
    const hold = holdWrites();
    store.put(response(2));
    await setting.clock.advance(40);
    expect(hold.waiting).toHaveLength(1);
    store.put(response(3));
    await setting.clock.advance(30);
    hold.release();
    await setting.until(() => setting.recorded.length === 2);
    await setting.clock.advance(15);
    await setting.until(() => setting.recorded.length === 3);
    expect(setting.recorded).toEqual([[0, 1], [2], [3]]);
    expect(idsInFile(join(setting.folder, setting.names()[0] ?? ''))).toEqual([0, 1, 2, 3]);
  });

  it('is written at once from 256 KiB on', async () => {
    const store = setting.open();
    store.put(large(0));
    store.put(large(1));
    await setting.clock.advance(0);
    expect(setting.recorded).toEqual([]);
    store.put(large(2));
    await setting.until(() => setting.recorded.length === 1);
    expect(setting.recorded).toEqual([[0, 1, 2]]);
    expect(setting.clock.now()).toBe(0);
  });

  it('is told of as recorded in the order of coming, each once, and only when it is', async () => {
    const store = setting.open('.json', { outcomesPerSegment: 3 });
    const ids = [5, 3, 8, 0, 1, 9, 4];
    for (const id of ids) store.put(response(id));
    await store.flush();
    store.put(failure(2));
    store.flushSync();
    expect(setting.recorded.flat()).toEqual([...ids, 2]);
    expect(setting.recorded).toEqual([[5, 3, 8], [0, 1, 9], [4], [2]]);
  });

  it.each(['.json', '.jsonl'])(
    'is exactly so many a segment, valid %s once closed',
    async (ending) => {
      const store = setting.open(ending, { outcomesPerSegment: 4 });
      for (const id of range(0, 10)) store.put(id % 3 === 0 ? failure(id) : response(id));
      await store.close();
      const names = setting.names();
      const seconds = setting.clock.wallNow() / 1000;
      expect(names).toEqual([1, 2, 3].map((part) => `r_${part}_${seconds}${ending}`));
      const perFile = names.map((name) => {
        const content = setting.read(name);
        const lines = content.trimEnd().split('\n');
        const records = (
          ending === '.json'
            ? JSON.parse(content)
            : lines.map((line) => JSON.parse(line) as unknown)
        ) as { id: number }[];
        return records.map(({ id }) => id);
      });
      expect(perFile).toEqual([range(0, 4), range(4, 8), range(8, 10)]);
      expect(store.files()).toEqual(names.map((name) => join(setting.folder, name)));
      expect(await idsOf(store.outcomes())).toEqual(range(0, 10));
    },
  );

  it('is for its owner alone', async () => {
    const store = setting.open('.jsonl');
    store.put(response(0));
    await store.close();
    const modes = setting.names().map((name) => fs.statSync(join(setting.folder, name)).mode);
    expect(modes.map((mode) => mode & 0o777)).toEqual([0o600]);
  });

  it('is never two stores in one file, also in the same second, compressed or not', async () => {
    for (const ending of ['.json', '.jsonl.gz']) {
      const [one, two] = [setting.open(ending), setting.open(ending)];
      one.put(response(1));
      one.flushSync();
      two.put(response(2));
      await two.close();
      await one.close();
      const three = setting.open(ending);
      three.put(response(3));
      await three.close();
      expect(await idsOf(one.outcomes())).toEqual([1]);
      expect(await idsOf(two.outcomes())).toEqual([2]);
      expect(await idsOf(three.outcomes())).toEqual([3]);
    }
    expect(setting.names()).toHaveLength(6);
  });

  it('makes no file when there is nothing to write', async () => {
    const store = setting.open();
    await store.flush();
    store.flushSync();
    expect(await idsOf(store.outcomes())).toEqual([]);
    await store.close();
    expect([setting.names(), store.files(), setting.log]).toEqual([[], [], []]);
  });

  it('is announced before it is written', async () => {
    const filesBefore: number[] = [];
    const beforeWriting = (): void => void filesBefore.push(setting.names().length);
    const store = setting.open('.jsonl', { beforeWriting });
    store.put(response(0));
    await store.flush();
    store.put(response(1));
    store.flushSync();
    expect(filesBefore).toEqual([0, 1]);
  });

  it("is safe from power loss before it counts as recorded, with durability 'fsync'", async () => {
    const events: string[] = [];
    replaceFs('fdatasyncSync', (original) => (fd) => {
      events.push('synced');
      original(fd);
    });
    replaceFs('fdatasync', (original) => {
      const spied = (fd: number, done: fs.NoParamCallback): void =>
        original(fd, (error) => {
          events.push('synced');
          done(error);
        });
      return spied as typeof fs.fdatasync;
    });
    replaceFs('fsyncSync', (original) => (fd) => {
      events.push(fs.fstatSync(fd).isDirectory() ? 'folder synced' : 'synced');
      original(fd);
    });
    const onRecorded = (ids: readonly number[]): void => void events.push(`recorded ${ids.join()}`);
    const store = setting.open('.json', { durability: 'fsync', onRecorded });
    store.put(response(0));
    await store.flush();
    store.put(response(1));
    await store.flush();
    store.put(response(2));
    await store.close();
    expect(events).toEqual([
      'folder synced',
      'synced',
      'recorded 0',
      'synced',
      'recorded 1',
      'synced',
      'recorded 2',
      'synced',
    ]);
  });

  it('is made safe from power loss at once when asked, and once is enough', () => {
    let synced = 0;
    replaceFs('fdatasyncSync', (original) => (fd) => {
      synced += 1;
      original(fd);
    });
    const store = setting.open();
    store.put(response(0));
    store.closeSync();
    expect(synced).toBe(0);
    store.syncSync();
    store.syncSync();
    expect(synced).toBe(1);
  });
});

it("works on the system's time", async () => {
  const store = setting.open('.jsonl', {}, systemClock);
  store.put(response(0));
  await setting.until(() => setting.recorded.length === 1);
  store.put(response(1));
  await setting.until(() => setting.recorded.length === 2);
  await store.close();
  expect(await idsOf(store.outcomes())).toEqual([0, 1]);
});

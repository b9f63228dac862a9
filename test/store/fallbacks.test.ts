/** Where outcomes go when their place cannot be written, each on a real cause. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SegmentStore } from '../../src/store/segment-store.js';
import { response } from './outcomes.js';
import { idsInFile, idsOf, storeSetting, type StoreSetting } from './store-setting.js';

let setting: StoreSetting;
let cleanUp: (() => void)[] = [];
beforeEach(() => {
  setting = storeSetting();
});
afterEach(() => {
  for (const undo of cleanUp.toReversed()) undo();
  cleanUp = [];
  setting.remove();
});

const TRY_PROPER_AFTER_MS = 5000;

function elsewhere(): string[] {
  return fs.readdirSync(setting.temporaryFolder).toSorted();
}

function nameOf(part: number, ending = '.jsonl'): string {
  return `r_${part}_${Math.floor(setting.clock.wallNow() / 1000)}${ending}`;
}

/** Each id that stands in a JSON segment of the store, sorted, as often as it is there. */
function idsOnDisk(store: SegmentStore): number[] {
  const files = store.files().filter((file) => !file.endsWith('.txt'));
  return files.flatMap(idsInFile).toSorted((a, b) => a - b);
}

async function put(store: SegmentStore, ...ids: number[]): Promise<void> {
  for (const id of ids) store.put(response(id));
  await store.flush();
}

describe('a folder that cannot be written', () => {
  /** Each makes the template's folder unusable, and returns what mends it. */
  const causes: [string, () => () => void][] = [
    [
      'missing',
      () => {
        fs.rmSync(setting.folder, { recursive: true });
        return () => {
          fs.mkdirSync(setting.folder);
        };
      },
    ],
    [
      'no folder',
      () => {
        fs.rmSync(setting.folder, { recursive: true });
        fs.writeFileSync(setting.folder, '');
        return () => {
          fs.rmSync(setting.folder);
          fs.mkdirSync(setting.folder);
        };
      },
    ],
    ['not writable', forbid],
  ];

  /** Root may write everywhere: it becomes somebody else meanwhile. */
  function forbid(): () => void {
    const isRoot = process.geteuid?.() === 0;
    fs.chmodSync(setting.folder, 0o555);
    fs.chmodSync(setting.temporaryFolder, 0o777);
    fs.chmodSync(join(setting.folder, '..'), 0o755);
    const allow = (): void => {
      if (isRoot) process.seteuid?.(0);
      fs.chmodSync(setting.folder, 0o755);
    };
    if (isRoot) process.seteuid?.(65_534);
    cleanUp.push(allow);
    return allow;
  }

  it.each(causes)(
    'because it is %s: outcomes go to the temporary folder until it works again',
    async (_why, spoil) => {
      const store = setting.open();
      const mend = spoil();
      await put(store, 3, 1);
      const [name = ''] = elsewhere();
      expect(elsewhere()).toEqual([`apihydra_${nameOf(1)}`]);
      const file = join(setting.temporaryFolder, name);
      expect(setting.log).toHaveLength(1);
      expect(setting.log[0]).toMatch(
        /^error: Outcomes cannot be written where they belong \(E[A-Z]+: /,
      );
      expect(setting.log[0]).toContain(join(setting.folder, nameOf(1)));
      expect(setting.log[0]).toContain(`They go to ${file}, until that works again.`);
      expect(store.files()).toEqual([file]);
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      expect(setting.recorded.flat()).toEqual([3, 1]);

      // It says so once, and goes on there.
      await setting.clock.advance(TRY_PROPER_AFTER_MS);
      await put(store, 2);
      expect(setting.log).toHaveLength(1);

      mend();
      await setting.clock.advance(TRY_PROPER_AFTER_MS - 1);
      await put(store, 5);
      expect(store.files()).toEqual([file]);
      await setting.clock.advance(1);
      await put(store, 4);
      const [proper = ''] = setting.names();
      expect(proper).toBe(nameOf(2));
      expect(setting.log.slice(1)).toEqual([
        `warn: Outcomes go to ${join(setting.folder, proper)} again`,
      ]);
      expect(store.files()).toEqual([file, join(setting.folder, proper)]);
      expect(await idsOf(store.outcomes())).toEqual([1, 2, 3, 4, 5]);
      await store.close();
      expect(store.files().map(idsInFile)).toEqual([[3, 1, 2, 5], [4]]);
      expect(setting.recorded.flat()).toEqual([3, 1, 2, 5, 4]);
    },
  );

  it('for an array, too, which is valid in both places', async () => {
    const store = setting.open('.json');
    await put(store, 0);
    fs.renameSync(setting.folder, `${setting.folder}2`);
    await put(store, 1);
    fs.mkdirSync(setting.folder);
    await setting.clock.advance(TRY_PROPER_AFTER_MS);
    await put(store, 2);
    await store.close();
    for (const file of store.files()) JSON.parse(fs.readFileSync(file, 'utf8'));
    expect(store.files().map(idsInFile)).toEqual([[0, 1], [2]]);
    expect(await idsOf(store.outcomes())).toEqual([0, 1, 2]);
  });

  it('at once, by a process that ends', () => {
    const store = setting.open();
    fs.rmSync(setting.folder, { recursive: true });
    store.put(response(0));
    store.closeSync();
    expect(store.files().map(idsInFile)).toEqual([[0]]);
  });
});

describe('no place at all', () => {
  function removeAll(): void {
    fs.rmSync(setting.folder, { recursive: true });
    fs.rmSync(setting.temporaryFolder, { recursive: true });
  }
  const nowhere = 'error: Outcomes cannot be written anywhere, and are kept in memory: ENOENT';

  it('keeps outcomes in memory, says so every 10 s, and writes them once there is one', async () => {
    const store = setting.open();
    removeAll();
    await put(store, 2, 0);
    expect(await idsOf(store.outcomes())).toEqual([0, 2]);
    expect(store.files()).toEqual([]);
    expect(setting.recorded).toEqual([]);
    expect(setting.log).toHaveLength(1);
    expect(setting.log[0]).toContain(nowhere);
    await setting.clock.advance(9000);
    store.put(response(1));
    expect(setting.log).toHaveLength(1);
    await setting.clock.advance(1100);
    expect(setting.log).toHaveLength(2);
    expect(setting.log[1]).toContain(nowhere);

    fs.mkdirSync(setting.temporaryFolder);
    await setting.clock.advance(1000);
    await setting.until(() => setting.recorded.flat().length === 3);
    expect(setting.log[2]).toContain(`They go to ${store.files()[0]}, until that works again.`);
    expect(await idsOf(store.outcomes())).toEqual([0, 1, 2]);
    expect(idsOnDisk(store)).toEqual([0, 1, 2]);
  });

  it('says so when the proper one is the next that works', async () => {
    const store = setting.open();
    removeAll();
    await put(store, 0);
    fs.mkdirSync(setting.folder);
    await setting.clock.advance(1000);
    await setting.until(() => setting.recorded.length === 1);
    expect(setting.log.slice(1)).toEqual([
      `warn: Outcomes can be written again, to ${join(setting.folder, setting.names()[0] ?? '')}`,
    ]);
  });

  it('tries again also after it was to write at once', async () => {
    const store = setting.open();
    removeAll();
    store.put(response(0));
    store.flushSync();
    expect(setting.recorded).toEqual([]);
    fs.mkdirSync(setting.folder);
    await setting.clock.advance(1000);
    await setting.until(() => setting.recorded.length === 1);
    expect(idsOnDisk(store)).toEqual([0]);
  });

  it('says at the end what is lost, can still be read, and no longer tries', async () => {
    const store = setting.open();
    removeAll();
    store.put(response(0));
    await store.close();
    expect(setting.log.at(-1)).toBe(
      'error: 1 outcomes could be written nowhere: they are lost when the process ends',
    );
    expect(await idsOf(store.outcomes())).toEqual([0]);
    expect(setting.clock.pendingTimers).toBe(0);
  });
});

describe('a file that is removed while it is written', () => {
  it.each(['.json', '.jsonl'])('is written again, with what was in it (%s)', async (ending) => {
    const store = setting.open(ending);
    await put(store, 0, 2);
    const file = join(setting.folder, nameOf(1, ending));
    fs.rmSync(file);
    await put(store, 1);
    expect(setting.log).toEqual([
      `error: ${file} was removed while it was written: writing it again`,
    ]);
    expect(idsOnDisk(store)).toEqual([0, 1, 2]);
    expect(await idsOf(store.outcomes())).toEqual([0, 1, 2]);
    await store.close();
    expect(setting.recorded.flat()).toEqual([0, 2, 1]);
    if (ending === '.json')
      for (const one of store.files()) JSON.parse(fs.readFileSync(one, 'utf8'));
  });

  it.each([
    ['it is read', (store: SegmentStore) => idsOf(store.outcomes())],
    ['it is closed', (store: SegmentStore) => store.close()],
    ['it is closed at once', (store: SegmentStore) => Promise.resolve(store.closeSync())],
    ['it is written at once', (store: SegmentStore) => Promise.resolve(store.flushSync())],
  ])('is written again also when nothing new comes before %s', async (_what, act) => {
    const store = setting.open();
    await put(store, 0, 1);
    fs.rmSync(join(setting.folder, nameOf(1)));
    await act(store);
    expect(idsOnDisk(store)).toEqual([0, 1]);
    expect(await idsOf(store.outcomes())).toEqual([0, 1]);
    expect(setting.recorded.flat()).toEqual([0, 1]);
  });

  it('is written again when the write that was under way filled it', async () => {
    const store = setting.open('.jsonl', { outcomesPerSegment: 2 });
    await put(store, 0);
    store.put(response(1));
    const flushed = store.flush();
    fs.rmSync(join(setting.folder, nameOf(1)));
    await flushed;
    expect(idsOnDisk(store)).toEqual([0, 1]);
    expect(setting.recorded).toEqual([[0], [1]]);
  });

  it('is written again when it was replaced, or cut', async () => {
    const store = setting.open();
    await put(store, 0);
    const file = join(setting.folder, nameOf(1));
    fs.rmSync(file);
    fs.writeFileSync(file, 'somebody else');
    await put(store, 1);
    expect(fs.readFileSync(file, 'utf8')).toBe('somebody else');
    expect(await idsOf(store.outcomes())).toEqual([0, 1]);

    expect(setting.calls.lost).toBe(0);
    const [second = ''] = store.files();
    fs.truncateSync(second, 10);
    await put(store, 2);
    expect(setting.calls.lost).toBe(1);
    expect(setting.log.join('\n')).toContain(`2 outcomes of ${second} are lost`);
    expect(await idsOf(store.outcomes())).toEqual([2]);
  });

  it('with its folder goes elsewhere, and later to the folder that was made again', async () => {
    const store = setting.open();
    await put(store, 0, 1);
    fs.rmSync(setting.folder, { recursive: true });
    await put(store, 2);
    expect(idsOnDisk(store)).toEqual([0, 1, 2]);
    for (const file of store.files()) expect(file).toContain(setting.temporaryFolder);
    fs.mkdirSync(setting.folder);
    await setting.clock.advance(TRY_PROPER_AFTER_MS);
    await put(store, 3);
    expect(store.files().at(-1)).toContain(setting.folder);
    expect(setting.log.at(-1)).toMatch(/^warn: Outcomes go to .* again$/);
    expect(await idsOf(store.outcomes())).toEqual([0, 1, 2, 3]);
    expect(setting.recorded.flat()).toEqual([0, 1, 2, 3]);
  });

  it('in the temporary folder is written again, too', async () => {
    const store = setting.open();
    fs.rmSync(setting.folder, { recursive: true });
    await put(store, 0, 1);
    for (const name of elsewhere()) fs.rmSync(join(setting.temporaryFolder, name));
    await put(store, 2);
    expect(idsOnDisk(store)).toEqual([0, 1, 2]);
    expect(await idsOf(store.outcomes())).toEqual([0, 1, 2]);
  });
});

describe('a name that is taken', () => {
  it('by a folder or a file is passed over', async () => {
    const seconds = setting.clock.wallNow() / 1000;
    fs.mkdirSync(join(setting.folder, `r_1_${seconds}.jsonl`));
    fs.writeFileSync(join(setting.folder, `r_1_${seconds + 1}.jsonl`), 'somebody else');
    const store = setting.open();
    await put(store, 0);
    expect(store.files()).toEqual([join(setting.folder, `r_1_${seconds + 2}.jsonl`)]);
    expect(setting.read(`r_1_${seconds + 1}.jsonl`)).toBe('somebody else');
    expect(setting.log).toEqual([]);
  });
});

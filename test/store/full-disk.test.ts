/** What becomes of outcomes when the disk is full: a small one, really. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SegmentStore } from '../../src/store/segment-store.js';
import { response } from './outcomes.js';
import { idsInFile, idsOf, range, storeSetting, type StoreSetting } from './store-setting.js';

let setting: StoreSetting;
let unmount: (() => void) | undefined;
beforeEach(() => {
  setting = storeSetting();
  unmount = mountSmallDisk(setting.folder);
});
afterEach(() => {
  unmount?.();
  setting.remove();
});

/** Of the system, where it lets this user. */
const [MOUNT, UNMOUNT] = ['mount', 'umount'] as const;
const TRY_PROPER_AFTER_MS = 5000;

async function put(store: SegmentStore, ...ids: number[]): Promise<void> {
  for (const id of ids) store.put(response(id));
  await store.flush();
}

/** Mounts a disk of 1 MiB on the template's folder; undefined where that is not allowed. */
function mountSmallDisk(folder: string): (() => void) | undefined {
  try {
    execFileSync(MOUNT, ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return () => execFileSync(UNMOUNT, ['-l', folder]);
}

const canMount = ((): boolean => {
  const probe = storeSetting();
  const undo = mountSmallDisk(probe.folder);
  undo?.();
  probe.remove();
  return undo !== undefined;
})();

describe.runIf(canMount)('a disk that is really full (where this user may mount one)', () => {
  const filler = (): string => join(setting.folder, 'filler');

  /** Leaves only so much. */
  function fill(leftBytes: number): void {
    const { bsize, bavail } = fs.statfsSync(setting.folder);
    fs.writeFileSync(filler(), Buffer.alloc(bsize * bavail - leftBytes));
  }
  const kib = (id: number): ReturnType<typeof response> =>
    response(id, { body: Buffer.from(JSON.stringify('x'.repeat(1024))) });

  it.each(['.json', '.jsonl'])(
    'in the middle of a batch leaves nothing half, and nothing twice (%s)',
    async (ending) => {
      const store = setting.open(ending);
      await put(store, 0);
      fill(50 * 1024);
      for (const id of range(1, 101)) store.put(kib(id));
      await setting.clock.advance(40);
      await setting.until(() => setting.recorded.flat().length === 101);
      expect(setting.log[0]).toMatch(
        /^error: Outcomes cannot be written where they belong \(ENOSPC: no space left/,
      );
      expect(store.files().map(idsInFile)).toEqual([[0], range(1, 101)]);
      expect(store.files()[1]).toContain(setting.temporaryFolder);
      expect(await idsOf(store.outcomes())).toEqual(range(0, 101));

      fs.rmSync(filler());
      await setting.clock.advance(TRY_PROPER_AFTER_MS);
      await put(store, 101);
      expect(setting.log.at(-1)).toMatch(/^warn: Outcomes go to .* again$/);
      await store.close();
      expect(store.files()[2]).toContain(setting.folder);
      expect(await idsOf(store.outcomes())).toEqual(range(0, 102));
      expect(setting.recorded.flat()).toEqual(range(0, 102));
      if (ending === '.json')
        for (const file of store.files()) JSON.parse(fs.readFileSync(file, 'utf8'));
    },
  );

  it('from the first byte on, also for a process that ends', async () => {
    fill(0);
    const store = setting.open('.json');
    store.put(response(0));
    store.flushSync();
    expect(store.files().map(idsInFile)).toEqual([[0]]);
    store.put(response(1));
    store.closeSync();
    expect(store.files().map(idsInFile)).toEqual([[0, 1]]);
    expect(setting.names()).toEqual(['filler']);
  });

  it('keeps what is in a segment that cannot be compressed', async () => {
    const store = setting.open('.jsonl.gz', { outcomesPerSegment: 50 });
    for (const id of range(0, 49)) store.put(kib(id));
    await store.flush();
    fill(1024);
    await put(store, 49);
    await store.close();
    expect(setting.log.join('\n')).toMatch(/stays as it is, since it cannot be compressed: ENOSPC/);
    expect(await idsOf(store.outcomes())).toEqual(range(0, 50));
    expect(setting.names().filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

/** Where outcomes go that cannot be written as JSON. */
import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SegmentStore } from '../../src/store/segment-store.js';
import { notForJson, response, tooLargeForJson } from './outcomes.js';
import { idsOf, storeSetting, type StoreSetting } from './store-setting.js';

let setting: StoreSetting;
beforeEach(() => {
  setting = storeSetting();
});
afterEach(() => {
  setting.remove();
});

function elsewhere(): string[] {
  return fs.readdirSync(setting.temporaryFolder).toSorted();
}

function nameOf(part: number, ending = '.jsonl'): string {
  return `r_${part}_${Math.floor(setting.clock.wallNow() / 1000)}${ending}`;
}

async function put(store: SegmentStore, ...ids: number[]): Promise<void> {
  for (const id of ids) store.put(response(id));
  await store.flush();
}

describe('a response that cannot be written as JSON', () => {
  const why = 'The outcome of request 1 cannot be written as JSON';

  it('since it is too long is kept as text in the same folder, and what came before it before it', async () => {
    const store = setting.open('.json');
    store.put(response(0));
    store.put(tooLargeForJson(1));
    await put(store, 2);
    expect(setting.names()).toEqual([nameOf(1, '.json'), nameOf(2, '.json.txt')]);
    expect(setting.log).toEqual([`error: ${why} (Invalid string length): it is kept as text`]);
    expect(setting.recorded).toEqual([[0], [1], [2]]);
    const lengths: number[] = [];
    for await (const outcome of store.outcomes())
      lengths.push(outcome.kind === 'response' ? outcome.response.bytes().byteLength : -1);
    expect(lengths).toEqual([8, 90 * 1024 * 1024, 8]);
    await store.close();
  });

  it('is kept as text in the temporary folder where its own is unusable', async () => {
    const store = setting.open('.json');
    fs.rmSync(setting.folder, { recursive: true });
    store.put(notForJson(1));
    expect(elsewhere()).toEqual([`apihydra_${nameOf(1, '.json.txt')}`]);
    expect(setting.log).toEqual([`error: ${why} (no): it is kept as text`]);
    expect(setting.recorded).toEqual([[1]]);
    expect(setting.calls.beforeWriting).toBe(1);
    await store.close();
    expect(await idsOf(store.outcomes())).toEqual([1]);
  });

  it('is kept in memory where nothing can be written, written later, and again when removed', async () => {
    const store = setting.open('.json');
    fs.rmSync(setting.folder, { recursive: true });
    fs.rmSync(setting.temporaryFolder, { recursive: true });
    store.put(response(0));
    store.put(notForJson(1));
    expect(setting.log.at(-1)).toBe(`error: ${why} (no): it is kept in memory`);
    expect(setting.recorded).toEqual([]);
    expect(await idsOf(store.outcomes())).toEqual([0, 1]);
    fs.mkdirSync(setting.folder);
    await setting.clock.advance(1000);
    await setting.until(() => setting.recorded.flat().length === 2);
    const text = store.files().find((file) => file.endsWith('.txt')) ?? '';
    fs.rmSync(text);
    await put(store, 2);
    await store.close();
    expect(setting.recorded).toEqual([[0], [1], [2]]);
    expect(store.files().filter((file) => file.endsWith('.txt'))).toHaveLength(1);
    expect(await idsOf(store.outcomes())).toEqual([0, 1, 2]);
  });

  it('nor as text is kept in memory, and nothing else suffers', async () => {
    const store = setting.open('.json');
    store.put(response(1, { endedAtMs: NaN }));
    store.put(response(0));
    await store.close();
    expect(await idsOf(store.outcomes())).toEqual([0, 1]);
    expect(setting.log).toEqual([
      'error: The outcome of request 1 cannot be written as JSON (Invalid time value): it is kept in memory',
      'error: 1 outcomes could be written nowhere: they are lost when the process ends',
    ]);
    expect(setting.recorded).toEqual([[0]]);
  });
});

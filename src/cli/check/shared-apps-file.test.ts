import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AppsFile, type AppState } from '../../engine/apps-file.js';
import { SharedAppsFile } from './shared-apps-file.js';

const baseUrl = 'https://api.example.com';
const NOW_MS = 1_000_000;

const state = (id: string, more: Partial<AppState> = {}): AppState => ({
  app: { id, credentials: {} },
  sentAtMs: [],
  ...more,
});

/** A file with apps, and what reads it back. */
async function fileWith(...apps: AppState[]): Promise<{ file: string; read: AppsFile }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-shared-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'apps.json');
  const read = new AppsFile(file);
  await read.save({ baseUrl, apps, savedAtMs: NOW_MS - 60_000, unsavedMs: 5000 });
  return { file, read };
}

it('keeps what each hydra says of its app, whoever writes first', async () => {
  const { file, read } = await fileWith(state('a'), state('b'), state('c', { sentAtMs: [7] }));
  const shared = new SharedAppsFile(file, () => NOW_MS);
  const [a, b] = [shared.of('a'), shared.of('b')];
  const ofB = state('b', { token: { value: 'tb' }, sentAtMs: [3] });
  const ofA = state('a', { token: { value: 'ta' } });
  await Promise.all([
    b.save({ baseUrl, apps: [ofB], savedAtMs: NOW_MS, unsavedMs: 0 }),
    a.save({ baseUrl, apps: [ofA], savedAtMs: NOW_MS, unsavedMs: 0 }),
  ]);
  expect(read.load()?.apps).toMatchObject([
    { app: { id: 'a' }, token: { value: 'ta' } },
    { app: { id: 'b' }, token: { value: 'tb' }, sentAtMs: [3] },
    { app: { id: 'c' }, sentAtMs: [7] },
  ]);
});

it('shows a hydra its own app alone, with what a crash may have left unsaid', async () => {
  const { file } = await fileWith(state('a'), state('b', { sentAtMs: [5] }));
  const seen = new SharedAppsFile(file, () => NOW_MS).of('b').load();
  expect(seen).toMatchObject({ savedAtMs: NOW_MS - 60_000, unsavedMs: 5000 });
  expect(seen?.apps).toMatchObject([{ app: { id: 'b' }, sentAtMs: [5] }]);
});

it('says that more may have been sent for as long as any of them may send', async () => {
  const { file, read } = await fileWith(state('a'), state('b'));
  const shared = new SharedAppsFile(file, () => NOW_MS);
  const save = (id: string, unsavedMs: number): Promise<void> =>
    shared.of(id).save({ baseUrl, apps: [state(id)], savedAtMs: NOW_MS, unsavedMs });
  await save('a', 5000);
  await save('b', 0);
  expect(read.load()?.unsavedMs).toBe(5000);
  await save('a', 0);
  expect(read.load()?.unsavedMs).toBe(0);
});

it('keeps an app that its hydra has let go', async () => {
  const { file, read } = await fileWith(state('a', { token: { value: 'ta' } }));
  const shared = new SharedAppsFile(file, () => NOW_MS);
  await shared.of('a').save({ baseUrl, apps: [], savedAtMs: NOW_MS, unsavedMs: 0 });
  expect(read.load()?.apps).toMatchObject([{ app: { id: 'a' }, token: { value: 'ta' } }]);
});

it('is an error when the file is none, and nothing without one', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-shared-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'apps.json');
  expect(new SharedAppsFile(file, () => NOW_MS).of('a').load()).toBeUndefined();
  writeFileSync(file, '{');
  expect(() => new SharedAppsFile(file, () => NOW_MS)).toThrow('no JSON');
});

it('tells a hydra of another API whose file it has become meanwhile', async () => {
  const { file } = await fileWith();
  rmSync(file);
  const shared = new SharedAppsFile(file, () => NOW_MS);
  const other = shared.of('b');
  expect(other.load()).toBeUndefined();
  await shared.of('a').save({ baseUrl, apps: [state('a')], savedAtMs: NOW_MS, unsavedMs: 0 });
  expect(other.load()).toEqual({ baseUrl, apps: [], savedAtMs: NOW_MS, unsavedMs: 0 });
});

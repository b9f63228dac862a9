/** Configuration files to load, and the errors that they end with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadConfig, type LoadedConfig } from '../../src/config/index.js';
import { HydraError } from '../../src/index.js';

/** The variable TOKEN, which no error may show. */
export const SECRET = 's3cret-hunter2';
export const env = { TOKEN: SECRET, EMPTY: '' };

/** A folder with files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** Loads a file of this name and text. */
export function load(name: string, text: string): Promise<LoadedConfig> {
  return loadConfig({ cwd: folderWith({ [name]: text }), env });
}

/** Loads a JSON file. */
export function loadJson(config: unknown): Promise<LoadedConfig> {
  return load('apihydra.config.json', JSON.stringify(config));
}

/** One API in words. */
export const books = (more: object = {}): object => ({
  baseUrl: 'https://books.test/v1/',
  limits: [{ requests: 5, perMs: 1000 }],
  auth: { type: 'bearer' },
  apps: [{ id: 'a', credentials: { token: '${TOKEN}' } }],
  ...more,
});

/** Loads a JSON file with one API under the name `books`. */
export function loadBooks(more: object = {}, rest: object = {}): Promise<LoadedConfig> {
  return loadJson({ apis: { books: books(more) }, ...rest });
}

/** The error that it ends with, which shows no secret. */
export async function errorOf(promise: Promise<unknown>): Promise<HydraError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HydraError)) throw new Error('Expected a HydraError.', { cause: error });
  expect(error.code).toBe('HYDRA_CONFIG');
  expect(JSON.stringify([error.message, error.facts, String(error.cause)])).not.toContain(SECRET);
  return error;
}

import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppsFile, type AppsFileContent } from './apps-file.js';
import type { HydraError } from '../errors.js';

let folder = '';
let file: AppsFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apihydra-'));
  file = new AppsFile(join(folder, 'apps.json'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

const content: AppsFileContent = {
  baseUrl: 'https://api.example.com/v2',
  savedAtMs: 1_767_225_600_000,
  unsavedMs: 5000,
  apps: [
    {
      app: { id: 'a', name: 'First', credentials: { clientId: 'id', clientSecret: 's3cret' } },
      token: { value: 't0ken', expiresAtMs: 1_767_232_800_000 },
      sentAtMs: [1_767_225_500_000, 1_767_225_500_000, 1_767_225_599_999],
      scopes: { search: [1_767_225_500_000] },
      costs: [{ of: 'tokens', uses: [{ atMs: 1_767_225_500_000, amount: 512 }] }],
    },
    {
      app: { id: 'b', credentials: {}, limits: [{ requests: 8, perMs: 1000 }] },
      sentAtMs: [],
    },
  ],
};

/** A file with one app that spent something. */
function withCosts(use: readonly unknown[]): string {
  const costs = [{ of: 'tokens', uses: [use] }];
  const app = { app: { id: 'a', credentials: {} }, sent: [], costs };
  return JSON.stringify({ version: 1, baseUrl: '', savedAtMs: 0, unsavedMs: 0, apps: [app] });
}

function loadError(): HydraError {
  try {
    file.load();
  } catch (error) {
    return error as HydraError;
  }
  throw new Error('was accepted');
}

/** Whether this process may do everything, so that no mode keeps it from reading. */
const isRoot = process.getuid?.() === 0;

/** Runs code of this package as a user who owns nothing; returns what it prints. */
function runAsNobody(call: string): string {
  const script = `
    import(process.argv[1]).then(({ AppsFile }) => {
      process.setgroups([]); process.setgid(65534); process.setuid(65534);
      const file = new AppsFile(process.argv[2]);
      return file.${call};
    }).then(() => console.log('no error'), (error) => console.log(error.code, error.message));
  `;
  const built = new URL('../../dist/engine/apps-file.js', import.meta.url).href;
  const run = spawnSync(process.execPath, ['-e', script, built, file.path], { encoding: 'utf8' });
  return run.stdout + run.stderr;
}

describe('AppsFile', () => {
  it('holds nothing while there is no file', () => {
    expect(file.load()).toBeUndefined();
  });

  it('gives back what it was given', async () => {
    await file.save(content);
    expect(file.load()).toEqual(content);
  });

  it('gives back any content, times rounded to milliseconds', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    const time = fc.double({ min: 0, max: 4e12, noNaN: true });
    const state = fc.record(
      {
        app: fc.record(
          {
            id: text.filter((id) => id !== ''),
            credentials: fc.dictionary(
              text.filter((name) => name !== '__proto__'),
              text,
            ),
            name: text,
            limits: fc.array(
              fc.record({ requests: fc.integer({ min: 1 }), perMs: fc.integer({ min: 1 }) }),
              { minLength: 1, maxLength: 3 },
            ),
          },
          { requiredKeys: ['id', 'credentials'] },
        ),
        token: fc.record({ value: text, expiresAtMs: time }, { requiredKeys: ['value'] }),
        sentAtMs: fc.array(time, { maxLength: 30 }).map((times) => times.toSorted((a, b) => a - b)),
        costs: fc.array(
          fc.record({
            of: text,
            uses: fc.array(fc.record({ atMs: time.map(Math.round), amount: fc.nat() })),
          }),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: ['app', 'sentAtMs'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(state, { maxLength: 5 }), text, async (apps, baseUrl) => {
        await file.save({ baseUrl, savedAtMs: 1, unsavedMs: 0, apps });
        const rounded = apps.map((one) => ({ ...one, sentAtMs: one.sentAtMs.map(Math.round) }));
        expect(file.load()).toEqual({ baseUrl, savedAtMs: 1, unsavedMs: 0, apps: rounded });
      }),
      { numRuns: 100 },
    );
  });

  it('is readable by its owner only, also when it was open to all before', async () => {
    await writeFile(file.path, '{}', { mode: 0o666 });
    await file.save(content);
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing beside it', async () => {
    file.checkWritable();
    await file.save(content);
    await file.save(content);
    expect(await readdir(folder)).toEqual(['apps.json']);
  });

  it('is never half there, while it is written again and again', async () => {
    const large = {
      ...content,
      apps: Array.from({ length: 200 }, (_, index) => ({
        app: { id: `app${index}`, credentials: { token: 'x'.repeat(500) } },
        sentAtMs: [],
      })),
    };
    await file.save(large);
    let writing = true;
    const written = (async () => {
      for (let i = 0; i < 20; i++) await file.save(large);
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      expect(file.load()?.apps).toHaveLength(200);
      reads += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await written;
    expect(reads).toBeGreaterThan(5);
  });

  it('cut short at any byte is refused and left as it is', async () => {
    await file.save(content);
    const whole = await readFile(file.path);
    const end = whole.toString().trimEnd().length;
    for (let length = 0; length < end; length++) {
      await writeFile(file.path, whole.subarray(0, length));
      const { code, message } = loadError();
      expect(code).toBe('HYDRA_APPS_FILE');
      expect(message).toMatch(length === 0 ? /is empty/ : /is no JSON, or is cut short/);
      expect(message).not.toMatch(/s3cret|t0ken/);
    }
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['blanks', ' \n', 'is empty'],
    ['text', 'apps: []', 'is no JSON'],
    ['damaged bytes', '\u0000\u0001', 'is no JSON'],
    ['another shape', '[]', 'is not as expected'],
    ['null', 'null', 'is not as expected'],
    ['another version', JSON.stringify({ version: 2 }), 'is not as expected at `version`'],
    [
      'an app without credentials',
      JSON.stringify({
        version: 1,
        baseUrl: '',
        savedAtMs: 0,
        unsavedMs: 0,
        apps: [{ app: { id: 'a' }, sent: [] }],
      }),
      'is not as expected at `apps.0.app.credentials`',
    ],
    [
      'a time that is text',
      JSON.stringify({
        version: 1,
        baseUrl: '',
        savedAtMs: 0,
        unsavedMs: 0,
        apps: [{ app: { id: 'a', credentials: {} }, sent: ['s3cret'] }],
      }),
      'is not as expected at `apps.0.sent.0`',
    ],
    [
      'an amount that is text',
      withCosts([0, 's3cret']),
      'is not as expected at `apps.0.costs.0.uses.0.1`',
    ],
    [
      'an amount below nothing',
      withCosts([0, -1]),
      'is not as expected at `apps.0.costs.0.uses.0.1`',
    ],
    ['a time without an amount', withCosts([1]), 'is not as expected at `apps.0.costs.0.uses.0`'],
  ])(
    'that holds %s is refused, saying what is wrong and what to do',
    async (_what, text, wrong) => {
      await writeFile(file.path, text);
      const { code, message, facts } = loadError();
      expect(code).toBe('HYDRA_APPS_FILE');
      expect(message).toContain(wrong);
      expect(message).toContain('option `appsFile`');
      expect(message).not.toContain('s3cret');
      expect(facts.file).toBe(file.path);
      expect(await readFile(file.path, 'utf8')).toBe(text);
    },
  );

  it('is refused where a folder is in its place', async () => {
    await mkdir(file.path);
    expect(loadError().message).toContain('cannot be read (EISDIR)');
    await expect(file.save(content)).rejects.toMatchObject({ code: 'HYDRA_APPS_FILE' });
    expect(await readdir(folder)).toEqual(['apps.json']);
  });

  it('is refused at once where its folder is missing, and loads as if there were none', async () => {
    const missing = new AppsFile(join(folder, 'missing', 'apps.json'));
    expect(() => missing.checkWritable()).toThrow(/cannot be written \(ENOENT\)/);
    expect(missing.load()).toBeUndefined();
    await expect(missing.save(content)).rejects.toMatchObject({ code: 'HYDRA_APPS_FILE' });
  });

  it.skipIf(!isRoot)('says so when it may not be read [needs root to become nobody]', async () => {
    await file.save(content);
    await chmod(folder, 0o755);
    expect(runAsNobody('load()')).toMatch(/^HYDRA_APPS_FILE .*cannot be read \(EACCES\)/);
  });

  it.skipIf(!isRoot)(
    'says so when it may not be written [needs root to become nobody]',
    async () => {
      await chmod(folder, 0o755);
      expect(runAsNobody('checkWritable()')).toMatch(
        /^HYDRA_APPS_FILE .*cannot be written \(EACCES\)/,
      );
    },
  );

  it.skipIf(isRoot)(
    'says so when it may not be read or written [needs a user other than root]',
    async () => {
      await file.save(content);
      await chmod(file.path, 0o000);
      expect(loadError().message).toContain('cannot be read (EACCES)');
      await chmod(folder, 0o500);
      expect(() => file.checkWritable()).toThrow(/cannot be written \(EACCES\)/);
    },
  );
});

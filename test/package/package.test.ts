import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hydraErrorCodes } from '../../src/errors.js';
import { version } from '../../src/version.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface Manifest {
  version: string;
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
}

interface LockFile {
  packages: Record<
    string,
    { hasInstallScript?: boolean; dev?: boolean; engines?: { node?: string } }
  >;
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const lock = JSON.parse(read('package-lock.json')) as LockFile;

describe('the package', () => {
  it('has every file that its exports and its command name', () => {
    const files = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : [target.types, target.default],
    );
    const missing = [...files, ...Object.values(manifest.bin)].filter(
      (file) => !existsSync(path.join(root, file)),
    );
    expect(missing).toEqual([]);
  });

  it('packs the built files and the pages for readers, nothing else', () => {
    const output = execSync('npm pack --dry-run --json --ignore-scripts', {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const packed = JSON.parse(output) as
      | { files: { path: string }[] }[]
      | Record<string, { files: { path: string }[] }>;
    const paths = Object.values(packed)[0]?.files.map((file) => file.path) ?? [];
    const others = paths.filter((file) => !file.startsWith('dist/'));
    expect(others.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(paths.filter((file) => file.includes('.test.'))).toEqual([]);
    expect(paths).toContain('dist/cli/main.js');
    // No import names it: threads are started with it.
    expect(paths).toContain('dist/transport/transport-thread.js');
  });

  it('says its own version', () => {
    expect(version).toBe(manifest.version);
  });

  it('exports each entry as it is built', async () => {
    const [main, intra42, apis, testing] = await Promise.all(
      ['dist/index.js', 'dist/intra42/index.js', 'dist/apis/index.js', 'dist/testing/index.js'].map(
        (file) => import(path.join(root, file)),
      ),
    );
    expect(Object.keys(main as object)).toEqual(
      expect.arrayContaining(['ApiHydra', 'bearerToken', 'defineApi', 'HydraError']),
    );
    expect(Object.keys(intra42 as object)).toContain('FtApiHydra');
    expect(Object.keys(apis as object)).toEqual(expect.arrayContaining(['github', 'openAiStyle']));
    expect(Object.keys(testing as object)).toEqual(
      expect.arrayContaining(['startIntra42', 'VirtualClock']),
    );
  });
});

describe('the dependencies', () => {
  it('are locked without addresses of a registry', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  it('are exact', () => {
    for (const wanted of Object.values(manifest.dependencies)) expect(wanted).toMatch(/^\d/);
  });

  it('run no script when they are installed', () => {
    const scripted = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript);
    expect(scripted.map(([name]) => name).filter((name) => !name.includes('fsevents'))).toEqual([]);
  });

  it('are each explained', () => {
    const page = read('CONTRIBUTING.md');
    for (const name of Object.keys(manifest.dependencies)) expect(page).toContain(`\`${name}\``);
  });
});

describe('the error codes', () => {
  it('are each thrown or recorded somewhere, and none is used that is not listed', () => {
    const sources = execSync('git ls-files "src/*.ts"', { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter((file) => file !== '' && !file.endsWith('.test.ts') && file !== 'src/errors.ts')
      .map(read)
      .join('\n');
    const used = new Set([...sources.matchAll(/'(HYDRA_\w+)'/g)].map((match) => match[1]));
    expect(used).toEqual(new Set(Object.keys(hydraErrorCodes)));
  });

  it('are each explained on the page for readers, and no other is', () => {
    const rows = read('docs/errors.md').matchAll(/^\| `(HYDRA_\w+)`/gm);
    const explained = new Set([...rows].map((row) => row[1]));
    expect(explained).toEqual(new Set(Object.keys(hydraErrorCodes)));
  });
});

import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each breaks one rule: its place, what it holds, and what the lint says. */
const violations: [name: string, file: string, code: string, message: string][] = [
  [
    'limits imports scheduling',
    'src/limits/a.ts',
    "import '../scheduling/pump.js';",
    'point inward',
  ],
  ['limits imports the engine', 'src/limits/b.ts', "import '../engine/engine.js';", 'point inward'],
  [
    'retry imports transport',
    'src/retry/a.ts',
    "import '../transport/transport.js';",
    'point inward',
  ],
  ['errors imports anything', 'src/errors.ts', "import './clock.js';", 'point inward'],
  [
    'scheduling imports transport',
    'src/scheduling/a.ts',
    "import '../transport/transport.js';",
    'scheduling knows',
  ],
  [
    'transport imports scheduling',
    'src/transport/a.ts',
    "import '../scheduling/pump.js';",
    'transport knows',
  ],
  ['store imports the engine', 'src/store/a.ts', "import '../engine/engine.js';", 'store knows'],
  ['auth imports scheduling', 'src/auth/a.ts', "import '../scheduling/pump.js';", 'auth knows'],
  [
    'request imports the engine',
    'src/request/a.ts',
    "import '../engine/engine.js';",
    'request knows',
  ],
  [
    'pagination imports the engine',
    'src/pagination/a.ts',
    "import '../engine/engine.js';",
    'pagination knows',
  ],
  ['the engine imports the hydra', 'src/engine/a.ts', "import '../hydra.js';", 'engine knows'],
  [
    'the engine imports undici itself',
    'src/engine/b.ts',
    "import '../transport/undici-transport.js';",
    'engine knows',
  ],
  ['testing imports the engine', 'src/testing/a.ts', "import '../engine/engine.js';", 'The judge'],
  [
    'intra42 imports the engine',
    'src/intra42/a.ts',
    "import '../engine/engine.js';",
    'public face',
  ],
  ['apis imports the engine', 'src/apis/a.ts', "import '../engine/engine.js';", 'public face'],
  [
    'a folder of intra42 imports the engine',
    'src/intra42/web/a.ts',
    "import '../../engine/engine.js';",
    'public face',
  ],
  [
    'the hydra imports the command line',
    'src/hydra.ts',
    "import './cli/main.js';",
    'Nobody imports',
  ],
  ['Date.now', 'src/c.ts', 'export const t = Date.now();', 'Time is passed in'],
  ['performance.now', 'src/d.ts', 'export const t = performance.now();', 'Time is passed in'],
  ['setTimeout', 'src/e.ts', 'setTimeout(() => {}, 1);', 'Time is passed in'],
  ['setInterval', 'src/f.ts', 'setInterval(() => {}, 1);', 'Time is passed in'],
  ['setImmediate', 'src/g.ts', 'setImmediate(() => {});', 'Time is passed in'],
  ['Math.random', 'src/h.ts', 'export const r = Math.random();', 'Randomness is passed in'],
  [
    'a cycle',
    'src/i.ts',
    "import { j } from './j.js';\nexport const i = (): number => j();",
    'cycle',
  ],
];

function lint(): { message: string; filename: string }[] {
  copyFileSync(path.join(root, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
  for (const [, file, code] of violations) {
    mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${code}\n`);
  }
  writeFileSync(
    path.join(folder, 'src/j.ts'),
    "import { i } from './i.js';\nexport const j = (): number => i();\n",
  );
  const oxlint = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string }[] };
  return diagnostics.map((diagnostic) => ({
    filename: diagnostic.filename,
    message: JSON.stringify(diagnostic),
  }));
}

describe('the lint refuses', () => {
  const diagnostics = lint();
  it.each(violations)('%s', (_name, file, _code, message) => {
    const found = diagnostics.filter((diagnostic) => diagnostic.filename.endsWith(file));
    expect(found.map((diagnostic) => diagnostic.message).join('\n')).toContain(message);
  });
});

describe('the sources', () => {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('clock.ts'),
  );
  it('do not ask the system for the date', () => {
    const asking = files.filter((file) =>
      /\bDate\(\)/.test(readFileSync(path.join(root, 'src', file), 'utf8')),
    );
    expect(asking).toEqual([]);
  });
});

// Compiles the examples against the built package, by its own name, and runs each in an empty folder.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = path.join(root, 'examples', '.build');
rmSync(built, { recursive: true, force: true });

function run(title, file, args, cwd) {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd, stdio: 'inherit' });
  process.stdout.write(`${title}: ${status === 0 ? 'ok' : `exit code ${status}`}\n`);
  return status === 0;
}

const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
let isGood = run('compile the examples', compiler, ['-p', 'examples'], root);
for (const name of isGood ? readdirSync(built).filter((file) => file.endsWith('.js')) : []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-example-'));
  isGood =
    run(`examples/${name.replace(/js$/, 'ts')}`, path.join(built, name), [], folder) && isGood;
  rmSync(folder, { recursive: true });
}
process.exitCode = isGood ? 0 : 1;

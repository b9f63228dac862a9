// Compiles the examples and the TypeScript in docs/ against the built package, by its own name, and runs
// each example in an empty folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = path.join(root, 'examples', '.build');
rmSync(built, { recursive: true, force: true });

const docs = path.join(root, 'docs');
const fromDocs = path.join(root, 'examples', 'from-docs');
rmSync(fromDocs, { recursive: true, force: true });
mkdirSync(fromDocs);
for (const page of readdirSync(docs).filter((file) => file.endsWith('.md'))) {
  const blocks = [...readFileSync(path.join(docs, page), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)];
  for (const [index, [, code]] of blocks.entries()) {
    writeFileSync(path.join(fromDocs, `${path.basename(page, '.md')}-${index + 1}.ts`), code);
  }
}

function run(title, file, args, cwd) {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd, stdio: 'inherit' });
  process.stdout.write(`${title}: ${status === 0 ? 'ok' : `exit code ${status}`}\n`);
  return status === 0;
}

const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
let isGood = run('compile the examples and what docs/ shows', compiler, ['-p', 'examples'], root);
for (const name of isGood ? readdirSync(built).filter((file) => file.endsWith('.js')) : []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-example-'));
  isGood =
    run(`examples/${name.replace(/js$/, 'ts')}`, path.join(built, name), [], folder) && isGood;
  rmSync(folder, { recursive: true });
}
process.exitCode = isGood ? 0 : 1;

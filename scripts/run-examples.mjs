// Compiles the examples and the TypeScript in docs/ and README.md against the built package, by its own name,
// and runs each example in an empty folder.
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
  for (const [index, code] of codeIn(path.join(docs, page)).entries()) {
    writeFileSync(path.join(fromDocs, `${path.basename(page, '.md')}-${index + 1}.ts`), code);
  }
}

// The README has pieces of programs. Each is put into a block of its own, in which it may name anew what is given.
const givenInReadme = `
declare const hydra: import('apihydra/42').FtApiHydra;
declare const run: import('apihydra').Run;
declare const paths: Iterable<string>;
declare const keys: readonly string[];
declare const Octokit: typeof import('@octokit/core').Octokit;
interface User { readonly login: string }
`;
for (const [index, code] of codeIn(path.join(root, 'README.md')).entries()) {
  const imports = code.match(/^import .*;$/gm) ?? [];
  const rest = code.replace(/^import .*;\n/gm, '');
  const text = `${imports.join('\n')}${givenInReadme}{\n${rest}}\nexport {};\n`;
  writeFileSync(path.join(fromDocs, `from-the-readme-${index + 1}.ts`), text);
}

/** The TypeScript that a page shows. */
function codeIn(page) {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms);
  return [...blocks].map(([, code]) => code);
}

function run(title, file, args, cwd) {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd, stdio: 'inherit' });
  process.stdout.write(`${title}: ${status === 0 ? 'ok' : `exit code ${status}`}\n`);
  return status === 0;
}

const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
let isGood = run(
  'compile the examples, and what docs/ and README.md show',
  compiler,
  ['-p', 'examples'],
  root,
);
for (const name of isGood ? readdirSync(built).filter((file) => file.endsWith('.js')) : []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-example-'));
  isGood =
    run(`examples/${name.replace(/js$/, 'ts')}`, path.join(built, name), [], folder) && isGood;
  rmSync(folder, { recursive: true });
}
process.exitCode = isGood ? 0 : 1;

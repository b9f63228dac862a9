/** The 42 Intra and the ready definitions have the same tools as whoever writes an API of their own. */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { describe, expect, it } from 'vitest';

const source = path.resolve(import.meta.dirname, '../../src');
const face = path.join(source, 'index.ts');

/** A module that another names, and the names that it takes of it. */
interface Import {
  readonly from: string;
  readonly module: string;
  readonly names: readonly string[];
}

/** Each import, re-export, dynamic import and import type of a file, however it is written. */
function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined)
      found.push({ from: file, module: specifier, names: namesOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    specifier = node.moduleSpecifier;
  } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    [specifier] = node.arguments;
  } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    specifier = node.argument.literal;
  }
  if (specifier === undefined) return undefined;
  return ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)';
}

function namesOf(node: ts.Node): string[] {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

/** What a folder imports of the library that is neither its own nor the public face. */
function foreignImports(folder: string, files: Record<string, string>): string[] {
  return Object.entries(files)
    .flatMap(([file, text]) => importsOf(file, text))
    .filter(({ from, module }) => {
      if (module === '(computed)') return true;
      if (!module.startsWith('.')) return module.startsWith('apihydra');
      const target = path.resolve(path.dirname(from), module.replace(/\.js$/, '.ts'));
      return target !== face && !target.startsWith(path.join(source, folder) + path.sep);
    })
    .map(({ from, module }) => `${path.relative(source, from)} imports ${module}`);
}

function sourcesOf(folder: string): Record<string, string> {
  const names = readdirSync(path.join(source, folder), { recursive: true, encoding: 'utf8' });
  const files = names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(source, folder, name));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]));
}

/** The names that the public face exports. */
function exported(): Set<string> {
  const names = new Set<string>();
  ts.forEachChild(
    ts.createSourceFile(face, readFileSync(face, 'utf8'), ts.ScriptTarget.Latest),
    (node) => {
      if (!ts.isExportDeclaration(node) || node.exportClause === undefined) return;
      if (!ts.isNamedExports(node.exportClause)) return;
      for (const { name } of node.exportClause.elements) names.add(name.text);
    },
  );
  return names;
}

describe.each([
  ['intra42', 'ApiHydra'],
  ['apis', 'defineApi'],
])('the folder %s', (folder, known) => {
  const files = sourcesOf(folder);

  it('imports of the library only what the public face exports', () => {
    expect(foreignImports(folder, files)).toEqual([]);
    const taken = Object.entries(files)
      .flatMap(([file, text]) => importsOf(file, text))
      .filter(({ module }) => /^[./]+\/index\.js$/.test(module))
      .flatMap(({ names }) => names);
    expect(taken).toContain(known);
    const names = exported();
    expect(taken.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    "import { Engine } from '../engine/engine.js';",
    "import type { Engine } from '../engine/engine.js';",
    "import '../engine/engine.js';",
    "export { Engine } from '../engine/engine.js';",
    "export * from '../engine/engine.js';",
    "const engine = await import('../engine/engine.js');",
    "type Engine = import('../engine/engine.js').Engine;",
    "import { HydraError } from '../errors.js';",
    "import { HydraError } from '../intra42/../errors.js';",
    "import { startIntra42 } from '../testing/index.js';",
    "import { HydraError } from 'apihydra/42';",
    'await import(name);',
  ])('is found out when it says %s', (line) => {
    const file = path.join(source, folder, 'violation.ts');
    expect(foreignImports(folder, { ...files, [file]: line })).toHaveLength(1);
  });
});

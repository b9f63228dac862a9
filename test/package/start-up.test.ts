/** What each entry loads at once, by its static imports: what is needed only at times comes later. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const source = path.resolve(import.meta.dirname, '../../src');
/** Imports and re-exports with values, not those of types alone. */
const STATIC = /^(?:import|export) (?!type )(?:[^;']*? from )?'([^']+)'/gm;

/** The packages that `entry` and all modules it imports load. */
function packagesOf(entry: string): string[] {
  const packages = new Set<string>();
  const modules = new Set([path.join(source, entry)]);
  for (const file of modules) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(STATIC)) {
      if (name.startsWith('.'))
        modules.add(path.resolve(path.dirname(file), name.replace(/js$/, 'ts')));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return [...packages].toSorted();
}

describe('at its start', () => {
  it.each([
    ['index.ts', ['pino', 'pino-pretty', 'structured-headers', 'undici', 'zod']],
    ['intra42/index.ts', ['pino', 'pino-pretty', 'structured-headers', 'undici', 'zod']],
    ['config/index.ts', ['pino', 'pino-pretty', 'structured-headers', 'undici', 'zod']],
    ['cli/main.ts', ['commander']],
    ['cli/commands/plan.ts', ['commander', 'pino', 'pino-pretty', 'zod']],
    ['cli/commands/run.ts', ['cli-progress', 'commander', 'pino', 'pino-pretty', 'zod']],
    ['cli/commands/get.ts', ['cli-progress', 'commander', 'pino', 'pino-pretty', 'zod']],
    ['cli/commands/status.ts', ['commander', 'pino', 'pino-pretty', 'zod']],
    ['cli/commands/retry.ts', ['cli-progress', 'commander', 'pino', 'pino-pretty', 'zod']],
    ['cli/commands/export.ts', ['commander']],
    ['cli/commands/report.ts', ['commander']],
    ['cli/commands/apps.ts', ['commander', 'pino', 'pino-pretty', 'zod']],
    ['cli/commands/usage.ts', ['commander', 'pino', 'pino-pretty']],
    ['cli/commands/demo.ts', ['cli-progress', 'commander']],
    ['cli/commands/stand-in.ts', ['commander']],
  ])('%s loads no package but %j', (entry, packages) => {
    expect(packagesOf(entry).filter((name) => !packages.includes(name))).toEqual([]);
    // The imports were found.
    expect(packagesOf(entry)).toContain(packages.at(-1));
  });
});

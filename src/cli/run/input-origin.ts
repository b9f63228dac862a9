/** What a run's input was, as `run.json` notes it: so that a command can go on without being told. */
import * as path from 'node:path';
import type { InputFlags } from '../input/input-options.js';

const STDIN = '-';

/** Notes an input. */
export function inputOrigin(
  file: string | undefined,
  { template, values }: InputFlags,
): Record<string, string> {
  return {
    ...(file === undefined ? {} : { file: absolute(file) }),
    ...(template === undefined ? {} : { template }),
    ...(values === undefined ? {} : { values: absolute(values) }),
  };
}

/** What was noted; `undefined` where that cannot be read again. */
export function inputOf(
  origin: Readonly<Record<string, string>> | undefined,
): { readonly file: string | undefined; readonly input: InputFlags } | undefined {
  const { file, template, values } = origin ?? {};
  if (file === STDIN || values === STDIN) return undefined;
  if (file !== undefined) return { file, input: {} };
  if (template === undefined || values === undefined) return undefined;
  return { file: undefined, input: { template, values } };
}

function absolute(file: string): string {
  return file === STDIN ? file : path.resolve(file);
}

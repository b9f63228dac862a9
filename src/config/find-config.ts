import * as fs from 'node:fs';
import * as path from 'node:path';
import { HydraError } from '../errors.js';

/** The formats, by the ending of the file. */
export const CONFIG_ENDINGS = ['.ts', '.js', '.mjs', '.json', '.yaml', '.yml'] as const;

/** Names of configuration files begin so. */
export const CONFIG_NAME = 'apihydra.config';

/**
 * The configuration file in a folder; `undefined` when there is none. Folders above are not looked at.
 *
 * @throws HydraError `HYDRA_CONFIG` when there are two: which one counts would be a guess.
 */
export function findConfigFile(folder: string): string | undefined {
  const names = CONFIG_ENDINGS.map((ending) => `${CONFIG_NAME}${ending}`);
  const found = names.filter((name) => fs.existsSync(path.join(folder, name)));
  const [first] = found;
  if (first === undefined) return undefined;
  const file = path.join(folder, first);
  if (found.length === 1) return file;
  throw new HydraError(
    'HYDRA_CONFIG',
    `Expected one configuration file in ${folder}, got ${found.join(' and ')}. Remove all but one, or name the one that is meant.`,
    { file },
  );
}

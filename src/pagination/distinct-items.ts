/** Leaves out items that were there already. */
import { HydraError } from '../errors.js';
import { followBodyPath, parseBodyPath } from './body-path.js';
import type { PaginateOptions } from './pagination.js';

/** Returns whether an item is new. @throws HydraError `HYDRA_INVALID_OPTION` for what is no path. */
export function distinctBy<T>(
  uniqueBy: Exclude<PaginateOptions<T>['uniqueBy'], undefined>,
): (item: T, url: string) => boolean {
  const keyOf = typeof uniqueBy === 'function' ? uniqueBy : keyAt<T>(uniqueBy);
  const seen = new Set<unknown>();
  return (item, url) => {
    const key = keyOf(item);
    if (key === undefined) throw noKey(uniqueBy, url);
    const { size } = seen;
    return seen.add(key).size > size;
  };
}

function keyAt<T>(uniqueBy: string): (item: T) => unknown {
  const path = parseBodyPath('uniqueBy', uniqueBy);
  return (item) => followBodyPath(item, path);
}

function noKey(uniqueBy: unknown, url: string): HydraError {
  const what = typeof uniqueBy === 'string' ? JSON.stringify(uniqueBy) : 'a key';
  return new HydraError(
    'HYDRA_PAGINATION',
    `Expected each item of ${url} to have ${what} (\`uniqueBy\`), got one without it.`,
    { url, name: 'uniqueBy' },
  );
}

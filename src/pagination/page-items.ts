/** The items of a run of pages, read back. */
import { readRun, type RunReader } from '../run/read-run.js';
import { distinctBy } from './distinct-items.js';
import { PageReader } from './page.js';
import type { PaginateOptions } from './pagination.js';
import { checkPaginateOptions } from './check-paging.js';
import { pagingOf } from './paging.js';

/** Options of {@link readItems}. */
export type ReadItemsOptions<T = unknown> = Pick<
  PaginateOptions<T>,
  'items' | 'uniqueBy' | 'parse'
>;

/**
 * The items of a run whose responses are pages, in the order of its requests, also while it goes on.
 * Constant memory, but for `uniqueBy`. Pages that failed are left out: `failures()` of the run's reader has
 * them.
 *
 * @param run - its directory, or what `readRun()` made of that.
 * @throws HydraError `HYDRA_INVALID_OPTION` at once. Going through it rejects with `HYDRA_RUN_DIRECTORY`
 * when there is no run, and `HYDRA_PAGINATION` for a response that is no page.
 *
 * @example
 * ```ts
 * await hydra.runPages('/campus/51/users', { directory: './users' }).done;
 * for await (const user of readItems<User>('./users')) console.log(user.login);
 * ```
 */
export function readItems<T = unknown>(
  run: string | RunReader,
  options: ReadItemsOptions<T> = {},
): AsyncGenerator<T, void, undefined> {
  checkPaginateOptions(options);
  const { items, uniqueBy, parse } = options;
  const reader = new PageReader(pagingOf(items === undefined ? {} : { items }, {}), parse);
  const isNew = uniqueBy === undefined ? undefined : distinctBy(uniqueBy);
  return itemsOf<T>(run, reader, isNew);
}

async function* itemsOf<T>(
  run: string | RunReader,
  pages: PageReader,
  isNew: ((item: T, url: string) => boolean) | undefined,
): AsyncGenerator<T, void, undefined> {
  const reader = typeof run === 'string' ? await readRun(run) : run;
  for await (const response of reader.responses()) {
    const { items, url } = await pages.read(response.id, response);
    for (const item of items as readonly T[]) if (isNew?.(item, url) !== false) yield item;
  }
}

/** A list as a run: each page is one of its requests. */
import type { Api } from '../api.js';
import { checkRequestOptions } from '../request/request-options.js';
import { checkRunOptions } from '../run/run-options.js';
import type { Run, RunOptions, RunSource } from '../run/run.js';
import { PageSource } from './page-source.js';
import type { ListRequestOptions, PaginationOptions } from './pagination.js';
import { checkPageRunOptions, pagingOf } from './paging.js';

/**
 * Options of `hydra.runPages()`: those of a run, and how the pages are asked for. To go on with a run,
 * the latter must be the same as before.
 */
export interface PageRunOptions
  extends PaginationOptions, ListRequestOptions, Omit<RunOptions, 'total' | 'retryFailures'> {
  /**
   * Asks again for pages that have failed for good.
   *
   * @defaultValue `true`: a page that is missing is a hole in the list
   */
  readonly retryFailures?: boolean | undefined;
}

/** Starts it. `run` starts any run. @throws HydraError `HYDRA_INVALID_OPTION` and as `get()` does. */
export function startPageRun(
  api: Api,
  run: (source: RunSource, options: RunOptions) => Run,
  path: string,
  options: PageRunOptions,
): Run {
  const { directory, retryFailures = true, signal, compress, origin, ...rest } = options;
  const { query, headers, priority, timeoutMs, ...pagination } = rest;
  checkPageRunOptions(rest);
  const given = { directory, retryFailures, signal, compress, origin: { pages: path, ...origin } };
  const runOptions = checkRunOptions(given);
  const request = Object.fromEntries(
    Object.entries({ headers, priority, timeoutMs }).filter(([, value]) => value !== undefined),
  );
  checkRequestOptions(request);
  const source = new PageSource({
    api,
    path,
    query,
    paging: pagingOf(pagination, api.pagination ?? {}),
    request,
    directory: runOptions.directory,
    retryFailures,
  });
  const started = run(source, runOptions);
  source.follow(started[Symbol.asyncIterator]());
  return started;
}

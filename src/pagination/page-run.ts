/** A list as a run: each page is one of its requests. */
import type { Api } from '../api.js';
import type { Logger } from '../logger.js';
import { checkRequestOptions } from '../request/request-options.js';
import type { Outcome } from '../request/request.js';
import { checkRunOptions } from '../run/run-options.js';
import type { Run, RunOptions, RunSource } from '../run/run.js';
import { PageSource } from './page-source.js';
import type { ListOptions, PaginationOptions } from './pagination.js';
import { checkPageRunOptions } from './check-paging.js';
import { pagingOf } from './paging.js';
import { movedTeller } from './tell-moved.js';

/**
 * Options of `hydra.runPages()`: those of a run, and how the pages are asked for. To go on with a run,
 * the latter must be the same as before. `onMoved` is told of pages that come in this session; where the
 * first page tells how many there are, in any order.
 *
 * Where nothing tells how many there are, up to three pages are asked for behind the last one. Those that
 * fail as pages behind the end do, and those that repeat the last page, do not count: not as failures, and
 * not when the run is read back, once it is complete. The former are asked again when it is started again.
 */
export interface PageRunOptions
  extends PaginationOptions, ListOptions, Omit<RunOptions, 'total' | 'retryFailures'> {
  /**
   * Asks again for pages that have failed for good.
   *
   * @defaultValue `true`: a page that is missing is a hole in the list
   */
  readonly retryFailures?: boolean | undefined;
}

/** A run, for who looks after it. */
export interface WatchedRun extends Run {
  /** Its outcomes as iterating gives them. Who reads them so is not expected to see its error. */
  watch(): AsyncIterator<Outcome>;
  /** Says that requests from this one on do not count: they were asked for behind the end of the list. */
  countTo(end: number): void;
}

/** Starts it. `run` starts any run. @throws HydraError `HYDRA_INVALID_OPTION` and as `get()` does. */
export function startPageRun(
  { api, logger }: { readonly api: Api; readonly logger: Logger },
  run: (source: RunSource, options: RunOptions) => WatchedRun,
  path: string,
  options: PageRunOptions,
): Run {
  const { directory, retryFailures = true, signal, compress, origin, ...rest } = options;
  const { query, headers, priority, timeoutMs, parse, onMoved, ...pagination } = rest;
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
    logger,
    parse,
    onMoved: movedTeller(logger, onMoved),
  });
  const started = run(source, runOptions);
  source.follow(started.watch(), (end) => started.countTo(end));
  return started;
}

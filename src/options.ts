/** What a hydra can be told, its defaults, and the one place where that is checked. */
import { z } from 'zod';
import type { Api } from './api.js';
import type { App } from './app.js';
import { checkOptions } from './check-options.js';
import type { Limit } from './limits/limit.js';
import { logLevels, type Logger, type LogLevel } from './logger.js';

/** Options of `new ApiHydra()`. `undefined` means the default; durations are milliseconds. */
export interface ApiHydraOptions {
  /** The API to ask, as `defineApi` makes it. */
  readonly api: Api;
  /**
   * The apps to ask with. Tokens and used-up windows of the same ids are still taken from
   * `appsFile`.
   *
   * @defaultValue the apps in `appsFile`
   */
  readonly apps?: readonly App[] | undefined;
  /**
   * Where apps, tokens and used-up windows are kept between runs; mode 0600, written atomically.
   * `false` keeps nothing: then an app that was used up a minute ago looks fresh.
   *
   * @defaultValue `'./apps.json'`
   */
  readonly appsFile?: string | false | undefined;
  /**
   * Requests a second for each app, above 0, need not be whole. Replaces the one-second limit of the
   * API and of the apps; longer windows stay.
   */
  readonly requestsPerSecond?: number | undefined;
  /** All windows of each app. Replaces those of the API and of the apps. */
  readonly limits?: readonly Limit[] | undefined;
  /**
   * Least time between any two requests over all apps. 10 ms are at most 100 requests a second:
   * lower it, with care for the server, when more apps than that work for you.
   *
   * @defaultValue 10
   */
  readonly minRequestDelayMs?: number | undefined;
  /**
   * Requests under way at once, over all apps.
   *
   * @defaultValue 4000
   */
  readonly maxConcurrency?: number | undefined;
  /**
   * Attempts after the first. Refusals (429, and 503 with `Retry-After`) park the app and do not
   * count, nor do failures while the server is down for everybody: it is then asked by one request at
   * a time until it is back. Statuses 400 to 499 other than 401, 404, 408 and 429 are not tried again
   * at all.
   *
   * @defaultValue 50
   */
  readonly maxRetries?: number | undefined;
  /**
   * Attempts after the first that was answered with 404.
   *
   * @defaultValue 5
   */
  readonly maxNotFoundRetries?: number | undefined;
  /**
   * Upper bound of the delay before the first retry; the delay is a random share of it.
   *
   * @defaultValue 500
   */
  readonly retryDelayMs?: number | undefined;
  /**
   * Factor by which that bound grows with each retry.
   *
   * @defaultValue 1.1
   */
  readonly retryDelayFactor?: number | undefined;
  /**
   * What that bound never exceeds.
   *
   * @defaultValue 60,000
   */
  readonly maxRetryDelayMs?: number | undefined;
  /**
   * Time for one attempt, to the last byte of its body.
   *
   * @defaultValue 60,000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Threads for HTTP, TLS, decompression and looking whether bodies are JSON; 0: all of that is done in
   * the thread that the hydra is in. Worth it where answers are large or many and cores are free: one
   * thread keeps the main one responsive, more raise the throughput. Attempts that a thread had begun
   * when it died count as broken connections. Sign-in and tokens stay in the main thread.
   *
   * @defaultValue 0
   */
  readonly threads?: number | undefined;
  /**
   * Sends requests by HTTP/2 to a server that offers it, many over one connection (with `threads`, one
   * for each thread); to all others, and through a proxy, by HTTP/1.1. For servers that allow few
   * connections, or that are far away: CPU a request was between a seventh less and a third more than
   * that of HTTP/1.1 where it was measured, and a connection that breaks takes all its requests with it.
   *
   * @defaultValue `false`
   */
  readonly http2?: boolean | undefined;
  /**
   * Keeps answers to what is asked by `fetch` and through the `dispatcher` in memory (100 MB), as far as
   * their `Cache-Control`, `Expires` or `Last-Modified` allow it: one that is fresh is handed out without
   * a request, one that is stale is asked for with its `ETag`, and kept anew where nothing has changed.
   * All apps share them, but where an answer depends on the credential (`private`, `Vary: Authorization`,
   * or not said to be for all), only the app that it was given to asks whether it still holds. See
   * {@link Api.notModifiedIsFree}. Does not apply to `get()`, its kin and `run()`, which record what the
   * server answers.
   *
   * @defaultValue `false`
   */
  readonly cache?: boolean | undefined;
  /**
   * Where outcomes are written as they come. The file name has exactly two `%s`, the number of the
   * part and the Unix time in seconds, and ends in `.json` (an array), `.jsonl` (one outcome a line),
   * or one of them and `.gz` or `.zst` (compressed once it is full; zstd needs Node 22.15 or later).
   * The folder must be there: else, and whenever it cannot be written, outcomes go to the temporary
   * folder, with a word in the log. Files have mode 0600. Does not apply to `run()`.
   *
   * @defaultValue `'./.responses_%s_%s.json'`
   */
  readonly responsesFilePathTemplate?: string | undefined;
  /**
   * Outcomes in one file. Also applies to `run()`.
   *
   * @defaultValue 10,000
   */
  readonly responsesPerFile?: number | undefined;
  /**
   * `'os'`: an outcome that came 50 ms ago survives the end of the process, whatever ends it.
   * `'fsync'`: it survives a power failure, too, which costs time on most disks. Also applies to
   * `run()`.
   *
   * @defaultValue `'os'`
   */
  readonly durability?: 'os' | 'fsync' | undefined;
  /**
   * `false` keeps outcomes in memory only, and leaves signals alone. Else, from the first request
   * until `finish()`, SIGINT, SIGTERM and SIGHUP (where the program has no listeners of its own) and a
   * file `SHUTDOWN_HYDRA` in the working folder stop the program gently. Does not apply to `run()`.
   *
   * @defaultValue `true`
   */
  readonly store?: boolean | undefined;
  /**
   * Prints the totals at the end.
   *
   * @defaultValue `false`
   */
  readonly stats?: boolean | undefined;
  /**
   * What is logged: `'debug'`, `'info'`, `'warning'`, `'error'` or `'fatal'`. Does not apply to a
   * `logger` of your own.
   *
   * @defaultValue `'info'`
   */
  readonly logLevel?: LogLevel | undefined;
  /**
   * Takes the log: anything with the methods of {@link Logger}, such as `pino()`.
   *
   * @defaultValue readable lines on stderr, coloured on a terminal
   */
  readonly logger?: Logger | undefined;
}

/** {@link ApiHydraOptions}, checked, with the defaults filled in. */
export type ResolvedOptions = {
  readonly [K in keyof ApiHydraOptions]-?: Exclude<ApiHydraOptions[K], undefined>;
} & Pick<ApiHydraOptions, 'apps' | 'requestsPerSecond' | 'limits' | 'logger'>;

const defaults = Object.freeze({
  appsFile: './apps.json',
  minRequestDelayMs: 10,
  maxConcurrency: 4000,
  maxRetries: 50,
  maxNotFoundRetries: 5,
  retryDelayMs: 500,
  retryDelayFactor: 1.1,
  maxRetryDelayMs: 60_000,
  timeoutMs: 60_000,
  threads: 0,
  http2: false,
  cache: false,
  responsesFilePathTemplate: './.responses_%s_%s.json',
  responsesPerFile: 10_000,
  durability: 'os',
  store: true,
  stats: false,
  logLevel: 'info',
} as const);

/** More would only take memory; a typo must not start thousands. */
const MAX_THREADS = 256;

const duration = z.number().min(0).meta({ expected: 'a number of milliseconds, 0 or more' });
const timeout = z.number().gt(0).meta({ expected: 'a number of milliseconds above 0' });
const count = z.int().min(0).meta({ expected: 'a whole number, 0 or more' });

/** The schema of limits. */
const limitsSchema: z.ZodType<Limit[]> = z
  .array(
    z.strictObject({
      requests: z.int().min(1).meta({ expected: 'a whole number of at least 1' }),
      perMs: timeout,
    }),
  )
  .min(1)
  .meta({ expected: 'a list of at least one { requests, perMs }' });

/** The schema of one app, in options and in the apps file. */
export const appSchema: z.ZodType<App> = z.strictObject({
  id: z.string().min(1).meta({ expected: 'a string that is not empty' }),
  name: z.string().optional(),
  credentials: z.record(z.string(), z.string()).meta({ expected: 'an object of strings' }),
  limits: limitsSchema.optional(),
}) as z.ZodType<App>;

/** The schema of {@link ApiHydraOptions}, for APIs with options of their own. */
export const apiHydraOptionsSchema: z.ZodObject = z.strictObject({
  api: z
    .custom<Api>((api) => typeof (api as Api | undefined)?.auth?.authorize === 'function')
    .meta({ expected: 'an API, as defineApi() makes it' }),
  apps: z.array(appSchema).optional().meta({ expected: 'a list of apps' }),
  appsFile: z
    .union([z.string().min(1), z.literal(false)])
    .optional()
    .meta({ expected: 'a path, or false' }),
  requestsPerSecond: z.number().gt(0).optional().meta({ expected: 'a number above 0' }),
  limits: limitsSchema.optional(),
  minRequestDelayMs: duration.optional(),
  maxConcurrency: z.int().min(1).optional().meta({ expected: 'a whole number of at least 1' }),
  maxRetries: count.optional(),
  maxNotFoundRetries: count.optional(),
  retryDelayMs: duration.optional(),
  retryDelayFactor: z.number().min(1).optional().meta({ expected: 'a number of at least 1' }),
  maxRetryDelayMs: duration.optional(),
  timeoutMs: timeout.optional(),
  threads: z
    .int()
    .min(0)
    .max(MAX_THREADS)
    .optional()
    .meta({ expected: `a whole number from 0 to ${MAX_THREADS}` }),
  cache: z.boolean().optional().meta({ expected: 'true or false' }),
  http2: z.boolean().optional().meta({ expected: 'true or false' }),
  responsesFilePathTemplate: z.string().min(1).optional().meta({ expected: 'a path' }),
  responsesPerFile: z.int().min(1).optional().meta({ expected: 'a whole number of at least 1' }),
  durability: z.enum(['os', 'fsync']).optional().meta({ expected: "'os' or 'fsync'" }),
  store: z.boolean().optional().meta({ expected: 'true or false' }),
  stats: z.boolean().optional().meta({ expected: 'true or false' }),
  logLevel: z
    .enum(logLevels)
    .optional()
    .meta({ expected: `one of ${logLevels.join(', ')}` }),
  logger: z
    .custom<Logger>(
      (logger) =>
        typeof logger === 'object' &&
        logger !== null &&
        ['debug', 'info', 'warn', 'error', 'fatal'].every(
          (method) => typeof (logger as Record<string, unknown>)[method] === 'function',
        ),
    )
    .optional()
    .meta({ expected: 'an object with the methods debug, info, warn, error and fatal' }),
});

/**
 * Checks options and fills in the defaults.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function resolveOptions(options: ApiHydraOptions): ResolvedOptions {
  const given = checkOptions(apiHydraOptionsSchema, options) as unknown as ApiHydraOptions;
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.freeze({
    ...defaults,
    ...(Object.fromEntries(set) as unknown as ApiHydraOptions),
  }) as ResolvedOptions;
}

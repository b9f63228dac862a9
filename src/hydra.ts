import { setMaxListeners } from 'node:events';
import { inspect } from 'node:util';
import type { Dispatcher } from 'undici';
import {
  defineApi,
  type Api,
  type ApiDefinition,
  type AuthContext,
  type RequestSignature,
} from './api.js';
import type { App } from './app.js';
import { AppsFile, type AppsKeeping } from './engine/apps-file.js';
import { Engine } from './engine/engine.js';
import { HydraError } from './errors.js';
import { Job } from './engine/job.js';
import { HydraFetch } from './fetch/hydra-fetch.js';
import { stderrLogger, type Logger } from './logger.js';
import { resolveOptions, type ApiHydraOptions, type ResolvedOptions } from './options.js';
import { PendingResponse } from './engine/pending-response.js';
import { checkRequestOptions, noOptions } from './request/request-options.js';
import { targetUrl } from './request/request-target.js';
import type { HydraFailure, RequestMethod, RequestOptions } from './request/request.js';
import type { HydraResponse } from './request/response.js';
import { createRuntime, type Runtime } from './runtime.js';
import type { OutcomeRecorder } from './store/outcome-store.js';
import { describeStats, type HydraStats } from './stats.js';
import { BulkRuns } from './bulk-runs.js';
import type { PageHost } from './pagination/page-host.js';
import type { PaginateOptions } from './pagination/pagination.js';
import { startPageRun, type PageRunOptions } from './pagination/page-run.js';
import { Paginator } from './pagination/paginator.js';
import { KeptOutcomes } from './kept-outcomes.js';
import type { Run, RunOptions, RunSource } from './run/run.js';
import { writeStderr } from './write-stderr.js';

/**
 * Spreads requests over many apps of one API: each app is used up to its limits and never above, and
 * each request ends with exactly one outcome, a response or a failure.
 *
 * @example
 * ```ts
 * const hydra = new ApiHydra({ api, apps });
 * for (const login of logins) hydra.get(`/users/${login}`);
 * const users = await hydra.getResponsesAsJson<User>();
 * await hydra.finish();
 * ```
 */
export class ApiHydra implements AsyncDisposable {
  /** The options in force, defaults filled in. */
  protected readonly options: ResolvedOptions;
  protected readonly logger: Logger;
  protected readonly runtime: Runtime;
  /** HTTP outside the apps' limits, for what is no API request: tokens, sign-in, pages. */
  protected readonly authContext: AuthContext;
  /** Aborted by {@link finish}: what retries without end gives up, what is under way goes on. */
  protected readonly finishing: AbortSignal;
  readonly #engine: Engine;
  readonly #kept: KeptOutcomes;
  readonly #runs: BulkRuns;
  readonly #startFinishing = new AbortController();
  readonly #abortAll = new AbortController();
  #nextId = 0;
  #fetch: HydraFetch | undefined;
  #finished: Promise<void> | undefined;

  /**
   * @param options - `api` is required, unless a class that extends this one overrides {@link baseUrl};
   * see {@link ApiHydraOptions} for the defaults.
   * @param runtime - replaces time, chance or network, for tests and simulations.
   * @throws HydraError `HYDRA_INVALID_OPTION`; `HYDRA_APPS_FILE` when the apps file cannot be read,
   * written or understood.
   */
  constructor(
    options: ApiHydraOptions | Omit<ApiHydraOptions, 'api'>,
    runtime: Partial<Runtime> = {},
  ) {
    this.options = resolveOptions({ api: this.#ownApi(), ...options } as ApiHydraOptions);
    this.logger = this.options.logger ?? stderrLogger(this.options.logLevel);
    this.runtime = createRuntime(this.options, this.logger, runtime);
    this.finishing = this.#startFinishing.signal;
    // Each app's token and each page may wait for them at the same time.
    setMaxListeners(0, this.finishing, this.#abortAll.signal);
    this.authContext = {
      fetch: this.runtime.transport.fetch,
      signal: this.#abortAll.signal,
      wallNow: () => this.runtime.clock.wallNow(),
    };
    this.#kept = new KeptOutcomes({
      options: this.options,
      clock: this.runtime.clock,
      logger: this.logger,
      windDown: () => this.#windDown(),
      pending: () => this.#engine.pending,
      onDrained: () => this.#engine.wake(),
    });
    this.#runs = new BulkRuns({
      options: this.options,
      clock: this.runtime.clock,
      logger: this.logger,
      engine: () => this.#engine,
      submit: (...request) => this.#submit(...request),
    });
    this.#engine = new Engine({
      api: this.options.api,
      options: this.options,
      runtime: this.runtime,
      logger: this.logger,
      isCongested: () => this.#kept.isCongested || this.#runs.isCongested,
      onHungry: () => this.#runs.onHungry(),
      file: this.#appsKeeping(),
      context: this.authContext,
      finishing: this.finishing,
    });
    this.#engine.roster.load();
    Object.defineProperty(this, inspect.custom, { value: () => this.#describe() });
  }

  /**
   * Asks for `path` with GET.
   *
   * @param path - begins with `/` and is appended to the API's base URL; an absolute URL must have
   * the base's origin.
   * @throws HydraError at once: `HYDRA_INVALID_REQUEST`, `HYDRA_FOREIGN_ORIGIN`,
   * `HYDRA_INVALID_OPTION`, `HYDRA_NO_APPS`, `HYDRA_FINISHED`. Awaiting the result rejects with what
   * ended the request: `HYDRA_HTTP_STATUS`, `HYDRA_NETWORK`, `HYDRA_TIMEOUT`,
   * `HYDRA_UNEXPECTED_BODY`, `HYDRA_UNAUTHORIZED`, `HYDRA_ABORTED`...
   */
  get(path: string, options?: RequestOptions): PendingResponse {
    return this.#ask('GET', path, options);
  }

  /** Sends POST, once: again only when the server cannot have acted, or with `idempotent`. See {@link get}. */
  post(path: string, options?: RequestOptions): PendingResponse {
    return this.#ask('POST', path, options);
  }

  /** Sends PUT. See {@link get}. */
  put(path: string, options?: RequestOptions): PendingResponse {
    return this.#ask('PUT', path, options);
  }

  /** Sends PATCH, once: again only when the server cannot have acted, or with `idempotent`. See {@link get}. */
  patch(path: string, options?: RequestOptions): PendingResponse {
    return this.#ask('PATCH', path, options);
  }

  /** Sends DELETE. See {@link get}. */
  delete(path: string, options?: RequestOptions): PendingResponse {
    return this.#ask('DELETE', path, options);
  }

  /**
   * The standard's `fetch`, for any program that takes one: each request is sent with one of the apps,
   * within their limits, as often as the hydra's retries go. May be taken off the hydra.
   *
   * As the standard has it: it resolves with the answer of any status (one that is tried again is only
   * handed over once that is through), the body comes as it is read, `signal` ends it at any time, and
   * what fails rejects with a `TypeError` (`AbortError` for a signal), whose `cause` is the `HydraError`:
   * `HYDRA_FOREIGN_ORIGIN` for any other origin than the API's, in redirects, too; `HYDRA_NETWORK`,
   * `HYDRA_TIMEOUT`, `HYDRA_NO_APPS`, `HYDRA_FINISHED`; `HYDRA_BODY_NOT_REPEATABLE` where a request would
   * have to be sent again whose body was a stream.
   *
   * Other than the standard: a string that begins with `/` is appended to the API's base URL; the app's
   * signature takes the place of an `Authorization` header; each hop of a redirect counts as a request;
   * `priority: 'high'` or `'low'` is sent before, or after, the others. `timeoutMs` bounds the time to
   * the head of the answer, and to each further byte that is waited for, up to twice; of a body that is
   * sent as a stream, the time in which the server reads nothing on. A reader may pause for as long as it
   * likes. Nothing of it is kept: `getResponses()` and `failures()` know nothing of it. A request is under way until its body was
   * read or cancelled; `finish()` waits for that, but no longer than 10 to 20 s for a body that nobody
   * reads. With `threads`, it stays in the main thread.
   */
  get fetch(): typeof globalThis.fetch {
    return this.#streams.fetch;
  }

  /**
   * A dispatcher for programs that are built on undici, such as `undici.request(url, { dispatcher })`:
   * what goes through it is sent as by `fetch`, and fails with the `HydraError` itself.
   *
   * It stays the hydra's: `close()` waits for what was sent through it, `destroy()` breaks that off, and
   * afterwards it can still be used, until {@link finish}. Redirects are not followed, and no body is
   * decompressed, as undici has it; time-outs are the hydra's.
   */
  get dispatcher(): Dispatcher {
    return this.#streams.dispatcher;
  }

  /**
   * Works off a source of any size with a directory of its own: outcomes are recorded there as they
   * come, and where it is broken off, the next call with the same directory goes on.
   *
   * @param source - paths or requests, of any iterable; read only as fast as they are sent.
   * @throws HydraError at once: `HYDRA_INVALID_OPTION`, `HYDRA_FINISHED`. The rest comes with `done`.
   *
   * @example
   * ```ts
   * const run = hydra.run(logins.map((login) => `/users/${login}`), { directory: './users' });
   * const { done, failed } = await run.done;
   * ```
   */
  run(source: RunSource, options: RunOptions): Run {
    this.#refuseWhenFinished('A run');
    return this.#runs.start(source, options);
  }

  /**
   * The items of a list that the API gives page by page: in their order, with pages asked side by side
   * where they can be, and only as far ahead of the caller as is allowed (`ahead`). Pages are handed over
   * and not kept: `getResponses()` and `failures()` know nothing of them, and neither does a file.
   *
   * Where nothing tells how many pages there are, nor that there is a next one, a numbered list ends with
   * an empty page, with a short one behind which nothing comes, or before a page
   * - that has the items of the page before once more, from the third page on: some servers give their last
   *   page for any number behind it. Pages that are honestly alike cannot be told from that;
   * - that is answered with 404 or 416, after the usual retries, or with 400 where the server is known to
   *   understand the page's number; behind a short page also with 422. If a page behind it has items, it is
   *   an error all the same, and so is any other status.
   *
   * Where that alone ends it, behind a page that is full, the log has a warning: there may be more.
   *
   * @param options - go before what the API says of its pages (`Api.pagination`).
   * @throws HydraError at once: `HYDRA_INVALID_OPTION`, `HYDRA_INVALID_REQUEST`, `HYDRA_FOREIGN_ORIGIN`,
   * `HYDRA_FINISHED`. Going through it rejects with what ended a page, and with `HYDRA_PAGINATION` for a
   * page that is no list and for pages that lead in circles.
   *
   * @example
   * ```ts
   * for await (const user of hydra.paginate<User>('/campus/51/users')) console.log(user.login);
   * ```
   */
  paginate<T = unknown>(path: string, options: PaginateOptions<T> = {}): Paginator<T> {
    this.#refuseWhenFinished(`Pages of ${path}`);
    return new Paginator<T>(this.#pageHost, path, options);
  }

  /**
   * A list that the API gives page by page, as a run: each page is one of its requests, recorded as it
   * comes, and where it is broken off, the same call goes on. `readItems()` reads the items back. Where
   * the first page tells how many there are, that counts, also for who goes on days later. Where nothing
   * tells, it ends as {@link paginate} does, and pages that were asked for behind the end do not count.
   *
   * @throws HydraError at once: `HYDRA_INVALID_OPTION`, `HYDRA_INVALID_REQUEST`, `HYDRA_FOREIGN_ORIGIN`,
   * `HYDRA_FINISHED`. The rest comes with `done`, also the error of a page without which the next cannot
   * be asked for: starting again goes on from there.
   *
   * @example
   * ```ts
   * await hydra.runPages('/campus/51/users', { directory: './users' }).done;
   * for await (const user of readItems<User>('./users')) console.log(user.login);
   * ```
   */
  runPages(path: string, options: PageRunOptions): Run {
    this.#refuseWhenFinished(`A run of ${path}`);
    const { api } = this.options;
    const { logger } = this;
    return startPageRun({ api, logger }, (...run) => this.#runs.start(...run), path, options);
  }

  /**
   * Resolves when every request that was asked for has its outcome, and every run has ended. Does not
   * reject. While the server is down for everybody, it waits until it is back, however long that
   * takes: the log says so.
   */
  async join(): Promise<void> {
    await this.#runs.ended();
    await this.#fetch?.answered();
    await this.#engine.idle();
  }

  /** All responses, in the order of asking, failures left out. Joins first. */
  async getResponses(): Promise<HydraResponse[]> {
    const responses: HydraResponse[] = [];
    for await (const response of this.responses()) responses.push(response);
    return responses;
  }

  /**
   * All responses as `[url, body]`, in the order of asking, failures left out. Joins first.
   *
   * Rejects with `HYDRA_BODY_NOT_JSON` when a body is no JSON; `getResponses()` still has them all.
   */
  async getResponsesAsJson<T = unknown>(): Promise<[url: string, body: T][]> {
    const pairs: [string, T][] = [];
    for await (const response of this.responses()) pairs.push([response.url, response.json<T>()]);
    return pairs;
  }

  /** The responses one by one, in the order of asking, failures left out. Joins first. */
  async *responses(): AsyncGenerator<HydraResponse, void, undefined> {
    await this.join();
    for await (const outcome of this.#kept.outcomes('response')) yield outcome.response;
  }

  /** The requests that failed for good, in the order of asking. Joins first. */
  async failures(): Promise<HydraFailure[]> {
    const failures: HydraFailure[] = [];
    await this.join();
    for await (const outcome of this.#kept.outcomes('failure')) failures.push(outcome.failure);
    return failures;
  }

  /** Lets go of all outcomes so far, failures too. Those under way are kept when they come. */
  clearResponses(): void {
    this.#kept.clear();
  }

  /** Totals since the hydra was made. A copy. */
  get stats(): HydraStats {
    return this.#engine.stats;
  }

  /**
   * Waits for what is under way, runs too, keeps apps and used-up windows in `appsFile`, prints the totals if
   * `stats` asks for it, and closes all connections. Files of outcomes that were all handed to you
   * (awaited, or read by `getResponses()` and its kin, failures by `failures()`) are removed;
   * otherwise they are kept, the log says where, and they can still be read. Nothing can be asked
   * afterwards. Calling it again waits for the same end.
   *
   * Runs come to their end first, also through an outage of the server: stop one by its `signal` where
   * it is not to be waited for. After that, a server that is down is not waited for: each failed attempt
   * counts, so that what is under way ends. `join()` first, and it is waited for.
   */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  /** The same as {@link finish}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.finish();
  }

  /**
   * For a class of one API: where that is. Override it, with {@link limits}, and {@link sign} or
   * {@link auth}, in the place of the option `api`, which goes before them. They are asked for while the
   * hydra is made, before fields of the class are set: so override them as getters and methods, and use
   * nothing of `this` in them.
   */
  protected get baseUrl(): string | undefined {
    return undefined;
  }

  /** For a class of one API: all windows of each app. Found out where it is not overridden. */
  protected get limits(): Api['limits'] {
    return 'discover';
  }

  /** For a class of one API: the way to sign. By {@link sign} where it is not overridden. */
  protected get auth(): ApiDefinition['auth'] {
    return (app) => this.sign(app);
  }

  /** For a class of one API: signs one attempt. Without a signature where it is not overridden. */
  protected sign(_app: App): RequestSignature {
    return { headers: {} };
  }

  /** The apps in use. They hold secrets. */
  protected get apps(): readonly App[] {
    return this.#engine.roster.list();
  }

  /**
   * Puts an app to use.
   *
   * @throws HydraError `HYDRA_INVALID_OPTION` when there is one of this id.
   */
  protected addApp(app: App): void {
    this.#engine.roster.put(app);
  }

  /** Gives an app new credentials, name or limits; what it has used up still counts. */
  protected replaceApp(app: App): void {
    this.#engine.roster.replace(app);
  }

  /** Stops using an app. */
  protected removeApp(appId: string): void {
    this.#engine.roster.remove(appId);
  }

  /** Gets a new token for each app. Resolves when each has one or was dropped. */
  protected renewTokens(): Promise<void> {
    return this.#engine.renewTokens();
  }

  /** Writes the apps file now. */
  protected saveApps(): Promise<void> {
    return this.#engine.roster.save();
  }

  #appsKeeping(): AppsKeeping | undefined {
    const { appsFile } = this.options;
    if (appsFile === false) return undefined;
    return this.runtime.openAppsFile?.(appsFile) ?? new AppsFile(appsFile);
  }

  #ownApi(): Api | undefined {
    const { baseUrl, limits, auth } = this;
    return baseUrl === undefined ? undefined : defineApi({ baseUrl, limits, auth });
  }

  #ask(method: RequestMethod, path: string, options: RequestOptions = noOptions): PendingResponse {
    this.#refuseWhenFinished(`${method} ${path}`);
    const job = this.#submit(this.#nextId, method, path, options, this.#kept);
    this.#nextId += 1;
    this.#kept.watchProcess();
    return new PendingResponse(job, this.#kept.onHanded);
  }

  get #pageHost(): PageHost {
    return {
      api: this.options.api,
      logger: this.logger,
      allowedRate: () => this.#engine.stats.allowedRate,
      ask: (index, method, url, options) => {
        this.#refuseWhenFinished(`${method} ${url}`);
        const job = this.#submit(index, method, url, options, keptByNobody);
        const response = new PendingResponse(job, () => undefined);
        return { response, withdraw: () => this.#engine.withdraw(job) };
      },
    };
  }

  #refuseWhenFinished(what: string): void {
    if (this.#finished === undefined) return;
    throw new HydraError('HYDRA_FINISHED', `${what} was asked for after finish().`);
  }

  #submit(
    id: number,
    method: RequestMethod,
    path: string,
    options: RequestOptions,
    recorder: OutcomeRecorder,
  ): Job {
    checkRequestOptions(options);
    const url = targetUrl(this.options.api, path, options.query);
    const job = new Job(id, method, url, options, recorder);
    this.#send(job);
    return job;
  }

  #send(job: Job): void {
    if (this.#engine.roster.size === 0) {
      throw new HydraError(
        'HYDRA_NO_APPS',
        `Expected at least one app to send ${job.method} ${job.url} with, got none. ${this.noAppsHint}`,
        { url: job.url },
      );
    }
    this.#engine.submit(job);
  }

  /** What asks for answers as streams; made when it is first asked for. */
  get #streams(): HydraFetch {
    const { api, cache } = this.options;
    const submit = (job: Job): void => this.#send(job);
    const withdraw = (job: Job): void => this.#engine.withdraw(job);
    this.#fetch ??= new HydraFetch({ api, submit, withdraw }, cache);
    if (this.#finished !== undefined) this.#fetch.close();
    return this.#fetch;
  }

  /** What to do when there is no app; a part of the error's message. */
  protected get noAppsHint(): string {
    return 'Give some with the option `apps`, or in the apps file.';
  }

  /** What is shown of it, in logs and the like: nothing secret. */
  #describe(): string {
    const { succeeded, failed, waiting, inFlight, apps } = this.stats;
    return `${this.constructor.name} { api: ${this.options.api.name}, apps: ${apps}, succeeded: ${succeeded}, failed: ${failed}, waiting: ${waiting}, inFlight: ${inFlight} }`;
  }

  /** The process is about to end: sends nothing more, and waits for what is under way. */
  async #windDown(): Promise<void> {
    await this.#engine.windDown();
    await this.#engine.roster.save();
  }

  async #finish(): Promise<void> {
    this.#fetch?.close();
    await this.#runs.ended();
    this.#startFinishing.abort();
    await this.join();
    await this.#engine.bodiesEnded();
    this.#abortAll.abort();
    await this.#engine.stop();
    await this.runtime.transport.close();
    await this.#kept.close();
    if (this.options.stats) this.#printTotals();
  }

  #printTotals(): void {
    for (const line of describeStats(this.stats)) {
      // Asked for with `stats`, so it is shown whatever the log level is.
      if (this.options.logger === undefined) writeStderr(`${line}\n`);
      else this.logger.info(line);
    }
  }
}

/** Gets outcomes that whoever asked takes at once. */
const keptByNobody: OutcomeRecorder = { put() {} };

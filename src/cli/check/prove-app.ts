/** Proves one app with one request. */
import type { App } from '../../app.js';
import { systemClock } from '../../clock.js';
import { HydraError } from '../../errors.js';
import type { Api, ApiHydra, Logger, Transport, TransportResult } from '../../index.js';
import { FeedbackReader } from '../../limits/feedback-reader.js';
import type { ToldWindow } from '../../limits/told-window.js';
import { UndiciTransport } from '../../transport/undici-transport.js';
import type { Overrides } from '../connection/open-hydra.js';

/** What became of it. */
export interface Proof {
  readonly app: string;
  readonly ok: boolean;
  /** The status of the answer; `null` where none came. */
  readonly status: number | null;
  /** What went wrong, in words. */
  readonly error: string | null;
  /** What the answer told of limits. */
  readonly limits: readonly ToldWindow[];
}

/** How it is proved. */
export interface ProofTask {
  readonly app: App;
  readonly path: string;
  /** For token and answer together, milliseconds. */
  readonly timeoutMs: number;
  /** Reads limits that only this API tells. */
  readonly readLimits: Api['readLimits'];
  /** Opens the API's hydra. */
  readonly open: (overrides: Overrides, runtime: { transport: Transport }) => Promise<ApiHydra>;
}

/** A refusal is an answer here: the hydra would wait until the app may ask again. */
const REFUSALS = new Set([429, 503]);
const CONNECTIONS = 16;

const wallNow = (): number => systemClock.wallNow();
const nothing = (): void => {};

/**
 * Sends one request with one app, and a second only where a token that was kept is refused. Its token and
 * what it has used are kept in the apps file, as always.
 */
export async function proveApp(task: ProofTask): Promise<Proof> {
  const { app, timeoutMs } = task;
  const stop = new AbortController();
  const heard: { answer?: TransportResult; word?: string } = {};
  const transport = overheard(task, (result) => {
    heard.answer = result;
    if (result.kind === 'response' && REFUSALS.has(result.status)) stop.abort();
  });
  const logger = quietLogger((word) => (heard.word ??= word));
  const once = { maxRetries: 0, maxNotFoundRetries: 0, timeoutMs, store: false, threads: 0 };
  await using hydra = await task.open({ ...once, apps: [app], logger }, { transport });
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]);
  const error = await hydra.get(task.path, { signal }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return proofOf(task, heard, error);
}

function proofOf(
  { app, timeoutMs, readLimits }: ProofTask,
  { answer, word }: { answer?: TransportResult; word?: string },
  error: unknown,
): Proof {
  const seen = answer?.kind === 'response' ? answer : undefined;
  const headers = seen?.headers ?? {};
  const usual = new FeedbackReader().read(headers, wallNow);
  const own = readLimits?.(headers, wallNow) ?? [];
  const ofOthers = usual.filter(({ name }) => own.every((window) => window.name !== name));
  return {
    app: app.id,
    ok: error === undefined,
    status: seen?.status ?? null,
    error: error === undefined ? null : words(error, seen?.status, timeoutMs, word),
    limits: [...ofOthers, ...own],
  };
}

function words(
  error: unknown,
  status: number | undefined,
  timeoutMs: number,
  word: string | undefined,
): string {
  if (!(error instanceof HydraError)) throw error;
  if (status !== undefined && REFUSALS.has(status)) return 'refused: its limit is used up';
  if (status === 404) return 'not found: name a path that is there, with --path or `checkPath`';
  // The log has said why the app was dropped.
  if (error.code === 'HYDRA_NO_APPS') return word ?? error.message;
  if (error.code !== 'HYDRA_ABORTED') return error.message;
  const why = word === undefined ? '' : `: ${word}`;
  return `no answer within ${timeoutMs} ms${why || '; its limits may be used up, or it got no token'}`;
}

/** HTTP as always, with a word on each answer. */
function overheard(
  { timeoutMs }: ProofTask,
  onAnswer: (result: TransportResult) => void,
): Transport {
  const real = new UndiciTransport({
    clock: systemClock,
    timeoutMs,
    maxConnections: CONNECTIONS,
    env: process.env,
    http2: false,
  });
  return {
    send: (request, settle) =>
      real.send(request, (result) => {
        settle(result);
        onAnswer(result);
      }),
    fetch: real.fetch,
    close: () => real.close(),
  };
}

/** Hears what the hydra says of the app; what it says of the request is known. */
function quietLogger(hear: (word: string) => void): Logger {
  const listen = (word: string): void => {
    if (!word.startsWith('GET ')) hear(word);
  };
  return { debug: nothing, info: nothing, warn: listen, error: listen, fatal: listen };
}

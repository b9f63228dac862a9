/** Proves one app with one request. */
import type { App } from '../../app.js';
import { systemClock } from '../../clock.js';
import { ApiRules } from '../../engine/api-rules.js';
import { HydraError } from '../../errors.js';
import type { Api, ApiHydra, Logger, Transport, TransportResult } from '../../index.js';
import type { ToldWindow } from '../../limits/told-window.js';
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
  /** Says what else is a refusal, and reads limits that only this API tells. */
  readonly api: Api;
  /** Carries its requests; it stays open. */
  readonly transport: Transport;
  /** Opens the API's hydra. */
  readonly open: (overrides: Overrides, runtime: { transport: Transport }) => Promise<ApiHydra>;
}

/** What came to be known of the app before its request ended. */
interface Heard {
  answer?: Answer;
  wasRefused?: boolean;
  /** What the hydra said of it last. */
  word?: string;
}

type Answer = Extract<TransportResult, { kind: 'response' }>;

const nothing = (): void => {};

/**
 * Sends one request with one app, and a second only where a token that was kept is refused. Its token and
 * what it has used are kept in the apps file, as always.
 */
export async function proveApp(task: ProofTask): Promise<Proof> {
  const { app, api, timeoutMs } = task;
  const stop = new AbortController();
  const heard: Heard = {};
  const logger = quietLogger((word) => (heard.word = word));
  const rules = new ApiRules({ api, clock: systemClock, logger });
  const transport = overheard(task.transport, (answer) => {
    heard.answer = answer;
    heard.wasRefused = isRefusal(answer, rules);
    // It is an answer here: the hydra would wait until the app may ask again.
    if (heard.wasRefused) stop.abort();
  });
  const once = { maxRetries: 0, maxNotFoundRetries: 0, timeoutMs, store: false, threads: 0 };
  const opened = await open(task, { ...once, apps: [app], logger }, transport);
  if (opened instanceof HydraError) return proofOf(task, heard, rules, opened);
  await using hydra = opened;
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]);
  const error = await hydra.get(task.path, { signal }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return proofOf(task, heard, rules, error);
}

function isRefusal(answer: Answer, rules: ApiRules): boolean {
  const { status, headers } = answer;
  if (status === 429 || (status === 503 && headers['retry-after'] !== undefined)) return true;
  return rules.isRefusal(answer);
}

/** The hydra; or what this app lacks, which is no matter of the others. */
async function open(
  task: ProofTask,
  overrides: Overrides,
  transport: Transport,
): Promise<ApiHydra | HydraError> {
  try {
    return await task.open(overrides, { transport });
  } catch (error) {
    if (error instanceof HydraError && error.facts.appId === task.app.id) return error;
    throw error;
  }
}

function proofOf(
  { app, timeoutMs }: ProofTask,
  heard: Heard,
  rules: ApiRules,
  error: unknown,
): Proof {
  const { answer } = heard;
  return {
    app: app.id,
    ok: error === undefined,
    status: answer?.status ?? null,
    error: error === undefined ? null : words(error, heard, timeoutMs),
    limits: answer === undefined ? [] : rules.toldWindows(answer.headers),
  };
}

function words(error: unknown, { answer, wasRefused, word }: Heard, timeoutMs: number): string {
  if (!(error instanceof HydraError)) throw error;
  if (wasRefused === true) return 'refused: its limit is used up';
  if (answer?.status === 404) {
    return 'not found: name a path that is there, with --path or `checkPath`';
  }
  // The log has said why the app was dropped.
  if (error.code === 'HYDRA_NO_APPS') return word ?? error.message;
  if (error.code !== 'HYDRA_ABORTED') return error.message;
  const noToken = /: no token yet.*?\((.*)\)$/s.exec(word ?? '')?.[1];
  if (noToken !== undefined) return `no token within ${timeoutMs} ms: ${noToken}`;
  const why = word === undefined ? '' : `: ${word}`;
  return `no answer within ${timeoutMs} ms${why || '; its limits may be used up, or it got no token'}`;
}

/** HTTP as always, with a word on each answer. Others use it, too, so this one does not close it. */
function overheard(real: Transport, onAnswer: (answer: Answer) => void): Transport {
  return {
    send: (request, settle) =>
      real.send(request, (result) => {
        settle(result);
        if (result.kind === 'response') onAnswer(result);
      }),
    fetch: real.fetch,
    close: () => Promise.resolve(),
  };
}

/** Hears what the hydra says of the app; what it says of the request is known. */
function quietLogger(hear: (word: string) => void): Logger {
  const listen = (word: string): void => {
    if (!word.startsWith('GET ')) hear(word);
  };
  return { debug: nothing, info: nothing, warn: listen, error: listen, fatal: listen };
}

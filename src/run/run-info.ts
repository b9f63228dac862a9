/** What `run.json` says of a run, and how it is read and written. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { HydraError } from '../errors.js';
import type { AppGroup } from '../limits/makespan.js';
import { replaceFile, replaceFileSync } from './replace-file.js';

/** The file's name in the run's directory. */
const RUN_FILE = 'run.json';

/** One process's share of a run. */
export interface RunSession {
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  /** As of the last time that `run.json` was written. */
  readonly endedAtMs: number;
  /** Apps in use. */
  readonly apps: number;
  /** The same apps by their limits. */
  readonly appGroups: readonly AppGroup[];
  /** Requests a second that the shortest windows of all apps admit together. */
  readonly allowedRate: number;
  /** Outcomes that were recorded. */
  readonly succeeded: number;
  readonly failed: number;
  /** Attempts that were sent, by the whole hydra. */
  readonly attempts: number;
  /** Answers 429, and 503 with `Retry-After`. */
  readonly refusals: number;
  /** Attempts that were sent again, by cause: `network`, `timeout`, `body`, `not-found`, `http-500`... */
  readonly retries: Readonly<Record<string, number>>;
  /** Bytes of bodies, as they came over the wire. */
  readonly bytes: number;
}

/** A segment of a run. */
export interface SegmentInfo {
  /** Relative to the run's directory, or absolute where it had to be written elsewhere. */
  readonly file: string;
  readonly count: number;
  readonly firstId: number;
  readonly lastId: number;
  /** Its size; a smaller one has lost something. */
  readonly bytes: number;
  /** True for one that may have grown since: it is looked through on resume. */
  readonly isOpen: boolean;
}

/** The content of `run.json`. */
export interface RunInfo {
  readonly version: 1;
  readonly api: { readonly name: string; readonly baseUrl: string };
  /** `running` also after a crash; `stopped` where the process could still note that it ends. */
  readonly state: 'running' | 'stopped' | 'complete';
  /** Milliseconds since the Unix epoch. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The hydra's options that are plain values, without secrets. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How far the source was read: how many requests, and whether those are all. */
  readonly source: {
    readonly read: number;
    readonly isWhole: boolean;
    /**
     * Requests from this one on were asked for behind the end of a list, before anybody could know that:
     * they do not count, whatever became of them. Left out where there are none.
     */
    readonly end?: number | undefined;
    /** What the caller says that it was made of. */
    readonly origin?: Readonly<Record<string, string>> | undefined;
  };
  /** Requests by their outcome, those behind `source.end` too. */
  readonly totals: { readonly done: number; readonly failed: number };
  /** Segments whose outcomes are in the done-set. Others in the folder are looked through on resume. */
  readonly segments: readonly SegmentInfo[];
  readonly sessions: readonly RunSession[];
}

const whole = z.int().min(0);
const numbers = z.number();
const limit = z.object({ requests: z.number(), perMs: z.number() });

const schema = z.object({
  version: z.literal(1),
  api: z.object({ name: z.string(), baseUrl: z.string() }),
  state: z.enum(['running', 'stopped', 'complete']),
  createdAtMs: numbers,
  updatedAtMs: numbers,
  options: z.record(z.string(), z.unknown()),
  source: z.object({
    read: whole,
    isWhole: z.boolean(),
    end: whole.optional(),
    origin: z.record(z.string(), z.string()).optional(),
  }),
  totals: z.object({ done: whole, failed: whole }),
  segments: z.array(
    z.object({
      file: z.string(),
      count: whole,
      firstId: whole,
      lastId: whole,
      bytes: whole,
      isOpen: z.boolean(),
    }),
  ),
  sessions: z.array(
    z.object({
      startedAtMs: numbers,
      endedAtMs: numbers,
      apps: whole,
      appGroups: z.array(z.object({ limits: z.array(limit), apps: whole })),
      allowedRate: numbers,
      succeeded: whole,
      failed: whole,
      attempts: whole,
      refusals: whole,
      retries: z.record(z.string(), whole),
      bytes: whole,
    }),
  ),
});

/**
 * Reads a run's `run.json`; `undefined` where there is none.
 *
 * @throws HydraError `HYDRA_RUN_DIRECTORY` when it cannot be read or understood.
 */
export function readRunInfo(directory: string): RunInfo | undefined {
  const file = path.join(directory, RUN_FILE);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw directoryError(`${file} cannot be read (${code ?? message})`, file, cause);
  }
  return parseRunInfo(file, text);
}

/** Puts a new `run.json` in place of the old one. */
export async function writeRunInfo(directory: string, info: RunInfo): Promise<void> {
  await replaceFile(path.join(directory, RUN_FILE), format(info));
}

/** The same at once. */
export function writeRunInfoSync(directory: string, info: RunInfo): void {
  replaceFileSync(path.join(directory, RUN_FILE), format(info));
}

/** An error about a run's directory. */
export function directoryError(message: string, file: string, cause?: unknown): HydraError {
  const facts = cause === undefined ? { file } : { file, cause };
  return new HydraError('HYDRA_RUN_DIRECTORY', `${message}.`, facts);
}

/** The error for a folder that is not a run's. */
export function noRun(folder: string): HydraError {
  const message = `Expected ${folder} to be the directory of a run, got one without ${RUN_FILE}`;
  return directoryError(message, folder);
}

function format(info: RunInfo): string {
  return `${JSON.stringify(info, null, 2)}\n`;
}

function parseRunInfo(file: string, text: string): RunInfo {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw directoryError(`Expected ${file} to be JSON that a run has written`, file, cause);
  }
  const { version } = (content ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version !== 1) {
    const message = `${file} is of version ${version}, and this program knows version 1: use the one that began the run`;
    throw directoryError(message, file);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  throw directoryError(`${file} is not as expected at \`${place}\``, file);
}

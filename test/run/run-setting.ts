/** Runs against a real server, in folders of their own. */
import * as fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import {
  ApiHydra,
  bearerToken,
  defineApi,
  readRun,
  type ApiHydraOptions,
  type HydraError,
  type Outcome,
  type Run,
  type SegmentDamage,
} from '../../src/index.js';
import { keepingLogger } from '../simulation/hydra-on-virtual-time.js';
import { listenHttp } from '../transport/http-world.js';

/** What no file, no log line and no error may hold. */
export const SECRET = 'the-secret-token';

/** A folder that goes with the test. */
export function folder(): string {
  const name = fs.mkdtempSync(path.join(tmpdir(), 'apihydra-run-'));
  onTestFinished(() => fs.rmSync(name, { recursive: true, force: true }));
  return name;
}

/** A server that answers each path with `{ path }`, and knows what it was asked. */
export interface World {
  readonly origin: string;
  /** What was asked, as `GET /x`. */
  readonly asked: string[];
  /** Answers in place of the usual one; true when it did. */
  answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** While true, answers wait. */
  isHeld: boolean;
  release(): void;
}

export async function world(): Promise<World> {
  const waiting: (() => void)[] = [];
  const reply = (request: IncomingMessage, response: ServerResponse): void => {
    if (one.answer?.(request, response) === true) return;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ path: request.url }));
  };
  const { origin } = await listenHttp((request, response) => {
    one.asked.push(`${request.method} ${request.url}`);
    request.resume();
    if (one.isHeld) waiting.push(() => reply(request, response));
    else reply(request, response);
  });
  const one: World = {
    origin,
    asked: [],
    answer: undefined,
    isHeld: false,
    release() {
      one.isHeld = false;
      for (const go of waiting.splice(0)) go();
    },
  };
  return one;
}

export interface Setting {
  readonly hydra: ApiHydra;
  readonly log: string[];
}

/** A hydra for a server, with limits that no test meets. */
export function hydraFor(origin: string, options: Partial<ApiHydraOptions> = {}): Setting {
  const { logger, lines } = keepingLogger();
  const api = defineApi({
    name: 'test',
    baseUrl: origin,
    limits: [{ requests: 100_000, perMs: 1000 }],
    auth: bearerToken(),
  });
  const hydra = new ApiHydra({
    api,
    apps: [{ id: 'a', credentials: { token: SECRET } }],
    appsFile: false,
    store: false,
    minRequestDelayMs: 0,
    retryDelayMs: 1,
    maxRetries: 1,
    maxNotFoundRetries: 0,
    logger,
    ...options,
  });
  onTestFinished(() => hydra.finish());
  return { hydra, log: lines };
}

export function paths(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `/${from + index}`);
}

/** Answers those paths with a status that is no success and not tried again. */
export function failing(...failed: string[]): World['answer'] {
  return (request, response) => {
    if (!failed.includes(request.url ?? '')) return false;
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end('{}');
    return true;
  };
}

/** Works a source off with a hydra of its own, as a process of its own would. */
export async function workOff(
  { origin }: World,
  source: Parameters<ApiHydra['run']>[0],
  options: Parameters<ApiHydra['run']>[1],
  of: Partial<ApiHydraOptions> = {},
): Promise<Awaited<Run['done']> & { readonly log: string[] }> {
  const { hydra, log } = hydraFor(origin, of);
  try {
    return { ...(await hydra.run(source, options).done), log };
  } finally {
    await hydra.finish();
  }
}

/** What a run's directory holds. */
export interface Held {
  readonly ids: number[];
  readonly failed: number[];
  /** By position: the path that the body tells, or the error's code. */
  readonly bodies: string[];
  readonly outcomes: Outcome[];
  readonly damages: SegmentDamage[];
}

export async function held(directory: string): Promise<Held> {
  const damages: SegmentDamage[] = [];
  const run = await readRun(directory, { onDamage: (damage) => void damages.push(damage) });
  const all: Held = { ids: [], failed: [], bodies: [], outcomes: [], damages };
  for await (const outcome of run.outcomes()) {
    all.outcomes.push(outcome);
    if (outcome.kind === 'response') {
      all.ids.push(outcome.response.id);
      all.bodies.push(outcome.response.json<{ path: string }>().path);
    } else {
      all.ids.push(outcome.failure.id);
      all.failed.push(outcome.failure.id);
      all.bodies.push(outcome.failure.error.code);
    }
  }
  return all;
}

/** The names of a run's segments, by part. */
export function segmentNames(directory: string): string[] {
  const partOf = (name: string): number => Number(name.split('_')[1]);
  return fs
    .readdirSync(directory)
    .filter((name) => name.startsWith('responses_') && !name.endsWith('.tmp'))
    .toSorted((a, b) => partOf(a) - partOf(b));
}

/** How many outcomes of each request stand in the plain segments. */
export function countInFiles(directory: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const name of segmentNames(directory)) {
    const text = fs.readFileSync(path.join(directory, name), 'utf8');
    for (const [, id] of text.matchAll(/^\{"id":(\d+),/gm)) {
      counts.set(Number(id), (counts.get(Number(id)) ?? 0) + 1);
    }
  }
  return counts;
}

export function readInfo(directory: string): Record<string, unknown> {
  const text = fs.readFileSync(path.join(directory, 'run.json'), 'utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<HydraError> {
  try {
    await promise;
  } catch (error) {
    return error as HydraError;
  }
  throw new Error('It did not reject');
}

/** The whole numbers from `from` on, `to` left out. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** A run to export without a directory, and a place to export to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { planExport, type ExportOptions } from '../../src/cli/export/export-plan.js';
import { exportRun } from '../../src/cli/export/export-run.js';
import type { HydraFailure, Outcome } from '../../src/request/request.js';
import type { HydraResponse, ResponseParts } from '../../src/request/response.js';
import type { RunReader } from '../../src/run/read-run.js';
import { response } from '../store/outcomes.js';

/** A folder that is removed after the test. */
export function exportFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A response with this JSON. */
export function answer(id: number, body: unknown, parts: Partial<ResponseParts> = {}): Outcome {
  return response(id, { body: Buffer.from(JSON.stringify(body)), ...parts });
}

/** A response with these bytes, of no JSON. */
export function otherAnswer(id: number, body: string | Uint8Array): Outcome {
  return response(id, { body: Buffer.from(body), headers: { 'content-type': 'text/plain' } });
}

/** A run of some outcomes; a function is asked anew at each reading. */
export function runOf(outcomes: readonly Outcome[] | (() => Iterable<Outcome>)): RunReader {
  const all = typeof outcomes === 'function' ? outcomes : (): Iterable<Outcome> => outcomes;
  return {
    directory: 'a-run',
    info: {
      version: 1,
      api: { name: 'example', baseUrl: 'https://api.example/v2' },
      state: 'complete',
      createdAtMs: 0,
      updatedAtMs: 0,
      options: {},
      source: { read: 0, isWhole: true },
      totals: { done: 0, failed: 0 },
      segments: [],
      sessions: [],
    },
    async *outcomes() {
      yield* all();
    },
    async *responses(): AsyncGenerator<HydraResponse, void, undefined> {
      for (const outcome of all()) if (outcome.kind === 'response') yield outcome.response;
    },
    async *failures(): AsyncGenerator<HydraFailure, void, undefined> {
      for (const outcome of all()) if (outcome.kind === 'failure') yield outcome.failure;
    },
  };
}

/** What an export wrote to the standard output, and what it said. */
export interface ExportResult {
  readonly data: string;
  readonly lines: readonly string[];
}

/** Exports a run. */
export async function exportTo(
  run: RunReader | readonly Outcome[],
  options: ExportOptions,
): Promise<ExportResult> {
  const chunks: Buffer[] = [];
  const data = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const lines: string[] = [];
  const reader = 'responses' in run ? run : runOf(run);
  await exportRun(reader, planExport(options), { data, say: (line) => lines.push(line) });
  return { data: Buffer.concat(chunks).toString(), lines };
}

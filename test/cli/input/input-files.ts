/** Writes inputs to files of their own, and reads them as a command does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import { HydraError } from '../../../src/errors.js';
import { openInput } from '../../../src/cli/input/input.js';
import type { RunRequest } from '../../../src/run/run.js';

export function folder(): string {
  const name = mkdtempSync(path.join(tmpdir(), 'apihydra-input-'));
  onTestFinished(() => rmSync(name, { recursive: true }));
  return name;
}

export function fileWith(content: string | Uint8Array, name = 'input.txt'): string {
  const file = path.join(folder(), name);
  writeFileSync(file, content);
  return file;
}

export interface ReadInput {
  readonly requests: (string | RunRequest)[];
  /** What it broke off with. */
  readonly error: HydraError | undefined;
}

/** Reads a file of requests to its end, or of values where there is a template. */
export async function readFile(file: string, template?: string): Promise<ReadInput> {
  const requests: (string | RunRequest)[] = [];
  try {
    const input =
      template === undefined
        ? await openInput(file, {})
        : await openInput(undefined, { template, values: file });
    for await (const request of input.requests) requests.push(request);
    return { requests, error: undefined };
  } catch (error) {
    if (error instanceof HydraError) return { requests, error };
    throw error;
  }
}

export function readText(content: string | Uint8Array, template?: string): Promise<ReadInput> {
  return readFile(fileWith(content), template);
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Logger, Runtime } from '../../src/index.js';
import { FtApiHydra, type FtApiHydraOptions } from '../../src/intra42/index.js';
import {
  startIntra42,
  type AccountTotals,
  type Intra42,
  type Intra42Options,
} from '../../src/testing/index.js';

/** A logger that keeps its lines. */
export class KeepingLogger implements Logger {
  readonly lines: string[] = [];
  debug(message: string): void {
    this.lines.push(`debug ${message}`);
  }
  info(message: string): void {
    this.lines.push(`info ${message}`);
  }
  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }
  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
  fatal(message: string): void {
    this.lines.push(`fatal ${message}`);
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A stand-in that stops with the test. */
export async function standIn(options: Intra42Options = {}): Promise<Intra42> {
  const intra = await startIntra42(options);
  onTestFinished(() => intra.close());
  return intra;
}

/** Where a stand-in is, and who may sign in there. */
export type Address = Pick<Intra42, 'apiBase' | 'profileBase' | 'login' | 'password'>;

/** What a stand-in counted. */
export interface Counted {
  readonly totals: AccountTotals;
  readonly rate: number;
  readonly highestInWindow: number;
}

/** A stand-in in a process of its own, and a way to ask what it counted in windows of `perMs`. */
export async function standInProcess(
  options: Intra42Options,
): Promise<Address & { count(perMs: number): Promise<Counted> }> {
  const child = fork(path.join(import.meta.dirname, 'stand-in-child.mjs'), [
    JSON.stringify(options),
  ]);
  onTestFinished(() => void child.kill());
  const [address] = (await once(child, 'message')) as [Address];
  return {
    ...address,
    async count(perMs) {
      child.send(perMs);
      const [counted] = (await once(child, 'message')) as [Counted];
      return counted;
    },
  };
}

/** A hydra that leads to a stand-in, finished with the test. */
export function hydraFor(
  intra: Address,
  options: FtApiHydraOptions & { readonly appsFile?: string } = {},
  runtime: Partial<Runtime> = {},
): FtApiHydra & { readonly log: KeepingLogger } {
  const log = new KeepingLogger();
  const given = {
    intraLogin: intra.login,
    intraPassword: intra.password,
    apiBase: intra.apiBase,
    profileBase: intra.profileBase,
    appsFile: options.appsFile ?? path.join(temporaryFolder(), 'apps.json'),
    responsesFilePathTemplate: path.join(temporaryFolder(), 'responses_%s_%s.json'),
    minRequestDelayMs: 0,
    logger: log,
    ...options,
  };
  const hydra = new FtApiHydra(given, runtime);
  onTestFinished(() => hydra.finish());
  return Object.assign(hydra, { log });
}

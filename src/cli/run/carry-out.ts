/** Carries a run out for a command: shows how far it is, and says how it ended. */
import { systemClock } from '../../clock.js';
import type { ApiHydra, Run, RunProgress, RunSummary } from '../../index.js';
import { readRunInfo } from '../../run/run-info.js';
import { openHydra } from '../connection/open-hydra.js';
import type { ConnectionFlags } from '../connection/connection-options.js';
import { exitCodes } from '../exit-codes.js';
import type { InputFlags } from '../input/input-options.js';
import { openInput, type Input } from '../input/input.js';
import { showProgress, type ProgressState } from '../progress.js';
import { counted, duration } from '../report/format.js';
import { inputOrigin } from './input-origin.js';
import type { RunFlags } from './run-flags.js';

/** What is to be carried out. */
export interface RunTask {
  readonly directory: string;
  readonly file: string | undefined;
  readonly input: InputFlags;
  readonly retryFailures: boolean;
}

const LINE_EVERY_MS = 10_000;

/** Carries it out, and sets the exit code. Rejects with what ends the run. */
export async function carryOut(task: RunTask, flags: ConnectionFlags & RunFlags): Promise<void> {
  const input = await openInput(task.file, task.input);
  try {
    const total = await lookThrough(input, task);
    await using hydra = await openHydra(flags, {
      responsesPerFile: flags.responsesPerFile,
      durability: flags.durability,
      // All outcomes are the run's.
      store: false,
    });
    const run = start(hydra, input, task, flags, total);
    const again = `\`apihydra retry ${task.directory}\` asks again`;
    await followRun(run, task.directory, again, flags.json === true);
  } finally {
    input.close();
  }
}

/**
 * Reads a file to its end before anything is sent, so that a broken line is told now and not after
 * hours; once is enough for a run.
 *
 * @returns how many requests there are; `undefined` for what can be read only once.
 */
async function lookThrough(input: Input, task: RunTask): Promise<number | undefined> {
  const total = await input.total();
  if (total === undefined || readRunInfo(task.directory)?.source.isWhole === true) return total;
  const again = await openInput(task.file, task.input);
  try {
    let requests = 0;
    const iterator = again.requests[Symbol.asyncIterator]();
    while ((await iterator.next()).done !== true) requests += 1;
    return requests;
  } finally {
    again.close();
  }
}

function start(
  hydra: ApiHydra,
  input: Input,
  task: RunTask,
  { compress }: RunFlags,
  total: number | undefined,
): Run {
  return hydra.run(input.requests, {
    directory: task.directory,
    retryFailures: task.retryFailures,
    compress,
    total,
    origin: inputOrigin(task.file, task.input),
  });
}

/**
 * Shows how far a run is, says how it ended, and sets the exit code. Rejects with what ends the run.
 *
 * @param again - how failures are asked again.
 */
export async function followRun(
  run: Run,
  directory: string,
  again: string,
  isJson: boolean,
): Promise<void> {
  const progress = showProgress(systemClock, process.stderr, LINE_EVERY_MS, () =>
    shown(run.progress),
  );
  let summary: RunSummary;
  try {
    summary = await run.done;
  } finally {
    progress.stop();
  }
  // After a signal, that decides the code.
  if (!summary.isComplete) process.exitCode = exitCodes.error;
  else if (summary.failed > 0) process.exitCode = exitCodes.someFailed;
  if (isJson) {
    const { elapsedMs, retries } = run.progress;
    process.stdout.write(`${JSON.stringify({ ...summary, elapsedMs, retries })}\n`);
  } else process.stderr.write(`${describeEnd(run, summary, directory, again)}\n`);
}

function shown(progress: RunProgress): ProgressState {
  const { state } = progress;
  return { ...progress, waiting: state.kind === 'waiting' ? state.reason : undefined };
}

function describeEnd(run: Run, summary: RunSummary, directory: string, again: string): string {
  const { done, failed, isComplete } = summary;
  const { elapsedMs, retries } = run.progress;
  const took = duration(elapsedMs).replaceAll('\u00a0', ' ');
  const failures = failed === 0 ? '' : `; ${counted(failed, 'request')} failed: ${again}`;
  const whole = isComplete ? '' : ', and the run is not complete: start it again to go on';
  return `${counted(done, 'response')} in ${directory}, in ${took} with ${counted(retries, 'retry', 'retries')}${failures}${whole}`;
}

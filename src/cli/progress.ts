/** How far a job is: a bar on a terminal, a line every few seconds elsewhere. */
import cliProgress from 'cli-progress';
import type { Clock, Timer } from '../clock.js';
import { duration } from './report/format.js';

/** What is shown. */
export interface ProgressState {
  readonly done: number;
  readonly failed?: number;
  /** `undefined` while it is not known. */
  readonly total: number | undefined;
  /** Answers a second. */
  readonly rate: number;
  /** What the limits allow a second, for the time that the rest takes. */
  readonly allowedRate?: number;
  readonly retries: number;
  /** Milliseconds that the rest takes at best. */
  readonly etaMs?: number | undefined;
  /** What it waits for, for people. */
  readonly waiting?: string | undefined;
}

/** Shows a job's progress until it is stopped. */
export interface Progress {
  /** Shows the last state and stops. */
  stop(): void;
}

const BAR_EVERY_MS = 100;

/** Shows what `state` returns, to `stream`, until stopped or until the process ends. */
export function showProgress(
  clock: Clock,
  stream: NodeJS.WriteStream,
  lineEveryMs: number,
  state: () => ProgressState,
): Progress {
  const view = stream.isTTY ? barView(stream) : lineView(stream);
  let timer: Timer;
  const tick = (): void => {
    view.show(state());
    timer = clock.setTimer(tick, stream.isTTY ? BAR_EVERY_MS : lineEveryMs);
  };
  const stop = (): void => {
    timer.cancel();
    process.off('exit', stop);
    view.show(state());
    view.close();
  };
  // Whatever ends the process, the cursor is shown again.
  process.once('exit', stop);
  tick();
  return { stop };
}

interface View {
  show(state: ProgressState): void;
  close(): void;
}

function barView(stream: NodeJS.WriteStream): View {
  const bar = new cliProgress.SingleBar(
    {
      stream,
      hideCursor: true,
      // Signals are for those who save something.
      gracefulExit: false,
      format: (options, { progress }, { line, hasTotal }: { line: string; hasTotal: boolean }) =>
        hasTotal ? `${cliProgress.Format.BarFormat(progress, options)} ${line}` : line,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(1, 0, { line: '', hasTotal: false });
  return {
    show(state) {
      const { done, failed = 0, total } = state;
      bar.setTotal(total ?? 1);
      bar.update(total === undefined ? 0 : done + failed, {
        line: describe(state, ' | '),
        hasTotal: total !== undefined,
      });
    },
    close: () => bar.stop(),
  };
}

function lineView(stream: NodeJS.WriteStream): View {
  return {
    show: (state) => void stream.write(`${describe(state, ', ')}\n`),
    close() {},
  };
}

function describe(state: ProgressState, between: string): string {
  const { done, failed = 0, total, rate, allowedRate, retries, waiting } = state;
  const of = total === undefined ? '' : `/${total}`;
  const allowed = allowedRate ? ` of ${allowedRate.toFixed(1)}` : '';
  const parts = [
    `${done + failed}${of}`,
    `${rate.toFixed(1)}${allowed}/s`,
    ...(total === undefined ? [] : [`${timeLeft(state)} left`]),
    `${retries} retries`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(waiting === undefined ? [] : [waiting]),
  ];
  return parts.join(between);
}

/** At the rate so far; a rest that is known to take longer counts. */
function timeLeft({ done, failed = 0, total = 0, rate, etaMs }: ProgressState): string {
  const left = total - done - failed;
  if (left <= 0) return '0 s';
  const byRate = rate > 0 ? (left * 1000) / rate : undefined;
  if (byRate === undefined && etaMs === undefined) return '?';
  const seconds = Math.ceil(Math.max(byRate ?? 0, etaMs ?? 0) / 1000);
  return duration(seconds * 1000).replaceAll('\u00a0', ' ');
}

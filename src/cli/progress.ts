/** How far a job is: a bar on a terminal, a line every few seconds elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import type { Clock, Timer } from '../clock.js';

/** What is shown. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** Answers a second since the start. */
  readonly rate: number;
  readonly retries: number;
}

/** Shows a job's progress until it is stopped. */
export interface Progress {
  /** Shows the last state and stops. */
  stop(): void;
}

const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 2000;

/** Shows what `state` returns, to `stream`, until stopped. */
export function showProgress(
  clock: Clock,
  stream: NodeJS.WriteStream,
  state: () => ProgressState,
): Progress {
  const view = stream.isTTY ? barView(stream, state().total) : lineView(stream);
  let timer: Timer;
  const tick = (): void => {
    view.show(state());
    timer = clock.setTimer(tick, stream.isTTY ? BAR_EVERY_MS : LINE_EVERY_MS);
  };
  tick();
  return {
    stop() {
      timer.cancel();
      view.show(state());
      view.close();
    },
  };
}

interface View {
  show(state: ProgressState): void;
  close(): void;
}

function barView(stream: NodeJS.WriteStream, total: number): View {
  const format = '{bar} {value}/{total} | {rate}/s | {left} left | {retries} retries';
  const bar = new SingleBar({ stream, format, hideCursor: true }, Presets.shades_classic);
  bar.start(total, 0, { rate: '0.0', left: '?', retries: 0 });
  return {
    show: ({ done, rate, retries, ...rest }) =>
      bar.update(done, { rate: rate.toFixed(1), left: timeLeft({ done, rate, ...rest }), retries }),
    close: () => bar.stop(),
  };
}

function lineView(stream: NodeJS.WriteStream): View {
  return {
    show(state) {
      const { done, total, rate, retries } = state;
      const line = `${done}/${total}, ${rate.toFixed(1)}/s, ${timeLeft(state)} left, ${retries} retries`;
      stream.write(`${line}\n`);
    },
    close() {},
  };
}

function timeLeft({ done, total, rate }: Pick<ProgressState, 'done' | 'total' | 'rate'>): string {
  if (done >= total) return '0 s';
  if (rate <= 0) return '?';
  const seconds = Math.ceil((total - done) / rate);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

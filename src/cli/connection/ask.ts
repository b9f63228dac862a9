/** Questions to who sits at the terminal. They go to stderr: stdout is for data. */
import { once } from 'node:events';
import { sleep, systemClock } from '../../clock.js';
import { HydraError } from '../../errors.js';

/** True when there is somebody to ask. */
export function isTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks, and returns the line that is typed.
 *
 * @param hidden - whether it is typed without echo.
 * @throws HydraError `HYDRA_ABORTED` when the terminal is closed (Ctrl+D). Ctrl+C ends the process as
 * it always does.
 */
export async function ask(question: string, hidden = false): Promise<string> {
  const { read } = await import('read');
  const { stdin: input, stderr: output } = process;
  // Whoever types Ctrl+D gives no line, but the input pauses; after a line it does so, too.
  const closed = once(input, 'pause').then(() => sleep(systemClock, 0));
  const answer = await Promise.race([
    read({ prompt: question, silent: hidden, input, output }).catch(onCtrlC),
    closed,
  ]);
  if (answer !== undefined) return answer;
  output.write('\n');
  throw new HydraError('HYDRA_ABORTED', 'Stopped at the question: the input was closed.');
}

/** Asks for yes or no; anything but yes is no. */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(`${question} [y/N]`)).trim());
}

/** While a line is typed, the terminal sends no signal for Ctrl+C: so it is sent here. */
function onCtrlC(): undefined {
  process.stderr.write('\n');
  process.kill(process.pid, 'SIGINT');
}

/** How a run went, in plain words. */
import { count, counted, duration, percent, share, threeDigits } from './format.js';
import { describeCause } from './retry-cause.js';
import type { ReportData } from './report-data.js';

/** Sentences that say how the run went, the most important first. */
export function summarize(data: ReportData): string[] {
  return [howFar(data), howFast(data), whatWasInTheWay(data)].filter(
    (sentence) => sentence !== undefined,
  );
}

function howFar({ requests, state }: ReportData): string {
  const { succeeded, failed, read, isWhole } = requests;
  const ended = succeeded + failed;
  const left = Math.max(0, read - ended);
  if (ended === 0) {
    return state === 'complete' ? 'There was nothing to ask.' : 'No request has an outcome yet.';
  }
  if (state === 'complete' && left === 0) return allOf(succeeded, failed);
  const of = isWhole ? `${counted(ended, 'request')} of ${count(read)}` : counted(ended, 'request');
  const have = ended === 1 ? 'has' : 'have';
  const failures = failed === 0 ? 'none of them failed' : `${count(failed)} of them failed`;
  return `The run is not finished: ${of} ${have} an outcome; ${failures}.`;
}

function allOf(succeeded: number, failed: number): string {
  const all = succeeded + failed;
  if (failed === 0) {
    return all === 1
      ? 'The one request was answered.'
      : `All ${count(all)} requests were answered.`;
  }
  if (succeeded === 0) {
    return all === 1 ? 'The one request failed.' : `All ${count(all)} requests failed.`;
  }
  return `${count(succeeded)} of ${counted(all, 'request')} were answered; ${count(failed)} failed for good (${share(failed, all)}).`;
}

function howFast({ sessions, traffic, appsInUse }: ReportData): string | undefined {
  const { activeMs, pausedMs, rate, used } = traffic;
  if (activeMs === 0) return undefined;
  const inSessions =
    sessions.length > 1
      ? ` in ${sessions.length} sessions${pausedMs >= 1000 ? `, with ${duration(pausedMs)} of pause between them` : ''}`
      : '';
  const ofAllowed =
    used === undefined ? '' : `: ${percent(used)} of what ${counted(appsInUse, 'app')} may send`;
  return `It took ${duration(activeMs)}${inSessions}, at ${threeDigits(rate)} accepted requests a second${ofAllowed}.`;
}

function whatWasInTheWay({ traffic, retries }: ReportData): string | undefined {
  const { attempts, refusals } = traffic;
  if (attempts === 0) return undefined;
  const refused =
    refusals === 0
      ? 'The server refused none (429, 503)'
      : `The server refused ${counted(refusals, 'attempt')} (429, 503; ${share(refusals, attempts)})`;
  const [first] = retries;
  if (first === undefined) return `${refused}, and none had to be sent again.`;
  const { name } = describeCause(first.cause);
  const most = retries.length > 1 ? ` (most often: ${name})` : ` (${name})`;
  return `${refused}; ${count(traffic.retries)} ${traffic.retries === 1 ? 'was' : 'were'} sent again${most}.`;
}

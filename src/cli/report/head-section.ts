/** What a reader sees first: which run, how it went, the main figures. */
import {
  bytes,
  count,
  counted,
  duration,
  percent,
  share,
  threeDigits,
  type TimeFormat,
} from './format.js';
import { html, type Html } from './html.js';
import type { ReportData } from './report-data.js';
import { summarize } from './summary.js';

const STATES: Readonly<Record<ReportData['state'], string>> = {
  complete: 'Complete',
  stopped: 'Stopped, can be resumed',
  // A process that was killed could not say so.
  running: 'Under way, or broken off',
};

/** Makes the head of the page. */
export function headSection(data: ReportData, time: TimeFormat): Html {
  const first = data.sessions[0];
  const last = data.sessions.at(-1);
  const when =
    first === undefined || last === undefined
      ? undefined
      : html`<span
          >${time.range(first.startedAtMs, Math.max(first.startedAtMs, last.endedAtMs))}
          (${time.timeZone})</span
        >`;
  return html`<header>
      <h1>Run report: ${data.api.name}</h1>
      <div class="meta">
        <span class="state state-${data.state}">${STATES[data.state]}</span>
        <span>${data.api.baseUrl}</span>${when}
      </div>
      <p class="lead">${summarize(data).join(' ')}</p>
    </header>
    <dl class="cards">${cards(data).map(card)}</dl>`;
}

interface Card {
  readonly label: string;
  readonly figure: string;
  readonly sub: string;
  readonly isBad?: boolean;
}

function card({ label, figure, sub, isBad = false }: Card): Html {
  return html`<div>
    <dt>${label}</dt>
    <dd class="figure${isBad ? ' bad' : ''}">${figure}</dd>
    <dd>${sub}</dd>
  </div>`;
}

function cards(data: ReportData): Card[] {
  const { requests, traffic, latency, sessions } = data;
  const { succeeded, failed, read, isWhole } = requests;
  const ended = succeeded + failed;
  const hasRun = traffic.activeMs > 0;
  const paused = traffic.pausedMs >= 1000 ? `, plus ${duration(traffic.pausedMs)} of pause` : '';
  return [
    {
      label: 'Answered',
      figure: count(succeeded),
      sub: isWhole
        ? `of ${counted(read, 'request')}`
        : `${count(read)} read from the source so far`,
    },
    {
      label: 'Failed for good',
      figure: count(failed),
      sub: failed === 0 ? 'none' : `${share(failed, ended)} of outcomes`,
      isBad: failed > 0,
    },
    {
      label: 'Duration',
      figure: hasRun ? duration(traffic.activeMs) : '–',
      sub: `${counted(sessions.length, 'session')}${paused}`,
    },
    {
      label: 'Allowed rate used',
      figure: traffic.used === undefined ? '–' : percent(traffic.used),
      sub: `${threeDigits(traffic.rate)} of ${threeDigits(traffic.allowedRate)} requests/s`,
    },
    {
      label: 'Refused (429, 503)',
      figure: count(traffic.refusals),
      sub: `of ${counted(traffic.attempts, 'attempt')}`,
      isBad: traffic.refusals > 0,
    },
    {
      label: 'Sent again',
      figure: count(traffic.retries),
      sub: `${share(traffic.retries, traffic.attempts)} of attempts`,
    },
    {
      label: 'Median latency',
      figure: latency.count === 0 ? '–' : duration(latency.p50Ms),
      sub: latency.count === 0 ? 'no answer' : `99% within ${duration(latency.p99Ms)}`,
    },
    {
      label: 'Data received',
      figure: bytes(traffic.bytes),
      sub: succeeded === 0 ? 'over the wire' : `${bytes(traffic.bytes / succeeded)} an answer`,
    },
  ];
}

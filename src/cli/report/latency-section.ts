/** How long answers took, and which took the longest. */
import { count, duration, percent, share, shorten, type TimeFormat } from './format.js';
import { html, type Html } from './html.js';
import type { ReportData, ReportLatency, SlowRequest } from './report-data.js';

/** Makes the section on latency. */
export function latencySection({ latency }: ReportData): Html {
  return html`<section aria-labelledby="latency">
    <h2 id="latency">Latency</h2>
    <p class="note">
      From sending the successful attempt to the last byte of its answer. Time in the queue and
      attempts before it do not count.
    </p>
    ${latency.count === 0 ? html`<p class="empty">No request was answered.</p>` : figures(latency)}
  </section>`;
}

function figures(latency: ReportLatency): Html {
  const { minMs, meanMs, p50Ms, p90Ms, p95Ms, p99Ms, maxMs, relativeError } = latency;
  const all: [label: string, ms: number][] = [
    ['fastest', minMs],
    ['median (p50)', p50Ms],
    ['p90', p90Ms],
    ['p95', p95Ms],
    ['p99', p99Ms],
    ['slowest', maxMs],
    ['mean', meanMs],
  ];
  const label = `Histogram of latency. Half of the answers took at most ${duration(p50Ms)}, 99% at most ${duration(p99Ms)}, the slowest ${duration(maxMs)}. The table below holds the figures.`;
  return html`<dl class="percentiles">
      ${all.map(
        ([name, ms]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${duration(ms)}</dd>
          </div>`,
      )}
    </dl>
    <figure>
      <div class="chart" id="latency-chart" role="img" aria-label="${label}"></div>
      <figcaption>
        <span class="with-js">Answers by latency, on a logarithmic scale.</span>
        Percentiles are within ${percent(relativeError)} of the exact ones; fastest, slowest and
        mean are exact.
      </figcaption>
    </figure>
    ${binsTable(latency)}`;
}

function binsTable({ bins, count: total }: ReportLatency): Html {
  let sum = 0;
  const rows = bins.map(({ fromMs, toMs, count: answers }) => {
    sum += answers;
    return html`<tr>
      <th scope="row">${duration(fromMs)} to ${duration(toMs)}</th>
      <td class="number">${count(answers)}</td>
      <td class="number">${share(answers, total)}</td>
      <td class="number">${share(sum, total)}</td>
    </tr>`;
  });
  return html`<details>
    <summary>Figures of this chart</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Latency in figures">
      <table>
        <caption>
          Answers by latency
        </caption>
        <thead>
          <tr>
            <th scope="col">Latency</th>
            <th scope="col" class="number">Answers</th>
            <th scope="col" class="number">Share</th>
            <th scope="col" class="number">Up to here</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** Makes the section on the slowest requests. */
export function slowestSection({ slowest }: ReportData, time: TimeFormat): Html | undefined {
  if (slowest.length === 0) return undefined;
  return html`<section aria-labelledby="slowest">
    <h2 id="slowest">Slowest answers</h2>
    <p class="note">The successful attempts that took the longest.</p>
    <div class="wide" tabindex="0" role="region" aria-label="Slowest answers">
      <table>
        <caption class="hidden">
          Slowest answers
        </caption>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">App</th>
            <th scope="col">Answered at</th>
            <th scope="col" class="number">Status</th>
            <th scope="col" class="number">Latency</th>
          </tr>
        </thead>
        <tbody>
          ${slowest.map((request) => slowRow(request, time))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function slowRow(request: SlowRequest, time: TimeFormat): Html {
  const { method, url, appId, endedAtMs, status, durationMs } = request;
  return html`<tr>
    <th scope="row"><code>${method} ${shorten(url, 160)}</code></th>
    <td>${shorten(appId, 40)}</td>
    <td class="when">${time.dateTime(endedAtMs)}</td>
    <td class="number">${status}</td>
    <td class="number">${duration(durationMs)}</td>
  </tr>`;
}

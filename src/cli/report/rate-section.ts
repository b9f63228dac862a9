/** Requests a second over time against what was allowed, and the sessions. */
import { count, duration, percent, threeDigits, type TimeFormat } from './format.js';
import { html, type Html } from './html.js';
import { numberCells, numberHeads } from './number-cells.js';
import type { ReportData, ReportSession } from './report-data.js';
import { rateAt } from './timeline.js';

/** Makes the section. */
export function rateSection(data: ReportData, time: TimeFormat): Html {
  const { timeline, sessions } = data;
  const isLimitedInTheLongRun = sessions.some((s) => s.sustainedRate < 0.99 * s.allowedRate);
  return html`<section aria-labelledby="rate">
    <h2 id="rate">Rate over time</h2>
    <p class="note">
      Outcomes a second, averaged over ${duration(timeline.bucketMs)}. Attempts that were refused or
      sent again are not in the lines.
    </p>
    ${timeline.points.length === 0 ? html`<p class="empty">No outcome is recorded.</p>` : chart(data, time, isLimitedInTheLongRun)}
    ${sessions.length === 0 ? undefined : sessionsTable(sessions, time)}
  </section>`;
}

function chart(data: ReportData, time: TimeFormat, isLimitedInTheLongRun: boolean): Html {
  const { points, bucketMs } = data.timeline;
  const most = Math.max(...points.map((p) => rateAt(p.succeeded + p.failed, p, bucketMs)));
  const label = `Chart of requests a second over time. The highest was ${threeDigits(most)} a second; ${threeDigits(data.traffic.allowedRate)} were allowed on average. The table below holds the figures.`;
  return html`<figure>
      <ul class="key" aria-hidden="true">
        <li><i class="answered"></i>answered</li>
        <li><i class="failed"></i>failed for good</li>
        <li><i class="allowed"></i>allowed by the apps’ shortest windows</li>
        ${isLimitedInTheLongRun ? html`<li><i class="sustained"></i>allowed in the long run</li>` : undefined}
      </ul>
      <div class="chart" id="rate-chart" role="img" aria-label="${label}"></div>
      <figcaption class="with-js">
        <span class="with-mouse"
          >Drag across the chart to look closer, double-click to go back.</span
        >
        ${data.sessions.length > 1 ? 'Pauses between sessions are grey; long ones are cut short.' : undefined}
      </figcaption>
    </figure>
    <details>
      <summary>Figures of this chart</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Outcomes over time">
        <table>
          <caption>
            Outcomes in each ${duration(bucketMs)}
          </caption>
          <thead>
            <tr>
              <th scope="col">From</th>
              ${numberHeads(['Answered', 'Failed', 'Outcomes/s'])}
            </tr>
          </thead>
          <tbody>
            ${points.map(
              (p) =>
                html`<tr>
                  <th scope="row">${time.dateTime(p.startMs)}</th>
                  ${numberCells([count(p.succeeded), count(p.failed), threeDigits(rateAt(p.succeeded + p.failed, p, bucketMs))])}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
}

function sessionsTable(sessions: readonly ReportSession[], time: TimeFormat): Html {
  return html`<h3>Sessions</h3>
    <p class="note">Attempts include those that were sent again.</p>
    <div class="wide scroll" tabindex="0" role="region" aria-label="Sessions">
      <table>
        <caption class="hidden">
          Sessions
        </caption>
        <thead>
          <tr>
            <th scope="col">Started</th>
            ${numberHeads(['Duration', 'Apps', 'Attempts', 'Answered', 'Failed', 'Refused', 'Rate', 'Allowed', 'Used'])}
          </tr>
        </thead>
        <tbody>
          ${sessions.map((session) => sessionRow(session, time))}
        </tbody>
      </table>
    </div>`;
}

function sessionRow(session: ReportSession, time: TimeFormat): Html {
  const { startedAtMs, endedAtMs, apps, attempts, refusals, allowedRequests } = session;
  const durationMs = Math.max(0, endedAtMs - startedAtMs);
  const perSecond = (requests: number): string =>
    durationMs === 0 ? '–' : `${threeDigits((requests * 1000) / durationMs)}/s`;
  const used = allowedRequests > 0 ? percent((attempts - refusals) / allowedRequests) : '–';
  return html`<tr>
    <th scope="row" class="when">${time.dateTime(startedAtMs)}</th>
    ${numberCells([
      duration(durationMs),
      count(apps),
      count(attempts),
      count(session.succeeded),
      count(session.failed),
      count(refusals),
      perSecond(attempts - refusals),
      perSecond(allowedRequests),
      used,
    ])}
  </tr>`;
}

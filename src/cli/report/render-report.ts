/** Puts the report's page together: one HTML file that asks no other host for anything. */
import { createHash } from 'node:crypto';
import { version } from '../../version.js';
import { appSection } from './app-section.js';
import { latencyChart, rateChart } from './chart-data.js';
import { chartScript } from './chart-script.js';
import { timeFormat } from './format.js';
import { headSection } from './head-section.js';
import { html, inlineJson, trusted, type Html } from './html.js';
import { latencySection, slowestSection } from './latency-section.js';
import { attemptSection, failureSection, retrySection, statusSection } from './outcome-sections.js';
import { pageStyle } from './page-style.js';
import { rateSection } from './rate-section.js';
import type { ReportData } from './report-data.js';
import { readUplot, type UplotFiles } from './uplot-files.js';

/** Options of {@link renderReport}. */
export interface RenderOptions {
  /**
   * The time zone that times are given in, an IANA name.
   *
   * @defaultValue that of the system
   */
  readonly timeZone?: string | undefined;
}

/** Makes the page. */
export function renderReport(data: ReportData, options: RenderOptions = {}): string {
  const timeZone = options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const time = timeFormat(timeZone);
  const uplot = readUplot();
  const scripts = [uplot.script, chartScript];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy(scripts)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>Run report: ${data.api.name}</title>
        <link rel="icon" href="data:," />
        ${trusted(`<style>${uplot.style}${pageStyle}</style>`)}
      </head>
      <body>
        <main>
          ${headSection(data, time)} ${rateSection(data, time)} ${latencySection(data)}
          <div class="columns">
            ${statusSection(data)} ${retrySection(data)} ${attemptSection(data)} ${appSection(data)}
          </div>
          ${failureSection(data)} ${slowestSection(data, time)}
        </main>
        ${footer(uplot)}
        <script type="application/json" id="chart-data">
          ${inlineJson(chartsOf(data, timeZone))}
        </script>
        ${scripts.map((script) => trusted(`<script>${script}</script>`))}
      </body>
    </html> `;
  return page.toString();
}

function chartsOf(data: ReportData, timeZone: string): Record<string, unknown> {
  return {
    rate: data.timeline.points.length === 0 ? undefined : rateChart(data, timeZone),
    latency: data.latency.count === 0 ? undefined : latencyChart(data),
  };
}

/** Runs our two scripts and no other, loads nothing. Bars carry their width in a style attribute. */
function contentPolicy(scripts: readonly string[]): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function footer(uplot: UplotFiles): Html {
  return html`<footer>
    <p>
      Made by ApiHydra ${version} from the run’s directory. The allowed rate is what the apps’
      limits admit together; “used” compares it with the attempts that the server did not refuse,
      while a session was at work. What the sessions sent is as of the last time that run.json was
      written.
    </p>
    <details>
      <summary>Licence of uPlot, which draws the charts</summary>
      <pre>${uplot.licence}</pre>
    </details>
  </footer>`;
}

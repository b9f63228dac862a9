/** What became of the requests: statuses, attempts, retries, failures. */
import { STATUS_CODES } from 'node:http';
import { hydraErrorCodes } from '../../errors.js';
import { barTable } from './bar-table.js';
import { count, share, shorten } from './format.js';
import { html, type Html } from './html.js';
import { describeCause } from './retry-cause.js';
import type { AttemptClass, FailureGroup, ReportData } from './report-data.js';

/** More kinds of failures are added up. */
const MAX_FAILURES = 20;

/** Makes the section on statuses. */
export function statusSection({ statuses, requests }: ReportData): Html {
  const total = requests.succeeded + requests.failed;
  const rows = statuses.map(({ status, isSuccess, requests: value }) => ({
    label: status === undefined ? 'No answer' : `${status} ${STATUS_CODES[status] ?? ''}`.trim(),
    sub: isSuccess ? undefined : 'failed for good',
    value,
    isBad: !isSuccess,
  }));
  return html`<section aria-labelledby="status">
    <h2 id="status">Answers by status</h2>
    ${total === 0 ? html`<p class="empty">No request has an outcome.</p>` : barTable({ caption: 'Requests by their last answer', labelHead: 'Status', valueHead: 'Requests', total, rows })}
  </section>`;
}

/** Makes the section on retries. */
export function retrySection({ retries, traffic }: ReportData): Html {
  const rows = retries.map(({ cause, times }) => {
    const { name, meaning } = describeCause(cause);
    return { label: name, sub: meaning, value: times };
  });
  return html`<section aria-labelledby="retries">
    <h2 id="retries">Retries by cause</h2>
    ${retries.length === 0 ? html`<p class="empty">No attempt had to be sent again.</p>` : barTable({ caption: 'Attempts that were sent again', labelHead: 'Cause', valueHead: 'Attempts', total: traffic.retries, rows })}
  </section>`;
}

/** Makes the section on how many attempts requests took. */
export function attemptSection({ attempts, requests }: ReportData): Html {
  const total = requests.succeeded + requests.failed;
  const rows = attempts.map((each) => ({ label: attemptsLabel(each), value: each.requests }));
  return html`<section aria-labelledby="attempts">
    <h2 id="attempts">Attempts per request</h2>
    ${total === 0 ? html`<p class="empty">No request has an outcome.</p>` : barTable({ caption: 'Attempts until the outcome; refused ones do not count', labelHead: 'Attempts', valueHead: 'Requests', total, rows })}
  </section>`;
}

function attemptsLabel({ from, to }: AttemptClass): string {
  if (from === 1) return '1 (at once)';
  if (to === undefined) return `${from} or more`;
  return from === to ? `${from}` : `${from} to ${to}`;
}

/** Makes the section on failures. */
export function failureSection({ failures, requests }: ReportData): Html | undefined {
  if (failures.length === 0) return undefined;
  const shown = failures.slice(0, MAX_FAILURES);
  const others = failures.slice(MAX_FAILURES).reduce((sum, group) => sum + group.requests, 0);
  return html`<section aria-labelledby="failures">
    <h2 id="failures">Failures</h2>
    <p class="note">
      Requests that failed for good, by reason, each with its first example. The file failures.jsonl
      lists all.
    </p>
    <div class="wide" tabindex="0" role="region" aria-label="Failures">
      <table>
        <caption class="hidden">
          Failures by reason
        </caption>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col">Example</th>
            <th scope="col" class="number">Requests</th>
            <th scope="col" class="number">Share</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map((group) => failureRow(group, requests.failed))}
        </tbody>
      </table>
    </div>
    ${others === 0 ? undefined : html`<p class="note">And ${count(others)} more for other reasons.</p>`}
  </section>`;
}

function failureRow({ code, status, requests, example }: FailureGroup, failed: number): Html {
  const meaning = (hydraErrorCodes as Readonly<Record<string, string>>)[code]?.replaceAll('`', '');
  const name =
    status === undefined ? code : `${code}, ${status} ${STATUS_CODES[status] ?? ''}`.trim();
  return html`<tr>
    <th scope="row"><span class="bad-text">${name}</span><span class="sub">${meaning}</span></th>
    <td>
      <code>${example.method} ${shorten(example.url, 200)}</code
      ><span class="sub">${shorten(example.message, 300)}</span>
    </td>
    <td class="number">${count(requests)}</td>
    <td class="number">${share(requests, failed)}</td>
  </tr>`;
}

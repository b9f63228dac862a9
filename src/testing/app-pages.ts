/** The website's pages about applications: section 2 of what is known of the 42 Intra. */
import type { RegisteredApp } from './app-registry.js';
import { escapeHtml } from './http-server.js';

/** The list of applications. */
export function listPage(appIds: readonly string[], csrfToken: string): string {
  const data = escapeHtml(JSON.stringify(appIds.map((id) => ({ id: Number(id) }))));
  return layout(
    csrfToken,
    `<h2>Your applications</h2><div class="apps-root" data='${data}'></div>`,
  );
}

/** What the page of one application shows. */
export interface AppPageFacts {
  readonly requestsLastHour: number;
  readonly maxPerHour: number;
  readonly maxPerSecond: number;
  readonly activeTokens: number;
  /** Milliseconds since the epoch. */
  readonly secretValidUntilMs: number;
}

/** One application. */
export function appPage(app: RegisteredApp, facts: AppPageFacts, csrfToken: string): string {
  const expiry = dayMonthYear(facts.secretValidUntilMs);
  const numbers: [string, number][] = [
    ['Active tokens', facts.activeTokens],
    ['Active users', 0],
    ['Total requests', app.totalRequests],
    ['Generated tokens', app.generatedTokens],
    ['Unique users', 0],
  ];
  return layout(
    csrfToken,
    `<div class="header"><div class="row"><div class="application-info"><span>${escapeHtml(app.name)}</span> <span>by student</span></div></div>
<code>${escapeHtml(app.redirectUri)}</code></div>
<div class="row"><h4>Credentials</h4>
${credential('UID', `data-app-uid-${app.id}`, app.uid)}
${credential('SECRET', `data-app-secret-${app.id}`, app.secret)}
<div class="rotation-actions">Valid until ${expiry}</div>
<div class="credential">${app.nextSecret ?? '-'}</div>
<div class="rotation-actions">${app.nextSecret === undefined ? '' : `Valid from ${expiry}`}</div></div>
<div class="application-desc">Scopes <span class="label label-primary">public</span></div>
<div class="application-desc">Rate limit <code>${facts.maxPerSecond}</code> requests per second</div>
<div class="row">
<h4>Requests last hour</h4><div><span>${facts.requestsLastHour}</span><span class="of"></span> / ${facts.maxPerHour}</div>
${numbers.map(([title, number]) => `<h4>${title}</h4><div>${number}</div>`).join('\n')}
</div>`,
  );
}

/** The page after a form that was not accepted. */
export function formPage(errors: string, csrfToken: string): string {
  return layout(
    csrfToken,
    `<form class="new_application"><div class="alert alert-danger">${escapeHtml(errors)}</div></form>`,
  );
}

/** A page with a title only. */
export function plainPage(title: string, csrfToken: string): string {
  return layout(csrfToken, `<h1>${escapeHtml(title)}</h1>`);
}

function credential(title: string, attribute: string, value: string): string {
  return `<label>${title}</label><div class="copy" data-copy="[${attribute}]" data-clipboard-text="${value}"></div>
<div class="credential" ${attribute}>${value}</div>`;
}

function layout(csrfToken: string, body: string): string {
  return `<!DOCTYPE html><html><head><meta name="csrf-token" content="${escapeHtml(csrfToken)}"></head><body>${body}</body></html>`;
}

function dayMonthYear(timeMs: number): string {
  const [year, month, day] = new Date(timeMs).toISOString().slice(0, 10).split('-');
  return `${day}/${month}/${year}`;
}

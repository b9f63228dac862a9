/** Proofs in words. */
import type { ToldWindow } from '../../limits/told-window.js';
import { duration } from '../report/format.js';
import { textTable } from '../text-table.js';
import type { Proof } from './prove-app.js';

/** The proofs of one API. */
export interface ApiProofs {
  readonly api: string;
  readonly path: string;
  readonly apps: readonly Proof[];
}

/** The table of an API. */
export function checkText({ api, path, apps }: ApiProofs): string {
  return [`${api}, GET ${path}`, ...table(apps), ''].join('\n');
}

function table(apps: readonly Proof[]): string[] {
  const rows = apps.map(({ app, ok, status, error, limits }) => [
    app,
    ok ? 'ok' : 'failed',
    status ?? '-',
    error ?? (limits.map(limitText).join(', ') || 'no limits told'),
  ]);
  return textTable([['app', '', 'status', ''], ...rows], [2]);
}

function limitText({ name, requests, perMs, remaining, resetMs }: ToldWindow): string {
  const of = requests === undefined ? '' : ` of ${requests}`;
  const left = remaining === undefined ? `${requests ?? '?'} allowed` : `${remaining}${of} left`;
  const each = perMs === undefined ? '' : ` in ${span(perMs)}`;
  const reset = resetMs === undefined ? '' : `, anew in ${span(resetMs)}`;
  return `${name}: ${left}${each}${reset}`;
}

function span(ms: number): string {
  return duration(ms).replaceAll('\u00a0', ' ');
}

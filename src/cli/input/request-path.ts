import { describeValue } from '../../errors.js';

// Control characters would be dropped from a URL, and so make another one of it.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x1f\x7f]/;

/** What is wrong with a request's path, as a sentence; `undefined` when nothing is. */
export function faultOfPath(path: unknown): string | undefined {
  if (typeof path !== 'string') return `Expected a path, got ${describeValue(path)}.`;
  if (CONTROL.test(path)) {
    return 'Expected a path without control characters; lines end in LF or CRLF.';
  }
  if (/^https?:\/\/./i.test(path) || /^\/(?!\/)/.test(path)) return undefined;
  // Of another URL only the begin is shown: the rest may hold a password.
  const shown = /^[^/]*:\/\//.exec(path)?.[0] ?? path;
  return `Expected a path that begins with one "/", or an http(s) URL, got ${describeValue(shown)}.`;
}

/** Pages that come again: the first for ever, where a server does not know the parameters, or the last. */
import { HydraError } from '../errors.js';
import type { Page } from './page.js';

/** Whether a page is another one once more. Mostly their first items tell. */
export function isSamePage({ items: first }: Page, { items: second }: Page): boolean {
  if (second.length === 0 || second.length !== first.length) return false;
  return second.every((item, n) => textOf(item) === textOf(first[n]));
}

/** Says so. */
export function samePage({ url }: Page): HydraError {
  return new HydraError(
    'HYDRA_PAGINATION',
    `Expected another page than the first at ${url}, got the same items: does the server know these parameters? Say \`style\` and \`parameters\`, or \`style: 'link'\` where the list comes as one page.`,
    { url, name: 'parameters' },
  );
}

function textOf(item: unknown): string {
  return JSON.stringify(item, digits);
}

/** JSON has no whole numbers of any length. */
function digits(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

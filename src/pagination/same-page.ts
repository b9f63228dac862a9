/** A server that does not know the parameters gives its first page for ever. */
import { HydraError } from '../errors.js';
import type { Page } from './page.js';

/** Whether the second page is the first one once more. */
export function isSamePage(first: Page, second: Page): boolean {
  if (second.items.length === 0) return false;
  return JSON.stringify(first.items, digits) === JSON.stringify(second.items, digits);
}

/** Says so. */
export function samePage({ url }: Page): HydraError {
  return new HydraError(
    'HYDRA_PAGINATION',
    `Expected another page than the first at ${url}, got the same items: does the server know these parameters? Say \`style\` and \`parameters\`, or \`style: 'link'\` where the list comes as one page.`,
    { url, name: 'parameters' },
  );
}

/** JSON has no whole numbers of any length. */
function digits(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

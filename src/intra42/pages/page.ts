import { load, type CheerioAPI } from 'cheerio';
import { HydraError } from '../../index.js';

/** A page of the website, as it came. */
export interface Page {
  /** Where it came from, redirects followed. */
  readonly url: string;
  readonly status: number;
  readonly body: string;
}

/** Parses a page's HTML. */
export function parsePage(page: Page): CheerioAPI {
  return load(page.body);
}

/** A value that must be on the page. `element` says which, for the error. */
export function required<T>(value: T | undefined | null | '', element: string, page: Page): T {
  if (value !== undefined && value !== null && value !== '') return value;
  throw notUnderstood(element, page);
}

/** The error for a page without an element that was expected in it. */
export function notUnderstood(element: string, page: Page): HydraError {
  const url = withoutQuery(page.url);
  return new HydraError(
    'HYDRA_PAGE_NOT_UNDERSTOOD',
    `Expected ${element} in the page ${url} (status ${page.status}), found none. The website may have changed.`,
    { name: element, url, status: page.status },
  );
}

/** A URL as it may be shown: queries of the sign-in hold codes. */
export function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

/** URLs of pages. */
import { HydraError } from '../errors.js';
import type { Paging } from './paging.js';

/** The URL with these query parameters in place of those of the same names. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
  return changed.href;
}

/** The URL of the first page, made of that of the list. */
export function firstPageUrl(url: string, paging: Paging): string {
  const { style, pageSize, parameters, firstPage } = paging;
  return withQuery(url, {
    ...(style === 'page' ? { [parameters.page]: String(firstPage) } : {}),
    ...(style === 'offset' ? { [parameters.offset]: '0' } : {}),
    ...(pageSize === undefined ? {} : { [parameters.size]: String(pageSize) }),
  });
}

/**
 * Where a page says that the next one is, made absolute.
 *
 * @throws HydraError `HYDRA_FOREIGN_ORIGIN` for another origin, `HYDRA_PAGINATION` for what is no URL.
 */
export function nextPageUrl(told: string, pageUrl: string): string {
  const url = URL.canParse(told, pageUrl) ? new URL(told, pageUrl) : undefined;
  if (url === undefined) {
    const message = `Expected ${pageUrl} to tell the URL of the next page, got one that cannot be understood.`;
    throw new HydraError('HYDRA_PAGINATION', message, { url: pageUrl });
  }
  const { origin } = new URL(pageUrl);
  if (url.origin !== origin) {
    throw new HydraError(
      'HYDRA_FOREIGN_ORIGIN',
      `Expected the page after ${pageUrl} at ${origin}, told is one at ${url.origin}: a token must not leave for another host.`,
      { url: pageUrl },
    );
  }
  return url.origin + url.pathname + url.search;
}

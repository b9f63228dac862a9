/** URLs of pages. */
import { HydraError } from '../errors.js';

/** The URL with these query parameters in place of those of the same names. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
  return changed.href;
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

/** The page's number in a URL. */
export function numberIn(url: string, name: string): number | undefined {
  const value = new URL(url).searchParams.get(name) ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

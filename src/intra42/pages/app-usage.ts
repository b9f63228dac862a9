import type { CheerioAPI } from 'cheerio';
import { parsePage, required, type Page } from './page.js';

/** How much of an application is used, as its page says. */
export interface AppUsage {
  readonly requestsLastHour: number;
  readonly maxPerHour: number;
  readonly activeTokens: number;
  readonly activeUsers: number;
  readonly totalRequests: number;
  readonly generatedTokens: number;
  readonly uniqueUsers: number;
}

/** {@link AppUsage}, as far as the page shows it. */
export type FoundAppUsage = { readonly [K in keyof AppUsage]: AppUsage[K] | undefined };

/** Which of the headings in the third row a value stands after, from 0. */
const headings: Readonly<Record<keyof AppUsage, number>> = {
  requestsLastHour: 0,
  maxPerHour: 0,
  activeTokens: 1,
  activeUsers: 2,
  totalRequests: 3,
  generatedTokens: 4,
  uniqueUsers: 5,
};

/** Reads what `/oauth/applications/:id` shows of the usage. */
export function findAppUsage($: CheerioAPI): FoundAppUsage {
  const row = $('div.row').eq(2);
  const after = (field: keyof AppUsage): ReturnType<typeof row.next> =>
    row.find('h4').eq(headings[field]).next();
  const number = (field: keyof AppUsage): number | undefined => wholeNumber(after(field).text());
  // The maximum is no element: it stands behind the second span, as "/ 1200".
  const afterSpan = after('maxPerHour').find('span').eq(1).get(0)?.nextSibling;
  const maximum = afterSpan && 'data' in afterSpan ? afterSpan.data : '';
  return {
    requestsLastHour: wholeNumber(after('requestsLastHour').find('span').first().text()),
    maxPerHour: wholeNumber(maximum.replace('/', '')),
    activeTokens: number('activeTokens'),
    activeUsers: number('activeUsers'),
    totalRequests: number('totalRequests'),
    generatedTokens: number('generatedTokens'),
    uniqueUsers: number('uniqueUsers'),
  };
}

/**
 * Reads the given fields, all of which must be there.
 *
 * @throws HydraError `HYDRA_PAGE_NOT_UNDERSTOOD`, naming the first that is missing.
 */
export function readAppUsage<K extends keyof AppUsage>(
  page: Page,
  fields: readonly K[],
): Pick<AppUsage, K> {
  const found = findAppUsage(parsePage(page));
  const entries = fields.map((field) => {
    const element = `${field} (after h4 number ${headings[field] + 1} of the third div.row)`;
    return [field, required(found[field], element, page)];
  });
  return Object.fromEntries(entries) as Pick<AppUsage, K>;
}

/** A number as a page shows it; `undefined` for any other text. */
export function wholeNumber(text: string): number | undefined {
  const digits = text.replace(/[\s,_]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

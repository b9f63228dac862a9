import type { CheerioAPI } from 'cheerio';
import type { Limit } from '../../index.js';
import { parsePage, required, type Page } from './page.js';

/** How much of an application is used, as its page says. */
interface AppUsage {
  readonly requestsLastHour: number;
  readonly maxPerHour: number;
  readonly activeTokens: number;
  readonly activeUsers: number;
  readonly totalRequests: number;
  readonly generatedTokens: number;
  readonly uniqueUsers: number;
}

/** What the page of an application holds. */
export interface AppPage {
  readonly uid: string;
  /** Secret. */
  readonly secret: string;
  /** Secret. The one that is accepted from the next rotation on, if there is one. */
  readonly nextSecret: string | undefined;
  readonly name: string;
  /** When the secrets expire, milliseconds since the epoch, as far as the page says. */
  readonly secretExpiresAtMs: number | undefined;
  readonly nextSecretExpiresAtMs: number | undefined;
  readonly redirectUri: string | undefined;
  readonly scopes: readonly string[];
  /** The limits that the page names; empty when it names none. */
  readonly limits: readonly Limit[];
  /** Absent when the page does not show it. */
  readonly usage: AppUsage | undefined;
}

/**
 * Reads `/oauth/applications/:id`. Name, uid and secret must be there; the rest is read where it is.
 *
 * @throws HydraError `HYDRA_PAGE_NOT_UNDERSTOOD`.
 */
export function readAppPage(page: Page, id: string): AppPage {
  const $ = parsePage(page);
  const credential = (index: number): string => $('div.credential').eq(index).text().trim();
  const copied = (name: string): string | undefined =>
    $(`div.copy[data-copy="[${name}-${id}]"]`).attr('data-clipboard-text');
  const nextSecret = credential(2);
  const usage = readUsage($);
  const perSecond = wholeNumber($('div.application-desc').eq(1).find('code').first().text());
  return {
    uid: required(
      copied('data-app-uid') ?? credential(0),
      `div.copy[data-copy="[data-app-uid-${id}]"]`,
      page,
    ),
    secret: required(
      copied('data-app-secret') ?? credential(1),
      `div.copy[data-copy="[data-app-secret-${id}]"]`,
      page,
    ),
    nextSecret: nextSecret === '' || nextSecret === '-' ? undefined : nextSecret,
    name: required(
      $('div.application-info span').first().text().trim(),
      'div.application-info span',
      page,
    ),
    secretExpiresAtMs: readDate($('div.rotation-actions').eq(0).text()),
    nextSecretExpiresAtMs: readDate($('div.rotation-actions').eq(1).text()),
    redirectUri: $('div.header code').first().text().trim() || undefined,
    scopes: $('.label-primary')
      .toArray()
      .map((label) => $(label).text().trim()),
    limits: readLimits(perSecond, usage?.maxPerHour),
    usage,
  };
}

function readLimits(perSecond: number | undefined, perHour: number | undefined): Limit[] {
  const limits: Limit[] = [];
  if (perSecond !== undefined && perSecond > 0) limits.push({ requests: perSecond, perMs: 1000 });
  if (perHour !== undefined && perHour > 0) limits.push({ requests: perHour, perMs: 3_600_000 });
  return limits;
}

function readUsage($: CheerioAPI): AppUsage | undefined {
  const row = $('div.row').eq(2);
  const valueOf = (index: number): number =>
    wholeNumber(row.find('h4').eq(index).next().text()) ?? 0;
  const hour = row.find('h4').first().next();
  const requestsLastHour = wholeNumber(hour.find('span').first().text());
  // The maximum is no element: it stands behind the second span, as "/ 1200".
  const afterSpan = hour.find('span').eq(1).get(0)?.nextSibling;
  const maxPerHour = wholeNumber(
    (afterSpan && 'data' in afterSpan ? afterSpan.data : '').replace('/', ''),
  );
  if (requestsLastHour === undefined || maxPerHour === undefined) return undefined;
  return {
    requestsLastHour,
    maxPerHour,
    activeTokens: valueOf(1),
    activeUsers: valueOf(2),
    totalRequests: valueOf(3),
    generatedTokens: valueOf(4),
    uniqueUsers: valueOf(5),
  };
}

function wholeNumber(text: string): number | undefined {
  const digits = text.replace(/[\s,_]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

function readDate(text: string): number | undefined {
  const [, day, month, year] = /(\d{2})\/(\d{2})\/(\d{4})/.exec(text) ?? [];
  return day === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day));
}

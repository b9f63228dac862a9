import type { CheerioAPI } from 'cheerio';
import { findAppUsage, wholeNumber, type FoundAppUsage } from './app-usage.js';
import { parsePage, required, type Page } from './page.js';

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
  readonly maxPerSecond: number | undefined;
  readonly usage: FoundAppUsage;
}

/**
 * Reads the name alone from `/oauth/applications/:id`: all that is asked of an app that is not ours.
 *
 * @throws HydraError `HYDRA_PAGE_NOT_UNDERSTOOD`.
 */
export function readAppName(page: Page): string {
  return nameIn(parsePage(page), page);
}

/**
 * Reads `/oauth/applications/:id`. Name, uid and secret must be there; the rest is read where it is.
 *
 * @throws HydraError `HYDRA_PAGE_NOT_UNDERSTOOD`.
 */
export function readAppPage(page: Page, id: string): AppPage {
  const $ = parsePage(page);
  const credential = (index: number): string => $('div.credential').eq(index).text().trim();
  // The button to copy it holds it whole; the text may one day be shortened.
  const copied = (what: string, index: number): string => {
    const button = `div.copy[data-copy="[${what}-${id}]"]`;
    const value = $(button).attr('data-clipboard-text')?.trim() || credential(index);
    return required(value, button, page);
  };
  const nextSecret = credential(2);
  return {
    uid: copied('data-app-uid', 0),
    secret: copied('data-app-secret', 1),
    nextSecret: nextSecret === '' || nextSecret === '-' ? undefined : nextSecret,
    name: nameIn($, page),
    secretExpiresAtMs: readDate($('div.rotation-actions').eq(0).text()),
    nextSecretExpiresAtMs: readDate($('div.rotation-actions').eq(1).text()),
    redirectUri: $('div.header code').first().text().trim() || undefined,
    scopes: $('label.label-primary, .label.label-primary')
      .toArray()
      .map((label) => $(label).text().trim()),
    maxPerSecond: wholeNumber($('div.application-desc').eq(1).find('code').first().text()),
    usage: findAppUsage($),
  };
}

function nameIn($: CheerioAPI, page: Page): string {
  const element = 'div.application-info span';
  return required($(element).first().text().trim(), element, page);
}

function readDate(text: string): number | undefined {
  const [, day, month, year] = /(\d{2})\/(\d{2})\/(\d{4})/.exec(text) ?? [];
  return day === undefined ? undefined : Date.UTC(Number(year), Number(month) - 1, Number(day));
}

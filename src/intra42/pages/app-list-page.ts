import { parsePage, required, type Page } from './page.js';

/** What the list of applications holds. */
export interface AppListPage {
  readonly ids: readonly string[];
  /** Wanted by every form of this session. */
  readonly csrfToken: string;
}

/**
 * Reads `/oauth/applications`.
 *
 * @throws HydraError `HYDRA_PAGE_NOT_UNDERSTOOD`.
 */
export function readAppListPage(page: Page): AppListPage {
  const $ = parsePage(page);
  const csrfToken = required(
    $('meta[name="csrf-token"]').attr('content'),
    'meta[name="csrf-token"]',
    page,
  );
  const data = required($('div.apps-root').attr('data'), 'div.apps-root[data]', page);
  return {
    ids: required(parseIds(data), 'a list of applications in div.apps-root[data]', page),
    csrfToken,
  };
}

/** Ids become parts of addresses: nothing else may be in them. */
function isId(id: unknown): boolean {
  return typeof id === 'number' || (typeof id === 'string' && /^[\w-]+$/.test(id));
}

function parseIds(data: string): string[] | undefined {
  try {
    const rows = JSON.parse(data) as unknown;
    if (!Array.isArray(rows)) return undefined;
    const ids = rows.map((row: { id?: unknown } | null) => row?.id);
    return ids.every(isId) ? ids.map(String) : undefined;
  } catch {
    return undefined;
  }
}

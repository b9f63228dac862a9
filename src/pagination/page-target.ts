/** What a page is asked for by: a URL, and with POST a body. Pure. */
import type { RunRequest } from '../run/run.js';
import { withAtPath } from './body-path.js';
import { withQuery } from './page-address.js';
import type { PageParameter, Paging } from './paging.js';

/** A page to ask for. */
export interface PageTarget {
  readonly url: string;
  /** With POST. */
  readonly json?: unknown;
}

/** A page of its own number, offset or cursor: they are put into the URL, with POST into the body. */
export function targetAt(
  paging: Paging,
  url: string,
  values: Readonly<Partial<Record<PageParameter, string | number | bigint>>> = {},
): PageTarget {
  const given = Object.entries(values) as [PageParameter, string | number | bigint][];
  const { parameters, post } = paging;
  if (post === undefined) {
    const query = given.map(([name, value]) => [parameters[name], String(value)] as const);
    return { url: withQuery(url, Object.fromEntries(query)) };
  }
  let { json } = post;
  for (const [name, value] of given) {
    // JSON has no whole numbers of any length.
    json = withAtPath(json, post.paths[name], typeof value === 'bigint' ? String(value) : value);
  }
  return { url, json };
}

/** The first page, made of the URL of the list. */
export function firstTarget(paging: Paging, url: string): PageTarget {
  const { style, pageSize, firstPage } = paging;
  return targetAt(paging, url, {
    ...(style === 'page' ? { page: firstPage } : {}),
    ...(style === 'offset' ? { offset: 0 } : {}),
    ...(pageSize === undefined ? {} : { size: pageSize }),
  });
}

/** How it is asked for. What is asked by POST is a question, so it may be asked twice. */
export function requestFor({
  json,
}: PageTarget): Pick<RunRequest, 'method' | 'json' | 'idempotent'> {
  return json === undefined ? {} : { method: 'POST', json, idempotent: true };
}

/** The same for the same page alone. */
export function keyOf({ url, json }: PageTarget): string {
  return json === undefined ? url : `${url} ${JSON.stringify(json)}`;
}

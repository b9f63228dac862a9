/** A real server with one list, given page by page in the ways of many APIs. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import {
  ApiHydra,
  bearerToken,
  defineApi,
  type ApiDefinition,
  type ApiHydraOptions,
  type PageRunOptions,
  type RunSummary,
} from '../../src/index.js';
import { keepingLogger } from '../simulation/hydra-on-virtual-time.js';
import { listenHttp } from '../transport/http-world.js';

export interface Item {
  readonly id: number;
}

/** A way to give pages: what is answered to a URL. */
type Way = (url: URL, items: readonly Item[], server: ListServer) => Answer;

interface Answer {
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

export interface ListServer {
  readonly origin: string;
  items: Item[];
  /** Larger pages are cut to this. */
  largestPage: number;
  /** Paths with queries, in the order in which they came; with POST, that word before and the body after it. */
  readonly asked: string[];
  /** Answers in place of the usual one; true when it did. */
  answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** While true, answers wait. */
  isHeld: boolean;
  release(): void;
}

export function itemsTo(count: number): Item[] {
  return Array.from({ length: count }, (_, id) => ({ id: id + 1 }));
}

/** Starts a server that stops with the test. */
export async function listServer(count: number): Promise<ListServer> {
  const waiting: (() => void)[] = [];
  const take = (request: IncomingMessage, response: ServerResponse, posted: string): void => {
    server.asked.push(`${posted === '' ? '' : 'POST '}${request.url}${posted}`);
    const reply = (): void => {
      if (server.answer?.(request, response) === true) return;
      const url = new URL(request.url ?? '/', origin);
      if (posted !== '') url.search = parametersIn(posted);
      const way = ways[url.pathname.slice(1)];
      const { body, headers = {} } = way?.(url, server.items, server) ?? { body: null };
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (server.isHeld) waiting.push(reply);
    else reply();
  };
  const { origin } = await listenHttp((request, response) => {
    request.resume();
    if (request.method === 'POST') void text(request).then((body) => take(request, response, body));
    else take(request, response, '');
  });
  const server: ListServer = {
    origin,
    items: itemsTo(count),
    largestPage: 100,
    asked: [],
    answer: undefined,
    isHeld: false,
    release() {
      server.isHeld = false;
      for (const go of waiting.splice(0)) go();
    },
  };
  return server;
}

/** What a posted query says of pages: POST takes nothing from the URL. */
function parametersIn(posted: string): string {
  const query = JSON.parse(posted) as { readonly variables?: object };
  const scalars = Object.entries({ ...query, ...query.variables }).filter(
    ([, value]) => typeof value !== 'object',
  );
  return new URLSearchParams(
    Object.fromEntries(scalars.map(([name, value]) => [name, String(value)])),
  ).toString();
}

/** A hydra for it, finished with the test. */
export function hydraOf(
  { origin }: Pick<ListServer, 'origin'>,
  definition: Partial<ApiDefinition> = {},
  options: Partial<ApiHydraOptions> = {},
): { readonly hydra: ApiHydra; readonly log: string[] } {
  const { logger, lines } = keepingLogger();
  const api = defineApi({
    name: 'test',
    baseUrl: origin,
    limits: [{ requests: 100_000, perMs: 1000 }],
    auth: bearerToken(),
    ...definition,
  });
  const hydra = new ApiHydra({
    api,
    apps: [{ id: 'a', credentials: { token: 'the-secret-token' } }],
    appsFile: false,
    store: false,
    minRequestDelayMs: 0,
    retryDelayMs: 1,
    maxRetries: 1,
    maxNotFoundRetries: 0,
    logger,
    ...options,
  });
  onTestFinished(() => hydra.finish());
  return { hydra, log: lines };
}

/** Carries a run out with a hydra of its own, as a process of its own would. */
export async function carryOut(
  server: ListServer,
  list: string,
  options: PageRunOptions,
): Promise<RunSummary> {
  const { hydra } = hydraOf(server);
  try {
    return await hydra.runPages(list, options).done;
  } finally {
    await hydra.finish();
  }
}

/** All that an iterable gives. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

function cut(
  url: URL,
  items: readonly Item[],
  { largestPage }: ListServer,
  sizeName = 'per_page',
): { size: number; number: number; last: number; page: readonly Item[] } {
  const asked = Number(url.searchParams.get(sizeName) ?? 10);
  const size = Math.min(asked, largestPage);
  const number = Number(url.searchParams.get('page') ?? 1);
  const from = (number - 1) * size;
  const last = Math.max(1, Math.ceil(items.length / size));
  return { size, number, last, page: items.slice(from, from + size) };
}

function at(url: URL, parameters: Record<string, string>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
  return changed.href;
}

/** After an item's id, as keyset pagination has it. */
function after(url: URL, name: string, items: readonly Item[], sizeName: string) {
  const size = Number(url.searchParams.get(sizeName) ?? 10);
  const id = Number(url.searchParams.get(name) ?? 0);
  const rest = items.filter((item) => item.id > id);
  const page = rest.slice(0, size);
  return { page, hasMore: rest.length > size, lastId: String(page.at(-1)?.id ?? '') };
}

const ways: Readonly<Record<string, Way | undefined>> = {
  /** The 42 Intra's headers, without its Link. */
  totals(url, items, server) {
    const { size, page } = cut(url, items, server);
    return { body: page, headers: { 'x-total': String(items.length), 'x-per-page': String(size) } };
  },
  /** By number, and only how many pages there are is told. */
  pages(url, items, server) {
    const { last, page } = cut(url, items, server);
    return { body: page, headers: { 'x-total-pages': String(last) } };
  },
  /** By number, and nothing is told. */
  plain: (url, items, server) => ({ body: cut(url, items, server).page }),
  /** By number; any number behind the last page gives that one: Django's `get_page()`. */
  clamped(url, items, server) {
    const { number, last } = cut(url, items, server);
    return ways['plain']!(
      new URL(at(url, { page: String(Math.min(number, last)) })),
      items,
      server,
    );
  },
  /** GitHub: Link with next and last. */
  links(url, items, server) {
    const { number, last, page } = cut(url, items, server);
    const rels = [
      ...(number > 1 ? [`<${at(url, { page: '1' })}>; rel="first"`] : []),
      ...(number < last ? [`<${at(url, { page: String(number + 1) })}>; rel="next"`] : []),
      ...(number < last ? [`<${at(url, { page: String(last) })}>; rel="last"`] : []),
    ];
    return { body: page, ...(rels.length === 0 ? {} : { headers: { link: rels.join(', ') } }) };
  },
  /** GitLab: X-Next-Page, empty on the last one. */
  gitlab(url, items, server) {
    const { number, last, page } = cut(url, items, server);
    return { body: page, headers: { 'x-next-page': number < last ? String(number + 1) : '' } };
  },
  /** GitLab's keyset pagination: Link with next alone. */
  keyset(url, items) {
    const { page, hasMore, lastId } = after(url, 'id_after', items, 'per_page');
    if (!hasMore) return { body: page };
    return { body: page, headers: { link: `<${at(url, { id_after: lastId })}>; rel="next"` } };
  },
  offset(url, items, { largestPage }) {
    const limit = Math.min(Number(url.searchParams.get('limit') ?? 10), largestPage);
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const results = items.slice(offset, offset + limit);
    return { body: { meta: { total: items.length }, results } };
  },
  /** Notion. */
  notion(url, items) {
    const { page, hasMore, lastId } = after(url, 'start_cursor', items, 'page_size');
    return { body: { results: page, has_more: hasMore, next_cursor: hasMore ? lastId : null } };
  },
  /** Reddit. */
  reddit(url, items) {
    const { page, hasMore, lastId } = after(url, 'after', items, 'limit');
    return { body: { kind: 'Listing', data: { after: hasMore ? lastId : null, children: page } } };
  },
  /** Shopify: Link with next alone, to a page that takes no other parameters. */
  shopify(url, items) {
    const { page, hasMore, lastId } = after(url, 'page_info', items, 'limit');
    const next = `${url.origin}${url.pathname}?limit=${url.searchParams.get('limit')}`;
    const link = `<${next}&page_info=${lastId}>; rel="next"`;
    return { body: { products: page }, ...(hasMore ? { headers: { link } } : {}) };
  },
  /** A connection as GraphQL has it. */
  graphql(url, items) {
    const { page, hasMore, lastId } = after(url, 'after', items, 'first');
    const pageInfo = { hasNextPage: hasMore, endCursor: lastId };
    return { body: { data: { things: { nodes: page, pageInfo } } } };
  },
  /** Stripe. */
  stripe(url, items) {
    const { page, hasMore } = after(url, 'starting_after', items, 'limit');
    return { body: { object: 'list', data: page, has_more: hasMore } };
  },
  /** A cursor in a header. */
  header(url, items) {
    const { page, hasMore, lastId } = after(url, 'cursor', items, 'limit');
    return { body: page, headers: hasMore ? { 'x-next-cursor': lastId } : {} };
  },
  /** A relative URL in the body. */
  next(url, items) {
    const { page, hasMore, lastId } = after(url, 'after', items, 'limit');
    const next = new URL(at(url, { after: lastId }));
    return { body: { data: page, links: { next: hasMore ? next.pathname + next.search : null } } };
  },
  /** A list of which there is no more. */
  whole: (_url, items) => ({ body: items }),
};

/** Lists that are asked for with POST: what tells pages apart is in the body. */
import { describe, expect, it } from 'vitest';
import { notion } from '../../src/apis/index.js';
import {
  readItems,
  type ListOptions,
  type PageRunOptions,
  type PaginateOptions,
  type PaginationOptions,
} from '../../src/index.js';
import { folder } from '../run/run-setting.js';
import { all, carryOut, hydraOf, itemsTo, listServer, type Item } from './list-server.js';

type Pages = PaginationOptions & Pick<ListOptions, 'method' | 'json'>;

const filter = { property: 'Done', checkbox: { equals: true } };
const notionPages = { method: 'POST', ...notion().pagination } as const;

const ways: readonly (readonly [string, Pages])[] = [
  ['/notion', { ...notionPages, json: { filter } }],
  [
    '/graphql',
    {
      method: 'POST',
      json: { query: 'query ($after: String) { things { nodes { id } } }' },
      cursor: { path: 'data.things.pageInfo.endCursor' },
      more: 'data.things.pageInfo.hasNextPage',
      items: 'data.things.nodes',
      parameters: { cursor: 'variables.after', size: 'variables.first' },
    },
  ],
  ['/totals', { method: 'POST', style: 'page' }],
  ['/plain', { method: 'POST', style: 'page' }],
  ['/offset', { method: 'POST', style: 'offset', total: 'meta.total', json: { sort: ['id'] } }],
  ['/header', { method: 'POST', cursor: { header: 'x-next-cursor' }, json: {} }],
];

describe('a list that is asked for with POST', () => {
  it.each(ways)('comes as a whole, in order (%s, %j)', async (path, options) => {
    const server = await listServer(0);
    const { hydra, log } = hydraOf(server);
    for (const total of [0, 1, 5, 10, 23]) {
      server.items = itemsTo(total);
      const pages = hydra.paginate<Item>(path, { ...options, pageSize: 5 });
      expect(await all(pages)).toEqual(server.items);
      expect(pages.moved).toBeUndefined();
    }
    expect(server.asked.filter((one) => !one.startsWith(`POST ${path}{`))).toEqual([]);
    expect(log).toEqual([]);
  });

  it('is asked for as the documentation of Notion has it', async () => {
    const server = await listServer(12);
    const { hydra } = hydraOf(server, { pagination: notion().pagination ?? {} });
    const json = { filter, sorts: [{ property: 'Name' }] };
    const pages = hydra.paginate<Item>('/notion', { method: 'POST', json, pageSize: 5 });
    await pages.next();
    // What becomes of the caller's object is no matter.
    json.sorts.pop();
    await all(pages);
    const body = { filter, sorts: [{ property: 'Name' }], page_size: 5 };
    expect(
      server.asked.map((one) => JSON.parse(one.slice('POST /notion'.length)) as unknown),
    ).toEqual([body, { ...body, start_cursor: '5' }, { ...body, start_cursor: '10' }]);
    // Its other lists are asked for with GET.
    server.asked.length = 0;
    expect(await all(hydra.paginate('/notion', { pageSize: 10 }))).toEqual(server.items);
    expect(server.asked).toEqual(['/notion?page_size=10', '/notion?page_size=10&start_cursor=10']);
  });

  it('is asked for again where a GET would be', async () => {
    const server = await listServer(12);
    const { hydra } = hydraOf(server);
    let broken = 0;
    server.answer = ({ socket }) => {
      if (server.asked.length % 2 === 0) return false;
      broken += 1;
      socket.resetAndDestroy();
      return true;
    };
    expect(await all(hydra.paginate('/notion', { ...notionPages, pageSize: 5 }))).toEqual(
      server.items,
    );
    expect(broken).toBe(3);
  });

  it.each(ways)('goes on in a run where it was stopped (%s, %j)', async (path, options) => {
    const server = await listServer(23);
    const directory = folder();
    const given = { ...options, directory, pageSize: 5 };
    const abort = new AbortController();
    server.answer = () => {
      if (server.asked.length >= 3) abort.abort();
      return false;
    };
    await carryOut(server, path, { ...given, signal: abort.signal });
    server.answer = undefined;
    expect(await carryOut(server, path, given)).toMatchObject({ isComplete: true, failed: 0 });
    const { items } = options;
    expect(await all(readItems(directory, items === undefined ? {} : { items }))).toEqual(
      server.items,
    );
    expect(new Set(server.asked).size).toBe(server.asked.length);
    const asked = server.asked.length;
    expect(await carryOut(server, path, given)).toMatchObject({ isComplete: true });
    expect(server.asked).toHaveLength(asked);
  });

  it('does not go on in a run with another query', async () => {
    const server = await listServer(12);
    const given = { ...notionPages, directory: folder(), pageSize: 5 };
    await carryOut(server, '/notion', { ...given, json: { filter } });
    await expect(carryOut(server, '/notion', given)).rejects.toMatchObject({
      code: 'HYDRA_SOURCE_CHANGED',
    });
  });

  it('is told of when its cursor repeats for ever, also where the server does not know the parameter', async () => {
    const server = await listServer(12);
    const { hydra } = hydraOf(server);
    const parameters = { cursor: 'cursor', size: 'page_size' };
    const pages = hydra.paginate('/notion', { ...notionPages, parameters, pageSize: 5 });
    await expect(all(pages)).rejects.toMatchObject({
      code: 'HYDRA_PAGINATION',
      facts: { name: 'cursor' },
    });
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    [{ method: 'PUT' }, 'method'],
    [{ json: {} }, 'method'],
    [{ method: 'GET', json: {} }, 'method'],
    [{ method: 'POST', json: [] }, 'json'],
    [{ method: 'POST', json: { toJSON: () => undefined } }, 'json'],
    [{ method: 'POST', parameters: { cursor: 'a b' } }, 'parameters.cursor'],
    [{ method: 'POST', json: { a: 'x' }, pageSize: 5, parameters: { size: 'a.b' } }, 'json'],
  ])('is refused at once: %j', async (options, name) => {
    const { hydra } = hydraOf(await listServer(1));
    const refused = expect.objectContaining({ code: 'HYDRA_INVALID_OPTION', facts: { name } });
    expect(() => hydra.paginate('/plain', options as PaginateOptions)).toThrow(refused);
    const run = { ...options, directory: folder() } as PageRunOptions;
    expect(() => hydra.runPages('/plain', run)).toThrow(refused);
  });
});

/** Servers that filter a page after they have cut it give pages without items in the middle. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readItems, type PaginateOptions } from '../../src/index.js';
import { all, hydraOf, listServer, type ListServer } from './list-server.js';

type Way = 'link' | 'link-last' | 'next-url' | 'cursor';

/** A list of which page n (from 1) has the item n, if it is not one of the empty ones. */
async function sparseServer(way: Way, last: number, empty: readonly number[]): Promise<ListServer> {
  const server = await listServer(0);
  const pageUrl = (n: number): string => `${server.origin}/x?page=${n}`;
  server.answer = (request, response) => {
    const n = Number(new URL(request.url ?? '/', server.origin).searchParams.get('page') ?? 1);
    const data = empty.includes(n) ? [] : [{ id: n }];
    const next = n < last ? n + 1 : undefined;
    const links = [
      ...(next === undefined ? [] : [`<${pageUrl(next)}>; rel="next"`]),
      ...(way === 'link-last' && n < last ? [`<${pageUrl(last)}>; rel="last"`] : []),
    ];
    const isLink = way.startsWith('link') && links.length > 0;
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(isLink ? { link: links.join(', ') } : {}),
    });
    const told = way === 'cursor' ? next : next && pageUrl(next);
    response.end(JSON.stringify(way.startsWith('link') ? data : { data, next: told ?? null }));
    return true;
  };
  return server;
}

const ways: readonly (readonly [Way, PaginateOptions])[] = [
  ['link', {}],
  ['link-last', {}],
  ['next-url', {}],
  ['cursor', { cursor: { path: 'next' }, parameters: { cursor: 'page' } }],
];

describe('a page without items that tells the next one', () => {
  it.each(ways)('is gone past (%s)', async (way, options) => {
    const server = await sparseServer(way, 5, [1, 3]);
    const { hydra } = hydraOf(server);
    expect(await all(hydra.paginate('/x', options))).toEqual([{ id: 2 }, { id: 4 }, { id: 5 }]);
    const other = await sparseServer(way, 5, [3, 5]);
    const ofOther = hydraOf(other).hydra.paginate('/x', options);
    expect(await all(ofOther)).toEqual([{ id: 1 }, { id: 2 }, { id: 4 }]);
  });

  it.each(ways)('is gone past by a run, too (%s)', async (way, options) => {
    const server = await sparseServer(way, 5, [1, 3]);
    const { hydra } = hydraOf(server);
    const directory = await mkdtemp(path.join(tmpdir(), 'apihydra-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const { cursor, parameters } = options;
    await hydra.runPages('/x', { directory, cursor, parameters }).done;
    const items = await all(readItems(directory, way.startsWith('link') ? {} : { items: 'data' }));
    expect(items).toEqual([{ id: 2 }, { id: 4 }, { id: 5 }]);
  });

  it('is the end where the caller says so', async () => {
    const { hydra } = hydraOf(await sparseServer('link', 5, [3]));
    const pages = hydra.paginate('/x', { untilEmpty: true });
    expect(await all(pages)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('is told of when a hundred more come, so that it has an end', async () => {
    const none = Array.from({ length: 1000 }, (_, n) => n + 2);
    const server = await sparseServer('link', 1000, none);
    const { hydra } = hydraOf(server);
    await expect(all(hydra.paginate('/x'))).rejects.toMatchObject({
      code: 'HYDRA_PAGINATION',
      facts: { name: 'untilEmpty' },
    });
    expect(server.asked.length).toBe(102);
  });
});

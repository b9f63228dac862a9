import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { github, gitlab, notion, reddit, shopify, stripe } from '../../src/apis/index.js';
import { readItems, type PageMoved, type PaginateOptions } from '../../src/index.js';
import { hydraFor, standIn } from '../intra42/setting.js';
import { folder } from '../run/run-setting.js';
import { all, carryOut, hydraOf, itemsTo, listServer, type Item } from './list-server.js';

/** How each of the server's lists is gone through. */
const styles: readonly (readonly [string, PaginateOptions<Item>])[] = [
  ['/totals', {}],
  ['/totals', { style: 'page' }],
  ['/pages', {}],
  ['/plain', { style: 'page' }],
  ['/links', {}],
  ['/links', { style: 'page' }],
  ['/gitlab', {}],
  ['/keyset', {}],
  ['/offset', { style: 'offset', total: 'meta.total' }],
  ['/offset', { style: 'offset', items: 'results' }],
  [
    '/notion',
    {
      cursor: { path: 'next_cursor' },
      parameters: { cursor: 'start_cursor', size: 'page_size' },
    },
  ],
  [
    '/stripe',
    { cursor: { ofLastItem: 'id' }, more: 'has_more', parameters: { cursor: 'starting_after' } },
  ],
  ['/stripe', { cursor: { ofLastItem: 'id' }, parameters: { cursor: 'starting_after' } }],
  ['/header', { cursor: { header: 'X-Next-Cursor' } }],
  ['/next', { parameters: { size: 'limit' } }],
  ['/next', { next: 'links.next', items: 'data' }],
];

describe('paginate', () => {
  it.each(styles)('gives all items of %s with %j, in order, each once', async (path, options) => {
    const server = await listServer(0);
    const { hydra, log } = hydraOf(server);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 13 }),
        fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
        async (total, pageSize, ahead) => {
          server.items = itemsTo(total);
          const given = ahead === undefined ? {} : { ahead };
          const pages = hydra.paginate<Item>(path, { ...options, pageSize, ...given });
          expect(await all(pages)).toEqual(server.items);
          expect(pages.moved).toBeUndefined();
        },
      ),
      { numRuns: 12 },
    );
    expect(log).toEqual([]);
  });

  it.each(styles)('takes the page size of the server for %s with %j', async (path, options) => {
    const server = await listServer(47);
    server.largestPage = 7;
    const { hydra } = hydraOf(server);
    expect(await all(hydra.paginate(path, { ...options, pageSize: 20 }))).toEqual(server.items);
    expect(await all(hydra.paginate(path, options))).toEqual(server.items);
  });

  it('asks for each page once where the total is known, and for none behind the last', async () => {
    for (const path of ['/totals', '/links']) {
      const server = await listServer(45);
      const { hydra } = hydraOf(server);
      await all(hydra.paginate(path, { pageSize: 10 }));
      const pages = server.asked.map((url) => new URL(url, server.origin).searchParams.get('page'));
      expect(pages).toEqual([null, '2', '3', '4', '5']);
    }
  });

  it.each([
    ['/totals', {}],
    ['/links', {}],
    ['/offset', { style: 'offset', total: 'meta.total' }],
  ] as const)(
    'asks for pages side by side once the first one of %s tells how many there are',
    async (path, options) => {
      const server = await listServer(95);
      const { hydra } = hydraOf(server);
      const pages = hydra.paginate<Item>(path, { ...options, pageSize: 10, ahead: 4 });
      server.answer = () => {
        server.isHeld = true;
        return false;
      };
      const first = await pages.next();
      // Four more, of which none was answered.
      await vi.waitFor(() => expect(server.asked.length).toBeGreaterThanOrEqual(5));
      expect(server.asked).toHaveLength(5);
      server.answer = undefined;
      server.release();
      expect([first.value, ...(await all(pages))]).toEqual(server.items);
    },
  );

  it('asks for nothing before the first item is wanted', async () => {
    const server = await listServer(10);
    const { hydra } = hydraOf(server);
    const pages = hydra.paginate('/totals');
    await pages.return();
    expect(await all(pages)).toEqual([]);
    expect(server.asked).toEqual([]);
  });

  it('asks for no more pages ahead of the caller than it may, and for none once left', async () => {
    const server = await listServer(1000);
    const { hydra } = hydraOf(server);
    let [seen, most] = [0, 0];
    for await (const item of hydra.paginate<Item>('/totals', { pageSize: 10, ahead: 5 })) {
      seen = item.id;
      if (seen % 10 === 1) await hydra.join();
      most = Math.max(most, server.asked.length - Math.ceil(seen / 10));
      if (seen === 205) break;
    }
    expect(most).toBe(5);
    expect(server.asked).toHaveLength(21 + 5);
    await hydra.join();
    expect(server.asked).toHaveLength(26);
    expect(hydra.stats).toMatchObject({ waiting: 0, inFlight: 0 });
  });

  it('lets go of what is under way when it is left', async () => {
    const server = await listServer(100);
    const { hydra } = hydraOf(server);
    const pages = hydra.paginate<Item>('/totals', { pageSize: 10 });
    await pages.next();
    server.isHeld = true;
    for (let id = 2; id <= 10; id++) await pages.next();
    await pages.return();
    // Nothing waits for the answers that are held back.
    await hydra.join();
    expect(hydra.stats).toMatchObject({ waiting: 0, inFlight: 0 });
    server.release();
  });

  it('asks at most three pages for nothing where the total is not known', async () => {
    const server = await listServer(95);
    const { hydra } = hydraOf(server);
    await all(hydra.paginate('/plain', { style: 'page', pageSize: 10 }));
    expect(server.asked.length).toBeGreaterThanOrEqual(10);
    expect(server.asked.length).toBeLessThanOrEqual(13);
  });

  it('asks one page after the other by cursor, one ahead of the caller', async () => {
    const server = await listServer(50);
    const { hydra } = hydraOf(server);
    const options = { cursor: { header: 'x-next-cursor' }, pageSize: 10 } as const;
    for await (const item of hydra.paginate<Item>('/header', options)) {
      await hydra.join();
      expect(server.asked.length).toBeLessThanOrEqual(Math.ceil(item.id / 10) + 1);
    }
    expect(server.asked).toHaveLength(5);
  });

  it('leaves no trace in getResponses(), failures() and their kin', async () => {
    const server = await listServer(30);
    const { hydra } = hydraOf(server);
    await all(hydra.paginate('/totals'));
    await hydra.get('/whole');
    expect(await hydra.getResponses()).toHaveLength(1);
    expect(await hydra.failures()).toEqual([]);
  });

  it('takes the whole list where nothing tells of more', async () => {
    const server = await listServer(30);
    const { hydra } = hydraOf(server);
    expect(await all(hydra.paginate('/whole'))).toEqual(server.items);
    expect(server.asked).toEqual(['/whole']);
  });

  it.each(['/totals', '/links', '/pages', '/gitlab'])(
    'begins %s with the page that its URL names, where nothing else was said',
    async (path) => {
      const server = await listServer(47);
      const { hydra, log } = hydraOf(server);
      const pages = hydra.paginate<Item>(`${path}?page=3`, { pageSize: 10 });
      expect(await all(pages)).toEqual(server.items.slice(20));
      const run = { directory: folder(), pageSize: 10 };
      await hydra.runPages(`${path}?page=3`, run).done;
      expect(await all(readItems(run.directory))).toEqual(server.items.slice(20));
      expect(log).toEqual([]);
    },
  );

  it('sends query, headers and the like with each page', async () => {
    const server = await listServer(30);
    const { hydra } = hydraOf(server);
    const agents: unknown[] = [];
    server.answer = (request) => agents.push(request.headers['x-mine']) < 0;
    const options = { query: { sort: 'a,b' }, headers: { 'x-mine': 'yes' }, pageSize: 15 };
    await all(hydra.paginate('/totals?x=1', options));
    expect(server.asked).toEqual([
      '/totals?x=1&sort=a%2Cb&per_page=15',
      '/totals?x=1&sort=a%2Cb&per_page=15&page=2',
    ]);
    expect(agents).toEqual(['yes', 'yes']);
  });

  it('goes through a list of the 42 Intra in its own spelling, 100 a page, side by side', async () => {
    const intra = await standIn({ users: 1050, limits: [{ requests: 100, perMs: 1000 }] });
    const hydra = hydraFor(intra, { minRequestDelayMs: 0, store: false });
    await hydra.setNumberOfApps(2);
    const users = await all(hydra.paginate<{ login: string }>('/campus/51/users'));
    expect(users.map(({ login }) => login)).toEqual(
      Array.from({ length: 1050 }, (_, index) => intra.user(index)?.login),
    );
    expect(intra.account.totals.accepted).toBe(11);
    const byLink = hydra.paginate('/users', { style: 'link', parameters: { size: 'per_page' } });
    expect(await all(byLink)).toHaveLength(1050);
    expect(intra.account.totals.accepted).toBe(22);
  });
});

describe('a ready definition', () => {
  it.each([
    [notion(), '/notion'],
    [stripe(), '/stripe'],
    [reddit({ userAgent: 'node:x:1 (by /u/x)' }), '/reddit'],
    [shopify({ shop: 'x.myshopify.com', version: '2025-01' }), '/shopify'],
    [github(), '/links'],
    [gitlab(), '/gitlab'],
    [gitlab(), '/keyset'],
  ])('of $name knows how its lists come (%s)', async ({ pagination }, path) => {
    const server = await listServer(230);
    const { hydra } = hydraOf(server, pagination === undefined ? {} : { pagination });
    expect(await all(hydra.paginate(path, { pageSize: 100 }))).toEqual(server.items);
    expect(server.asked).toHaveLength(3);
  });
});

describe('a list that is changed meanwhile', () => {
  it('is noticed by its total, told once in the log, and each time to who listens', async () => {
    const server = await listServer(40);
    const { hydra, log } = hydraOf(server);
    const moves: PageMoved[] = [];
    const onMoved = (moved: PageMoved): void => void moves.push(moved);
    const pages = hydra.paginate<Item>('/totals', { pageSize: 10, ahead: 1, onMoved });
    const seen: number[] = [];
    for await (const { id } of pages) {
      seen.push(id);
      if (id === 1) await hydra.join();
      if (id === 5) server.items = server.items.slice(3);
    }
    expect(pages.moved).toMatchObject({ kind: 'total-changed', page: 3, expected: 40, got: 37 });
    expect(pages.total).toBe(37);
    expect(moves[0]).toBe(pages.moved);
    expect(log.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    // What slipped from one page to the one before was not there to be read.
    expect(seen.filter((id) => id > 20)).toEqual(
      itemsTo(40)
        .slice(23)
        .map(({ id }) => id),
    );
  });

  it('is noticed by a page in the middle that is too short', async () => {
    const server = await listServer(40);
    const { hydra } = hydraOf(server);
    server.answer = (request, response) => {
      if (!request.url?.includes('page=2')) return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(itemsTo(17).slice(10)));
      return true;
    };
    for (const path of ['/plain', '/totals']) {
      const pages = hydra.paginate<Item>(path, { style: 'page', pageSize: 10 });
      expect(await all(pages)).toHaveLength(37);
      expect(pages.moved).toMatchObject({ kind: 'page-shrank', page: 2, expected: 10, got: 7 });
    }
  });

  it.each(['/pages', '/links'])(
    'is noticed by an end that comes before the last page that was told (%s)',
    async (path) => {
      const server = await listServer(90);
      const { hydra, log } = hydraOf(server);
      const pages = hydra.paginate<Item>(path, { pageSize: 10, ahead: 1 });
      let last = 0;
      for await (const { id } of pages) {
        if (id === 1) await hydra.join();
        if (id === 5) server.items = itemsTo(25);
        last = id;
      }
      expect(last).toBe(25);
      expect(pages.moved).toMatchObject({ kind: 'pages-changed', page: 3, expected: 9, got: 3 });
      expect(log.join('\n')).toContain('9 pages were told, and there are 3');
    },
  );

  it('is noticed by a page without items before the last, where the number of pages stays', async () => {
    const server = await listServer(30);
    const { hydra } = hydraOf(server);
    server.answer = (request, response) => {
      const page = Number(new URL(request.url ?? '', server.origin).searchParams.get('page') ?? 1);
      const body = JSON.stringify(server.items.slice((page - 1) * 10, page * 10));
      response.writeHead(200, { 'content-type': 'application/json', 'x-total-pages': '9' });
      response.end(body);
      return true;
    };
    const pages = hydra.paginate<Item>('/pages', { pageSize: 10 });
    expect(await all(pages)).toEqual(server.items);
    expect(pages.moved).toMatchObject({ kind: 'pages-changed', page: 4, expected: 9, got: 3 });
  });

  it('is read to its new end when it grows', async () => {
    const server = await listServer(25);
    const { hydra } = hydraOf(server);
    const pages = hydra.paginate<Item>('/totals', { pageSize: 10, ahead: 1 });
    let last = 0;
    for await (const { id } of pages) {
      if (id === 1) server.items = itemsTo(55);
      last = id;
    }
    expect(last).toBe(55);
    expect(pages.moved).toMatchObject({ kind: 'total-changed' });
  });

  it.each(['id', (item: Item) => item.id])('repeats nothing with uniqueBy', async (uniqueBy) => {
    const server = await listServer(30);
    const { hydra } = hydraOf(server);
    const ids: number[] = [];
    for await (const { id } of hydra.paginate<Item>('/totals', {
      pageSize: 10,
      ahead: 1,
      uniqueBy,
    })) {
      ids.push(id);
      if (id === 1) server.items = [{ id: 100 }, { id: 101 }, ...server.items];
    }
    expect(ids).toEqual(itemsTo(30).map(({ id }) => id));
  });

  it('is noticed whatever is removed behind the caller, where a page comes after that', async () => {
    const server = await listServer(0);
    const { hydra } = hydraOf(server);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 11, max: 60 }),
        fc.integer({ min: 1, max: 10 }),
        async (total, removed) => {
          server.items = itemsTo(total);
          const pages = hydra.paginate<Item>('/totals', { pageSize: 10, ahead: 1 });
          await pages.next();
          await hydra.join();
          server.items = server.items.slice(removed);
          await all(pages);
          expect(pages.moved !== undefined).toBe(total > 20);
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('what cannot be gone through', () => {
  it('ends with the error of the page that failed, after the items before it', async () => {
    const server = await listServer(50);
    const { hydra } = hydraOf(server);
    server.answer = (request, response) => {
      if (!request.url?.includes('page=3')) return false;
      response.writeHead(403).end();
      return true;
    };
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { id } of hydra.paginate<Item>('/totals', { pageSize: 10 })) seen.push(id);
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'HYDRA_HTTP_STATUS',
      facts: { status: 403, url: `${server.origin}/totals?per_page=10&page=3` },
    });
    expect(seen).toEqual(itemsTo(20).map(({ id }) => id));
  });

  it.each([
    ['{"error":"x","message":"secret"}', 'an object with error, message'],
    ['{"a":[],"b":[1]}', 'several (a, b): say which, `items`'],
    ['{}', 'an empty object'],
    ['"text"', '"text" (string)'],
    ['null', 'null'],
  ])('is told for a page that holds %s', async (body, found) => {
    const server = await listServer(5);
    server.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return true;
    };
    const { hydra } = hydraOf(server);
    const error: unknown = await all(hydra.paginate('/x')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HYDRA_PAGINATION', facts: { url: `${server.origin}/x` } });
    expect(String(error)).toContain(found);
    expect(String(error)).not.toContain('secret');
  });

  it.each([
    [{ cursor: { path: 'cursor' } }, (page: number) => (page < 3 ? `c${page}` : 'c1')],
    [{ cursor: { path: 'cursor' } }, () => 'always'],
    [{ next: 'cursor' }, (page: number) => `/loop?cursor=c${page % 4}`],
  ])('is told for a cursor that repeats for ever: %j', async (options, cursorOf) => {
    const server = await listServer(0);
    server.answer = (request, response) => {
      const page = Number(/cursor=c(\d+)/.exec(request.url ?? '')?.[1] ?? -1) + 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ items: [page], cursor: cursorOf(page) }));
      return true;
    };
    const { hydra } = hydraOf(server);
    const error: unknown = await all(hydra.paginate('/loop', options)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'HYDRA_PAGINATION', facts: { name: 'cursor' } });
    expect(String(error)).toContain('/loop?cursor=');
    expect(server.asked.length).toBeLessThan(20);
  });

  it('is told for a next page at another host, which gets nothing', async () => {
    const server = await listServer(0);
    const other = await listServer(0);
    server.answer = (_request, response) => {
      const body = JSON.stringify({ items: [1, 2], next: `${other.origin}/next?token=x` });
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return true;
    };
    const { hydra } = hydraOf(server);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const item of hydra.paginate('/x')) seen.push(item);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'HYDRA_FOREIGN_ORIGIN' });
    expect(seen).toEqual([1, 2]);
    expect(other.asked).toEqual([]);
  });

  it.each([
    ['/whole', { style: 'page' }],
    ['/totals', { style: 'page', parameters: { page: 'p' } }],
    ['/totals', { parameters: { page: 'p' } }],
    ['/offset', { style: 'offset', total: 'meta.total', parameters: { offset: 'skip' } }],
  ] as const)(
    'is told for a server that does not know the parameters (%s, %j)',
    async (path, options) => {
      const server = await listServer(60);
      const { hydra } = hydraOf(server);
      const error = { code: 'HYDRA_PAGINATION', facts: { name: 'parameters' } };
      const given = { ...options, pageSize: 20 };
      await expect(all(hydra.paginate(path, given))).rejects.toMatchObject(error);
      const other = await listServer(60);
      const run = carryOut(other, path, { ...given, directory: folder() });
      await expect(run).rejects.toMatchObject(error);
      expect(other.asked.length).toBeLessThanOrEqual(4);
    },
  );

  it('is one page for a server that does not know the parameters, where nothing was said of them', async () => {
    const server = await listServer(20);
    const { hydra } = hydraOf(server);
    expect(await all(hydra.paginate('/whole', { pageSize: 20 }))).toEqual(server.items);
  });

  it('is told for a cursor of which nobody said how it is asked for', async () => {
    const server = await listServer(20);
    const { hydra } = hydraOf(server);
    for (const path of ['/notion', '/stripe']) {
      await expect(all(hydra.paginate(path))).rejects.toMatchObject({
        code: 'HYDRA_PAGINATION',
        facts: { name: 'cursor' },
      });
    }
  });

  it('is told for items without the key', async () => {
    const server = await listServer(20);
    const { hydra } = hydraOf(server);
    await expect(all(hydra.paginate('/totals', { uniqueBy: 'uid' }))).rejects.toMatchObject({
      code: 'HYDRA_PAGINATION',
      facts: { name: 'uniqueBy' },
    });
  });

  it('ends with HYDRA_ABORTED when its signal is aborted, and with HYDRA_FINISHED after the end', async () => {
    const server = await listServer(100);
    const { hydra } = hydraOf(server);
    const abort = new AbortController();
    const pages = hydra.paginate<Item>('/totals', { pageSize: 10, ahead: 1, signal: abort.signal });
    await pages.next();
    abort.abort();
    await expect(all(pages)).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
    const late = hydra.paginate<Item>('/totals');
    await hydra.finish();
    await expect(all(late)).rejects.toMatchObject({ code: 'HYDRA_FINISHED' });
    expect(() => hydra.paginate('/totals')).toThrow(
      expect.objectContaining({ code: 'HYDRA_FINISHED' }),
    );
  });

  it.each([
    [{ style: 'pages' }, 'style'],
    [{ pageSize: 0 }, 'pageSize'],
    [{ ahead: 1.5 }, 'ahead'],
    [{ pagesize: 10 }, 'pagesize'],
    [{ parameters: { number: 'p' } }, 'parameters.number'],
    [{ style: 'cursor' }, 'cursor'],
    [{ cursor: { path: 'a', header: 'b' } }, 'cursor'],
    [{ items: 'a..b' }, 'items'],
    [{ uniqueBy: 'a b' }, 'uniqueBy'],
    [{ firstPage: -1 }, 'firstPage'],
    [{ priority: 'high' }, 'priority'],
  ])('is refused at once: %j', async (options, name) => {
    const server = await listServer(1);
    const { hydra } = hydraOf(server);
    expect(() => hydra.paginate('/plain', options as never)).toThrow(
      expect.objectContaining({ code: 'HYDRA_INVALID_OPTION', facts: { name } }),
    );
  });

  it('is refused at once as a part of an API', () => {
    expect(() =>
      hydraOf({ origin: 'http://127.0.0.1:1' }, { pagination: { style: 'cursor' } }),
    ).toThrow(expect.objectContaining({ code: 'HYDRA_INVALID_OPTION' }));
  });
});

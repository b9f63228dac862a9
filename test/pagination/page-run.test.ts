import type { IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import {
  HydraError,
  readItems,
  type Auth,
  type PageMoved,
  type PageRunOptions,
  type RunSummary,
} from '../../src/index.js';
import { folder } from '../run/run-setting.js';
import {
  all,
  carryOut,
  hydraOf,
  itemsTo,
  listServer,
  type Item,
  type ListServer,
} from './list-server.js';

type Pages = Omit<PageRunOptions, 'directory'>;

const styles: readonly (readonly [string, Pages])[] = [
  ['/totals', {}],
  ['/plain', { style: 'page' }],
  ['/links', {}],
  ['/gitlab', {}],
  ['/keyset', {}],
  ['/offset', { style: 'offset', total: 'meta.total' }],
  ['/offset', { style: 'offset' }],
  ['/stripe', { cursor: { ofLastItem: 'id' }, parameters: { cursor: 'starting_after' } }],
  ['/header', { cursor: { header: 'x-next-cursor' } }],
  ['/next', { next: 'links.next', parameters: { size: 'limit' } }],
];

/** Stops once the server was asked so often, and goes on. */
async function stopAndGoOn(
  server: ListServer,
  list: string,
  options: PageRunOptions,
  after: number,
): Promise<RunSummary> {
  const abort = new AbortController();
  server.answer = () => {
    if (server.asked.length >= after) abort.abort();
    return false;
  };
  await carryOut(server, list, { ...options, signal: abort.signal });
  server.answer = undefined;
  return await carryOut(server, list, options);
}

/** The number in a page's URL. */
function pageOf({ url }: IncomingMessage): number | undefined {
  const [, number] = /[?&]page=(\d+)/.exec(url ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}

describe('runPages', () => {
  it.each(styles)(
    'goes on with %s, %j, where it was stopped, and asks for nothing twice',
    async (list, options) => {
      const server = await listServer(23);
      const directory = folder();
      const given = { ...options, directory, pageSize: 5 };
      const summary = await stopAndGoOn(server, list, given, 3);
      expect(summary).toMatchObject({ isComplete: true, failed: 0 });
      expect(await all(readItems(directory))).toEqual(server.items);
      expect(new Set(server.asked).size).toBe(server.asked.length);
    },
  );

  it.each(styles.slice(0, 4))(
    'has nothing to ask once %s, %j, is complete',
    async (list, options) => {
      const server = await listServer(23);
      const given = { ...options, directory: folder(), pageSize: 5 };
      await carryOut(server, list, given);
      const before = server.asked.length;
      expect(await carryOut(server, list, given)).toMatchObject({ isComplete: true });
      expect(server.asked).toHaveLength(before);
      expect(await all(readItems(given.directory))).toEqual(server.items);
    },
  );

  it('goes on from the page that failed, which it asks for again', async () => {
    const server = await listServer(30);
    const directory = folder();
    const options = { directory, cursor: { header: 'x-next-cursor' }, pageSize: 5 };
    let isBroken = true;
    server.answer = (request, response) => {
      if (!isBroken || !request.url?.includes('cursor=15')) return false;
      response.writeHead(403).end();
      return true;
    };
    const failed = await carryOut(server, '/header', options).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'HYDRA_HTTP_STATUS', facts: { status: 403 } });
    expect((failed as HydraError).message).toContain('Page 4, which tells of those behind it');
    expect(await all(readItems<Item>(directory))).toEqual(itemsTo(15));
    isBroken = false;
    expect(await carryOut(server, '/header', options)).toMatchObject({ isComplete: true });
    expect(await all(readItems(directory))).toEqual(server.items);
    expect(server.asked.filter((url) => url.includes('cursor=15'))).toHaveLength(2);
    expect(server.asked).toHaveLength(7);
  });

  it('goes past a failed page where it knows the others', async () => {
    const server = await listServer(30);
    const directory = folder();
    let isBroken = true;
    server.answer = (request, response) => {
      if (!isBroken || !request.url?.includes('page=3')) return false;
      response.writeHead(403).end();
      return true;
    };
    const options = { directory, pageSize: 5 };
    expect(await carryOut(server, '/totals', options)).toMatchObject({ done: 5, failed: 1 });
    isBroken = false;
    expect(await carryOut(server, '/totals', options)).toMatchObject({ done: 6, failed: 0 });
    expect(await all(readItems(directory))).toEqual(server.items);
  });

  it('tells of an error that nobody observes in the log, and of one that is observed only there', async () => {
    const server = await listServer(30);
    server.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"no":"list"}');
      return true;
    };
    const { hydra, log } = hydraOf(server);
    const unobserved = hydra.runPages('/totals', { directory: folder() });
    await vi.waitFor(() => expect(log.join('\n')).toContain('The run stopped: Expected page 1'));
    expect(unobserved.progress.state).toEqual({ kind: 'ended' });
    log.length = 0;
    const { done } = hydra.runPages('/totals', { directory: folder() });
    await expect(done).rejects.toMatchObject({ code: 'HYDRA_PAGINATION' });
    expect(log.join('\n')).not.toContain('The run stopped');
  });

  it.each([
    ['/totals', 'total-changed', 90, 75],
    ['/offset', 'total-changed', 90, 75],
    ['/pages', 'pages-changed', 9, 8],
  ] as const)('tells that %s was changed meanwhile: %s', async (list, kind, expected, got) => {
    const server = await listServer(90);
    const offset = { style: 'offset', total: 'meta.total' } as const;
    server.answer = () => {
      if (server.asked.length === 4) server.items = itemsTo(75);
      return false;
    };
    const moves: PageMoved[] = [];
    const onMoved = (moved: PageMoved): void => void moves.push(moved);
    const pages = { pageSize: 10, onMoved, ...(list === '/offset' ? offset : {}) };
    await carryOut(server, list, { ...pages, directory: folder() });
    expect(moves[0]).toMatchObject({ kind, expected, got });
    expect(moves.every(({ page }) => page > 1 && page < 10)).toBe(true);
  });

  it.each([
    ['/plain', { style: 'page' }],
    ['/totals', {}],
  ] as const)(
    'tells of a page of %s that is too short, once in the log, and goes past it',
    async (list, options) => {
      const server = await listServer(90);
      server.answer = (request, response) => {
        const page = pageOf(request);
        if (page !== 2 && page !== 3) return false;
        const body = JSON.stringify(itemsTo(page * 10 - 3).slice(page * 10 - 10));
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
        return true;
      };
      const { hydra, log } = hydraOf(server);
      const moves: PageMoved[] = [];
      const onMoved = (moved: PageMoved): void => void moves.push(moved);
      const given = { ...options, directory: folder(), pageSize: 10, onMoved };
      await hydra.runPages(list, given).done;
      await hydra.finish();
      expect(await all(readItems(given.directory))).toHaveLength(84);
      const inOrder = moves.toSorted((a, b) => a.page - b.page);
      expect(inOrder.map(({ kind, page, got }) => [kind, page, got])).toEqual([
        ['page-shrank', 2, 7],
        ['page-shrank', 3, 7],
      ]);
      const warned = log.filter((line) => line.includes('The list was changed'));
      expect(warned).toHaveLength(1);
    },
  );

  it('says nothing of a list that stays as it is, nor of pages that may be short', async () => {
    const server = await listServer(45);
    const { hydra, log } = hydraOf(server);
    for (const list of ['/totals', '/pages', '/links', '/keyset'])
      await hydra.runPages(list, { directory: folder(), pageSize: 10 }).done;
    server.answer = (request, response) => {
      if (pageOf(request) !== 2) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id":11}]');
      return true;
    };
    const options = { style: 'page', pageSize: 10, untilEmpty: true } as const;
    for (const list of ['/totals', '/plain'])
      await hydra.runPages(list, { ...options, directory: folder() }).done;
    expect(await all(hydra.paginate('/plain', options))).toHaveLength(36);
    await hydra.finish();
    expect(log).toEqual([]);
  });

  it('does not ask for ever where a server gives all items on each page', async () => {
    const server = await listServer(20);
    const run = carryOut(server, '/whole', { directory: folder(), pageSize: 20 });
    await expect(run).rejects.toMatchObject({ facts: { name: 'parameters' } });
    expect(server.asked.length).toBeLessThanOrEqual(4);
  });

  it('tells of a page that is no list, also where it knows the others without it', async () => {
    const server = await listServer(40);
    server.answer = (request, response) => {
      if (pageOf(request) !== 3) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"error":"late"}');
      return true;
    };
    const { hydra, log } = hydraOf(server);
    const summary = await hydra.runPages('/totals', { directory: folder(), pageSize: 10 }).done;
    await hydra.finish();
    expect(summary).toMatchObject({ isComplete: true, done: 4 });
    expect(log.join('\n')).toContain('Expected page 3');
  });

  it('tells of an error that nobody observes while numbered pages come, too', async () => {
    const server = await listServer(40);
    server.answer = (request, response) => {
      if (pageOf(request) === undefined) return false;
      response.writeHead(401).end();
      return true;
    };
    let isFirst = true;
    const auth: Auth = {
      authorize: () => ({ headers: {} }),
      renewToken() {
        if (!isFirst) throw new HydraError('HYDRA_CREDENTIALS_REJECTED', 'It is gone.');
        isFirst = false;
        return Promise.resolve({ value: 'first' });
      },
    };
    const { hydra, log } = hydraOf(server, { auth });
    hydra.runPages('/totals', { directory: folder(), pageSize: 10 });
    await hydra.join();
    expect(log.join('\n')).toContain('The run stopped: ');
  });

  it('takes a cursor with all its digits, and refuses one that has lost some', async () => {
    const server = await listServer(0);
    const first = 9_007_199_254_740_993n;
    server.answer = (request, response) => {
      const next = request.url?.includes(`cursor=${first}`) === true ? 'null' : String(first);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"items":[{"x":1}],"next":${next}}`);
      return true;
    };
    const options = { cursor: { path: 'next' }, pageSize: 1 };
    const lost = carryOut(server, '/x', { ...options, directory: folder() });
    await expect(lost).rejects.toMatchObject({
      code: 'HYDRA_PAGINATION',
      facts: { name: 'parse' },
    });
    const parse = (text: string): unknown =>
      JSON.parse(text, (name, value: unknown) =>
        name === 'next' && value !== null ? first : value,
      );
    const whole = carryOut(server, '/x', { ...options, parse, directory: folder() });
    expect(await whole).toMatchObject({ isComplete: true, done: 2 });
  });

  it('does not go on with another page size', async () => {
    const server = await listServer(30);
    const directory = folder();
    await carryOut(server, '/totals', { directory, pageSize: 5 });
    await expect(carryOut(server, '/totals', { directory, pageSize: 6 })).rejects.toMatchObject({
      code: 'HYDRA_SOURCE_CHANGED',
    });
  });

  it('leaves out repeats on reading, by key', async () => {
    const server = await listServer(10);
    server.items = [...itemsTo(10), ...itemsTo(12)];
    const directory = folder();
    await carryOut(server, '/totals', { directory, pageSize: 5 });
    expect(await all(readItems(directory, { uniqueBy: 'id' }))).toEqual(itemsTo(12));
  });

  it.each([
    [{ directory: '' }, 'directory'],
    [{ ahead: 2 }, 'ahead'],
    [{ style: 'pages' }, 'style'],
    [{ compress: 'zip' }, 'compress'],
    [{ headers: { 'a b': 'c' } }, 'headers'],
  ])('refuses %j at once', async (options, name) => {
    const server = await listServer(1);
    const { hydra } = hydraOf(server);
    expect(() => hydra.runPages('/plain', { directory: folder(), ...options } as never)).toThrow(
      expect.objectContaining({ code: 'HYDRA_INVALID_OPTION', facts: { name } }),
    );
  });
});

import { describe, expect, it, vi } from 'vitest';
import {
  readItems,
  type HydraError,
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

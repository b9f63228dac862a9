/** Pages behind the last one, which are asked for where nothing tells how many there are. */
import { describe, expect, it } from 'vitest';
import { readItems, readRun, type PaginateOptions } from '../../src/index.js';
import { folder } from '../run/run-setting.js';
import { all, carryOut, hydraOf, itemsTo, listServer, type ListServer } from './list-server.js';

const byPage = { style: 'page', pageSize: 10 } as const;

function pageIn(url: string | undefined): number {
  return Number(/[?&]page=(\d+)/.exec(url ?? '')?.[1] ?? 1);
}

/** A list by number, of which some pages are answered with a status. */
async function serverWith(
  items: number,
  statusOf: (page: number) => number | undefined,
): Promise<ListServer> {
  const server = await listServer(items);
  server.answer = (request, response) => {
    const status = statusOf(pageIn(request.url));
    if (status !== undefined) response.writeHead(status).end();
    return status !== undefined;
  };
  return server;
}

const behind =
  (last: number, status: number) =>
  (page: number): number | undefined =>
    page > last ? status : undefined;

/** Goes through a list, has it as a run, and compares. Returns the warnings. */
async function bothWays(
  server: ListServer,
  path: string,
  { untilEmpty }: Pick<PaginateOptions, 'untilEmpty'> = {},
): Promise<readonly string[]> {
  const { hydra, log } = hydraOf(server);
  const options = { ...byPage, untilEmpty };
  const pages = hydra.paginate(path, options);
  expect(await all(pages)).toEqual(server.items);
  expect(pages.moved).toBeUndefined();
  const directory = folder();
  const run = hydra.runPages(path, { ...options, directory });
  const done = Math.ceil(server.items.length / 10);
  expect(await run.done).toMatchObject({ isComplete: true, done, failed: 0, skipped: 0 });
  expect(run.progress).toMatchObject({ done, failed: 0, total: done });
  expect(await all(readItems(directory))).toEqual(server.items);
  expect(await all((await readRun(directory)).failures())).toEqual([]);
  await hydra.finish();
  return log.filter((line) => line.startsWith('warn'));
}

describe('a server that gives its last page for any number behind it', () => {
  it('has a list of 20, whose last page is full, with a word', async () => {
    const warned = await bothWays(await listServer(20), '/clamped');
    const line =
      'The list /clamped is taken to end with page 2: page 3 has the same items once more';
    expect(warned).toEqual([expect.stringContaining(line), expect.stringContaining(line)]);
  });

  it.each([15, 25])('has a list of %d, whose last page is short', async (count) => {
    expect(await bothWays(await listServer(count), '/clamped')).toEqual([]);
  });

  it('has an end although its pages may be short', async () => {
    const server = await listServer(25);
    expect(await bothWays(server, '/clamped', { untilEmpty: true })).toHaveLength(2);
  });

  it('has the same list when its run is started again, and is asked for nothing', async () => {
    const server = await listServer(25);
    const options = { ...byPage, directory: folder() };
    await carryOut(server, '/clamped', options);
    const asked = server.asked.length;
    const ended = { isComplete: true, done: 3, failed: 0, skipped: 3 };
    expect(await carryOut(server, '/clamped', options)).toMatchObject(ended);
    expect(server.asked).toHaveLength(asked);
    expect(await all(readItems(options.directory))).toEqual(server.items);
  });

  it('is asked for no page twice, and for few behind the end', async () => {
    const server = await listServer(20);
    const { hydra } = hydraOf(server);
    await all(hydra.paginate('/clamped', byPage));
    expect(server.asked.length).toBeLessThanOrEqual(6);
    expect(new Set(server.asked).size).toBe(server.asked.length);
  });

  it('is not suspected where the total is told: pages may be alike', async () => {
    const server = await listServer(40);
    server.items = itemsTo(40).map(({ id }) => ({ id: id <= 10 ? id : 0 }));
    const { hydra, log } = hydraOf(server);
    expect(await all(hydra.paginate('/totals', byPage))).toEqual(server.items);
    const directory = folder();
    await hydra.runPages('/gitlab', { pageSize: 10, directory }).done;
    expect(await all(readItems(directory))).toEqual(server.items);
    expect(log).toEqual([]);
  });
});

describe('a server that answers with an error behind the last page', () => {
  it.each([404, 422])('has a whole list, without a word, by %d', async (status) => {
    const server = await serverWith(25, behind(3, status));
    expect(await bothWays(server, '/plain')).toEqual([]);
  });

  it.each([404, 400])('ends one whose last page is full, with a word, by %d', async (status) => {
    const warned = await bothWays(await serverWith(20, behind(2, status)), '/plain');
    const line = `The list /plain is taken to end with page 2: the server answered ${status} to page 3`;
    expect(warned).toEqual([expect.stringContaining(line), expect.stringContaining(line)]);
  });

  it('is asked as often as for any 404', async () => {
    const server = await serverWith(20, behind(2, 404));
    const { hydra } = hydraOf(server, {}, { maxRetries: 5, maxNotFoundRetries: 2 });
    expect(await all(hydra.paginate('/plain', { ...byPage, ahead: 1 }))).toEqual(server.items);
    expect(server.asked.map(pageIn)).toEqual([1, 2, 3, 3, 3]);
  });

  it.each([
    ['a full page', 20, 403],
    ['a full page', 20, 500],
    // So says who gives no more than the first thousand.
    ['a full page', 20, 422],
    ['a short page', 25, 403],
  ])('fails behind %s of %d by %d', async (_page, count, status) => {
    const server = await serverWith(count, behind(Math.ceil(count / 10), status));
    const { hydra } = hydraOf(server);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const item of hydra.paginate('/plain', byPage)) seen.push(item);
    })();
    await expect(reading).rejects.toMatchObject({ facts: { status } });
    expect(seen).toEqual(server.items);
    const run = carryOut(server, '/plain', { ...byPage, directory: folder() });
    await expect(run).rejects.toMatchObject({ facts: { status } });
  });

  it.each([
    [404, '/totals', { pageSize: 10 }],
    [404, '/gitlab', { pageSize: 10 }],
    // Nobody has said that there is such a parameter, so that may be what is bad.
    [400, '/plain', { style: 'auto', pageSize: 10 }],
  ] as const)('fails by %d where %s tells that there is more', async (status, path, options) => {
    const server = await serverWith(30, (page) => (page === 2 ? status : undefined));
    const { hydra } = hydraOf(server);
    const reading = all(hydra.paginate(path, options));
    await expect(reading).rejects.toMatchObject({ facts: { status } });
  });

  it.each([
    ['full', 50, 10],
    ['short', 50, 7],
  ])(
    'fails where a page behind one that is missing has items (behind a %s page)',
    async (_kind, count, ofSecond) => {
      const server = await serverWith(count, (page) => (page === 3 ? 404 : undefined));
      const { answer } = server;
      server.answer = (request, response) => {
        if (pageIn(request.url) !== 2) return answer?.(request, response) === true;
        const body = JSON.stringify(server.items.slice(10, 10 + ofSecond));
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
        return true;
      };
      const { hydra } = hydraOf(server);
      const reading = all(hydra.paginate('/plain', byPage));
      await expect(reading).rejects.toMatchObject({ facts: { status: 404 } });
      const directory = folder();
      const run = carryOut(server, '/plain', { ...byPage, directory });
      await expect(run).rejects.toMatchObject({ facts: { status: 404 } });
      server.answer = undefined;
      const whole = await carryOut(server, '/plain', { ...byPage, directory });
      expect(whole).toMatchObject({ isComplete: true, failed: 0 });
    },
  );

  it('is asked again when a run is started again, which then goes on', async () => {
    const server = await serverWith(35, behind(2, 404));
    const directory = folder();
    const options = { ...byPage, directory };
    expect(await carryOut(server, '/plain', options)).toMatchObject({ done: 2, failed: 0 });
    expect(await all(readItems(directory))).toEqual(itemsTo(20));
    server.answer = undefined;
    expect(await carryOut(server, '/plain', options)).toMatchObject({ isComplete: true });
    expect(await all(readItems(directory))).toEqual(server.items);
  });
});

/** The promise of a list that is recorded: killed in the middle, again and again, it loses no page and asks for none twice. */
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { notion } from '../../src/apis/index.js';
import { readItems, type PageRunOptions } from '../../src/index.js';
import { startRunChild, type RunChild } from '../run/run-child.js';
import { folder, range } from '../run/run-setting.js';
import { until } from '../transport/http-world.js';
import { all, carryOut, listServer, type ListServer } from './list-server.js';

const PAGE_SIZE = 5;
const PAGES = 20;

/** When a process is killed: after so many answers of each list, with other pages under way. */
interface Kill {
  readonly answers: number;
  /** Whether all of them count as recorded by then. */
  readonly isAllRecorded: boolean;
}

const kills: readonly Kill[] = [
  { answers: 4, isAllRecorded: true },
  { answers: 6, isAllRecorded: false },
  { answers: 4, isAllRecorded: true },
];

/** A list that is recorded, and what is known of it from outside. */
class RecordedList {
  readonly path: string;
  readonly options: PageRunOptions;
  readonly directory: string = folder();
  /** The pages that counted as recorded before a kill. */
  readonly #recorded = new Set<number>();
  readonly #pages: ReadonlyMap<string, number>;
  readonly #server: ListServer;
  /** Where the log of the process that works on it begins. */
  #from = 0;

  constructor(
    server: ListServer,
    listPath: string,
    options: Omit<PageRunOptions, 'directory'>,
    urlOf: (page: number) => string,
  ) {
    this.path = listPath;
    this.options = { ...options, pageSize: PAGE_SIZE, directory: this.directory };
    this.#server = server;
    this.#pages = new Map(range(0, PAGES).map((page) => [urlOf(page), page]));
  }

  /** Numbers of the pages that the process has asked for; `undefined` for what is none. */
  get asked(): readonly (number | undefined)[] {
    const urls = this.#server.asked.filter((one) => one.includes(this.path));
    return urls.slice(this.#from).map((url) => this.#pages.get(url));
  }

  /** Whether it may be killed now. */
  isMet({ answers, isAllRecorded }: Kill, child: RunChild): boolean {
    const { length } = this.asked;
    if (!isAllRecorded) return length >= answers;
    return length > answers && child.recorded(this.directory).length === answers;
  }

  /** Takes note that a process is gone. Returns the pages that it asked for needlessly. */
  endRound(recorded: readonly number[]): readonly unknown[] {
    const { asked } = this;
    const isNeedless = (page: number | undefined, at: number): boolean =>
      page === undefined || this.#recorded.has(page) || asked.indexOf(page) < at;
    const needless = asked.filter((page, at) => isNeedless(page, at));
    for (const page of recorded) this.#recorded.add(page);
    this.#from += asked.length;
    return needless;
  }
}

/** Has a process work on the lists until it is killed. */
async function killOnce(
  server: ListServer,
  lists: readonly RecordedList[],
  kill: Kill,
): Promise<void> {
  const { origin } = server;
  server.answer = ({ url }) =>
    lists.some((one) => url?.startsWith(one.path) && one.asked.length > kill.answers);
  const cwd = folder();
  const tasks = lists.map((list, index) => {
    const { directory } = list;
    return { origin, directory, list, appsFile: path.join(cwd, `apps-${index}.json`) };
  });
  const child = startRunChild(cwd, tasks);
  await until(() => lists.every((one) => one.isMet(kill, child)));
  child.child.kill('SIGKILL');
  expect(await child.ended).toEqual({ code: null, stdout: '', stderr: '' });
  expect(child.child.signalCode).toBe('SIGKILL');
  for (const one of lists) expect(one.endRound(child.recorded(one.directory))).toEqual([]);
}

it('gives each item once, in order, after three kills, and asks for no page again that is recorded', async () => {
  const server = await listServer(PAGES * PAGE_SIZE);
  const numbered = new RecordedList(
    server,
    '/links',
    {},
    (page) => `/links?per_page=5${page === 0 ? '' : `&page=${page + 1}`}`,
  );
  const byCursor = new RecordedList(
    server,
    '/header',
    { cursor: { header: 'x-next-cursor' } },
    (page) => `/header?limit=5${page === 0 ? '' : `&cursor=${page * PAGE_SIZE}`}`,
  );
  const posted = new RecordedList(
    server,
    '/notion',
    { method: 'POST', ...notion().pagination },
    (page) => {
      const start = page === 0 ? '' : `,"start_cursor":"${page * PAGE_SIZE}"`;
      return `POST /notion{"page_size":5${start}}`;
    },
  );
  const lists = [numbered, byCursor, posted];
  for (const kill of kills) await killOnce(server, lists, kill);
  server.answer = undefined;
  const summaries = await Promise.all(lists.map((one) => carryOut(server, one.path, one.options)));
  for (const [index, list] of lists.entries()) {
    expect(summaries[index]).toMatchObject({ isComplete: true, done: PAGES, failed: 0 });
    expect(list.endRound([])).toEqual([]);
    expect(await all(readItems(list.directory))).toEqual(server.items);
  }
});

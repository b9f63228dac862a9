/** However the process ends by itself, each outcome is on disk, once, in valid files. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { readSegments, startChild, startServer, upTo, workingFolder } from './setting.js';

const COUNT = 50;

it.each([
  ['runs out of work', 0],
  ['exits', 3],
  ['exits in an exit handler', 4],
])(
  'a program that %s has all outcomes on disk, and ends with its own code %i',
  async (ending, code) => {
    const { baseUrl } = await startServer();
    const child = startChild({ baseUrl, ending, count: COUNT });
    expect(await child.ended).toEqual({ code, signal: null });
    const { ids, files, unended } = readSegments(child.folder);
    expect([ids, unended]).toEqual([upTo(COUNT), []]);
    expect(child.stderr).toContain(`50 outcomes are in ${child.folder}/${files[0]}.\n`);
  },
);

it.each(['throws', 'rejects'])(
  'a program that %s loses nothing, shows its error, and ends with the code of errors',
  async (ending) => {
    const { baseUrl } = await startServer();
    const child = startChild({ baseUrl, ending, count: COUNT });
    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(readSegments(child.folder)).toMatchObject({ ids: upTo(COUNT), unended: [] });
    expect(child.stderr).toMatch(/Error: boom\n\s+at .*child\.mjs/);
  },
);

it('an exit handler of the program that throws loses nothing', async () => {
  const { baseUrl } = await startServer();
  const ending = 'throws in an exit handler';
  const child = startChild({ baseUrl, ending, count: COUNT });
  expect((await child.ended).code).toBeGreaterThan(0);
  expect(readSegments(child.folder)).toMatchObject({ ids: upTo(COUNT), unended: [] });
  expect(child.stderr).toContain('boom');
});

it('a write that is under way at the end, and comes late, leaves the files valid', async () => {
  const { baseUrl } = await startServer();
  const folder = workingFolder();
  const pipe = path.join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const ending = 'exits in the middle of a write';
  const child = startChild({ baseUrl, ending, count: 0 }, folder);
  await child.writes('exiting');
  const otherEnd = await fs.open(pipe, 'w');
  expect(await child.ended).toEqual({ code: 3, signal: null });
  await otherEnd.close();
  expect(readSegments(folder)).toMatchObject({ ids: [0, 1], unended: [] });
});

it.each([1, 2000])(
  'killed amid %i requests, it leaves on disk what is older than 50 ms',
  async (count) => {
    const { baseUrl } = await startServer();
    const options = { minRequestDelayMs: 1 };
    const child = startChild({ baseUrl, ending: 'is killed', count, options });
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const old = [...child.stdout.matchAll(/^old (\d+)$/gm)].map(([, id]) => Number(id));
    const { ids } = readSegments(child.folder);
    expect(old).toHaveLength(Math.min(count, 200));
    expect(old.filter((id) => !ids.includes(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  },
);

it('a stdout that nobody reads any more ends the program, and loses nothing', async () => {
  const { baseUrl } = await startServer();
  const child = startChild({ baseUrl, ending: 'writes to stdout', count: COUNT });
  await child.writes('ready');
  child.process.stdout.destroy();
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.stderr).toContain('EPIPE');
  expect(readSegments(child.folder)).toMatchObject({ ids: upTo(COUNT), unended: [] });
});

it('a stderr that nobody reads any more keeps nothing from being saved, or from its time', async () => {
  const server = await startServer();
  const { baseUrl } = server;
  const child = startChild({ baseUrl, ending: 'waits with two held', count: COUNT });
  await Promise.all([child.writes('ready'), server.holds(2)]);
  child.process.stderr.destroy();
  child.process.stdout.destroy();
  child.kill('SIGTERM');
  server.release();
  server.release();
  expect(await child.ended).toEqual({ code: 143, signal: null });
  expect(readSegments(child.folder)).toMatchObject({ ids: upTo(COUNT + 2), unended: [] });
});

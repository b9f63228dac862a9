/** Signals are listened to only while there is something to save, and others' listeners decide. */
import { expect, it } from 'vitest';
import { readSegments, startChild, startServer, upTo } from './setting.js';

const COUNT = 50;

it.each(['has its own handler', 'has its own handler for once'])(
  'a program that %s ends as it likes; what is in memory is saved before',
  async (ending) => {
    const { baseUrl } = await startServer();
    const child = startChild({ baseUrl, ending, count: COUNT });
    expect(await child.ended).toEqual({ code: 7, signal: null });
    expect(child.stdout).toBe(`own handler, ${COUNT} on disk\n`);
    expect(child.stderr).not.toContain('Stopped by');
    const isAskedAfter = ending.endsWith('once');
    const ids = upTo(COUNT + (isAskedAfter ? 1 : 0));
    expect(readSegments(child.folder)).toMatchObject({ ids, unended: [] });
  },
);

it('a handler that leaves it to others does not keep Ctrl+C from stopping the program', async () => {
  const { baseUrl } = await startServer();
  const ending = 'has a handler that leaves it to others';
  const child = startChild({ baseUrl, ending, count: COUNT });
  await child.writes('ready');
  child.kill('SIGINT');
  expect(await child.ended).toEqual({ code: 130, signal: null });
  expect(readSegments(child.folder).ids).toEqual(upTo(COUNT));
});

it('two copies of the package in one program do not leave it to each other', async () => {
  const { baseUrl } = await startServer();
  const ending = 'has another copy of the package';
  const child = startChild({ baseUrl, ending, count: COUNT });
  await child.writes('ready');
  child.kill('SIGINT');
  expect(await child.ended).toEqual({ code: 130, signal: null });
  expect(readSegments(child.folder)).toMatchObject({ ids: upTo(COUNT), unended: [] });
  expect(child.stdout).toContain('other ended');
  expect(child.stderr).toContain('other described');
});

it('after finish() no listener is left, and Ctrl+C does what it does everywhere', async () => {
  const { baseUrl } = await startServer();
  const child = startChild({ baseUrl, ending: 'has finished', count: COUNT });
  await child.writes('ready');
  const [before, during, after] = child.stdout.split('\n');
  expect([before, during]).toEqual(['0 0 0 0', '1 1 1 1']);
  expect(after).toBe(before);
  child.kill('SIGINT');
  expect(await child.ended).toEqual({ code: null, signal: 'SIGINT' });
});

it.each(['has asked nothing', 'stores nothing'])(
  'a hydra that %s leaves signals alone',
  async (ending) => {
    const { baseUrl } = await startServer();
    const child = startChild({ baseUrl, ending, count: COUNT });
    await child.writes('ready');
    expect(child.stdout).toBe('0 0 0 0\nready\n');
    child.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect([readSegments(child.folder).files, child.stderr]).toEqual([[], '']);
  },
);

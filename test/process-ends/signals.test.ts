/** The first signal stops gently, the second at once; neither loses anything. */
import { expect, it } from 'vitest';
import {
  readSegments,
  startChild,
  startServer,
  upTo,
  type Child,
  type HoldingServer,
} from './setting.js';

const COUNT = 50;
/** Answers at once, and the two that the server holds back. */
const ALL = COUNT + 2;

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

interface Waiting {
  readonly child: Child;
  readonly server: HoldingServer;
}

/** A child that has all answers but those held. */
async function childWith(held: number, ending: string): Promise<Waiting> {
  const server = await startServer();
  const child = startChild({ baseUrl: server.baseUrl, ending, count: COUNT });
  await Promise.all([child.writes('ready'), server.holds(held)]);
  return { child, server };
}

it('with nothing in flight, it saves and ends', async () => {
  const { child } = await childWith(0, 'waits');
  child.kill('SIGINT');
  expect(await child.ended).toEqual({ code: 130, signal: null });
  const { ids, files, unended } = readSegments(child.folder);
  expect([ids, unended]).toEqual([upTo(COUNT), []]);
  expect(child.stderr).toContain('Stopped by SIGINT: ');
  expect(child.stderr).toContain(`50 outcomes are in ${child.folder}/${files[0]}.\n`);
  expect(child.stderr).not.toContain('have no outcome');
});

it.each(signals)('what is answered after %s, within its 5 s, is on disk', async (signal, code) => {
  const { child, server } = await childWith(2, 'waits with two held');
  child.kill(signal);
  await child.writes('what is in flight gets 5 s');
  server.release();
  server.release();
  expect(await child.ended).toEqual({ code, signal: null });
  expect(readSegments(child.folder)).toMatchObject({ ids: upTo(ALL), unended: [] });
  expect(child.stderr).toContain('52 outcomes are in ');
});

it('what is not answered within 5 s is given up, and counted', async () => {
  const { child, server } = await childWith(2, 'waits with two held, in short seconds');
  child.kill('SIGINT');
  await child.writes('Stopped by SIGINT');
  server.release();
  expect(await child.ended).toEqual({ code: 130, signal: null });
  expect(readSegments(child.folder).ids).toHaveLength(ALL - 1);
  expect(child.stderr).toContain('The 5 s are over.');
  expect(child.stderr).toMatch(
    /51 outcomes are in .*\. 1 requests that were asked for have no outcome\./,
  );
});

it.each(signals.slice(0, 2))('SIGINT and then %s ends at once, with %i', async (signal, code) => {
  const { child } = await childWith(2, 'waits with two held');
  child.kill('SIGINT');
  await child.writes('Stopped by SIGINT');
  child.killUntilItEnds(signal);
  expect(await child.ended).toEqual({ code, signal: null });
  const { ids, unended } = readSegments(child.folder);
  expect([ids.length, unended]).toEqual([COUNT, []]);
  expect(child.stderr).toContain(`Stopped at once by ${signal}.`);
  expect(child.stderr).not.toContain('are over');
});

it('a signal that comes twice because it was handed on counts once', async () => {
  const { child, server } = await childWith(2, 'is signalled twice at once');
  child.kill('SIGUSR2');
  await child.writes('Stopped by SIGINT');
  server.release();
  server.release();
  expect(await child.ended).toEqual({ code: 130, signal: null });
  expect(readSegments(child.folder).ids).toEqual(upTo(ALL));
});

it('a signal while the program is busy is heeded as soon as it can be', async () => {
  const { child } = await childWith(0, 'is busy');
  child.kill('SIGINT');
  expect(await child.ended).toEqual({ code: 130, signal: null });
  expect(readSegments(child.folder)).toMatchObject({ ids: upTo(COUNT), unended: [] });
});

it.each(['asks more while it stops', 'makes another hydra while it stops'])(
  'who %s waits: that is not sent, and not rejected',
  async (ending) => {
    const { child, server } = await childWith(2, ending);
    child.kill('SIGINT');
    await child.writes('Stopped by SIGINT');
    server.release();
    await child.writes('asked');
    server.release();
    expect(await child.ended).toEqual({ code: 130, signal: null });
    expect(server.asked).not.toContain('/now/late');
    expect(child.stdout).not.toContain('rejected');
    expect(readSegments(child.folder)).toMatchObject({ ids: upTo(ALL), unended: [] });
    expect(child.stderr).toContain('1 requests that were asked for have no outcome.');
  },
);

it('finish() while it stops keeps the files: nobody may be left to use what was handed over', async () => {
  const { child, server } = await childWith(2, 'finishes one of two hydras while it stops');
  child.kill('SIGINT');
  await child.writes('Stopped by SIGINT');
  server.release();
  await child.writes('finished');
  server.release();
  expect(await child.ended).toEqual({ code: 130, signal: null });
  const { ids, files, unended } = readSegments(child.folder);
  expect([ids, files.length, unended]).toEqual([[0, ...upTo(ALL)], 2, []]);
  expect(child.stderr).toContain('\n1 outcomes are in ');
  expect(child.stderr).toContain('52 outcomes are in ');
});

it('an error while it stops ends it with the code of errors, and what came is on disk', async () => {
  const { child, server } = await childWith(2, 'throws while it stops');
  child.kill('SIGINT');
  await child.writes('Stopped by SIGINT');
  server.release();
  expect(await child.ended).toEqual({ code: 1, signal: null });
  const { ids, unended } = readSegments(child.folder);
  expect([ids.length, unended]).toEqual([ALL - 1, []]);
});

it('one signal saves the outcomes of all hydras', async () => {
  const { child } = await childWith(0, 'has two hydras');
  child.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 143, signal: null });
  const { ids, files, unended } = readSegments(child.folder);
  expect(ids).toEqual(upTo(COUNT).flatMap((id) => [id, id]));
  expect([files.length, unended]).toEqual([2, []]);
  for (const file of files)
    expect(child.stderr).toContain(`50 outcomes are in ${child.folder}/${file}.`);
});

/** A source of any kind is worked off, and its directory tells all of it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRequest, RunSource } from '../../src/index.js';
import {
  errorOf,
  failing,
  folder,
  held,
  hydraFor,
  paths,
  range,
  readInfo,
  SECRET,
  segmentNames,
  workOff,
  world,
} from './run-setting.js';

function* generated(list: readonly string[]): Generator<string> {
  yield* list;
}

async function* generatedLater(list: readonly string[]): AsyncGenerator<string> {
  for (const one of list) {
    await Promise.resolve();
    yield one;
  }
}

const kinds: [name: string, make: (list: string[]) => RunSource][] = [
  ['an array', (list) => list],
  ['a generator', generated],
  ['an async generator', generatedLater],
  ['a set', (list) => new Set(list)],
  ['requests', (list) => list.map((one) => ({ path: one }))],
];

describe('a run', () => {
  it.each(kinds)('works off %s: each request has one outcome, in its order', async (_, make) => {
    const server = await world();
    server.answer = failing('/3', '/17');
    const directory = path.join(folder(), 'run');
    const summary = await workOff(server, make(paths(0, 60)), { directory });
    expect(summary).toMatchObject({ isComplete: true, done: 58, failed: 2, skipped: 0, directory });
    const { ids, failed, bodies } = await held(directory);
    expect(ids).toEqual(range(0, 60));
    expect(failed).toEqual([3, 17]);
    expect(bodies[5]).toBe('/5');
    expect(bodies[17]).toBe('HYDRA_HTTP_STATUS');
    expect(server.asked).toHaveLength(60);
  });

  it('sends each request as it stands in the source, and hands its key back', async () => {
    const server = await world();
    const directory = folder();
    const source: RunRequest[] = [
      { path: '/a', query: { x: 1 }, key: 'first' },
      { path: `${server.origin}/b`, method: 'POST', json: { y: 2 } },
      { path: '/c', method: 'DELETE' },
    ];
    await workOff(server, source, { directory });
    expect(server.asked.toSorted()).toEqual(['DELETE /c', 'GET /a?x=1', 'POST /b']);
    const { outcomes } = await held(directory);
    const first = outcomes[0];
    expect(first?.kind === 'response' && first.response.key).toBe('first');
  });

  it('of an empty source is complete at once', async () => {
    const server = await world();
    const directory = folder();
    const summary = await workOff(server, [], { directory });
    expect(summary).toMatchObject({ isComplete: true, done: 0, failed: 0 });
    expect(readInfo(directory)).toMatchObject({ state: 'complete', source: { isWhole: true } });
  });

  it('says in run.json what it was, and nothing secret in any file', async () => {
    const server = await world();
    server.answer = failing('/1');
    const directory = path.join(folder(), 'deep', 'run');
    const origin = { file: 'logins.csv' };
    await workOff(server, paths(0, 30), { directory, origin }, { responsesPerFile: 10 });
    const info = readInfo(directory);
    expect(info).toMatchObject({
      version: 1,
      api: { name: 'test', baseUrl: server.origin },
      state: 'complete',
      options: { maxRetries: 1, responsesPerFile: 10, limits: [{ requests: 100_000 }] },
      source: { read: 30, isWhole: true, origin },
      totals: { done: 29, failed: 1 },
      sessions: [{ apps: 1, succeeded: 29, failed: 1, attempts: 30, refusals: 0, retries: {} }],
    });
    const { segments } = info as { segments: { file: string; count: number; isOpen: boolean }[] };
    expect(segments.map(({ file }) => file)).toEqual(segmentNames(directory));
    expect(segments.map(({ count, isOpen }) => [count, isOpen])).toEqual([
      [10, false],
      [10, false],
      [9, false],
    ]);
    expect(fs.statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of fs.readdirSync(directory)) {
      const file = path.join(directory, name);
      expect([name, fs.statSync(file).mode & 0o777]).toEqual([name, 0o600]);
      expect(fs.readFileSync(file).includes(SECRET)).toBe(false);
    }
    expect(fs.readdirSync(directory).toSorted()).toEqual(
      [
        ...segmentNames(directory),
        'done.bitmap',
        'failures.jsonl',
        'requests.log',
        'run.json',
      ].toSorted(),
    );
  });

  it('counts each session, and keeps what an earlier one said', async () => {
    const server = await world();
    const directory = folder();
    await workOff(server, paths(0, 5), { directory, origin: { file: 'a.txt' } });
    const { createdAtMs } = readInfo(directory);
    await workOff(server, paths(0, 8), { directory });
    expect(readInfo(directory)).toMatchObject({
      createdAtMs,
      source: { read: 8, origin: { file: 'a.txt' } },
      totals: { done: 8 },
      sessions: [{ succeeded: 5 }, { succeeded: 3 }],
    });
  });
});

describe('a request that cannot be sent as it is', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const bad: [why: string, request: unknown, code: string][] = [
    ['no slash in front', 'users', 'HYDRA_INVALID_REQUEST'],
    ['another origin', 'http://somebody:hunter2@elsewhere/x', 'HYDRA_FOREIGN_ORIGIN'],
    ['an unknown option', { path: '/x', retries: 3 }, 'HYDRA_INVALID_OPTION'],
    ['an unknown method', { path: '/x', method: 'get' }, 'HYDRA_INVALID_REQUEST'],
    ['a method that is none', { path: '/x', method: 5 }, 'HYDRA_INVALID_REQUEST'],
    ['no path', {}, 'HYDRA_INVALID_REQUEST'],
    ['a path that is none', { path: Symbol('x') }, 'HYDRA_INVALID_REQUEST'],
    ['JSON that cannot be', { path: '/x', json: circular }, 'HYDRA_INVALID_OPTION'],
    ['a signal', { path: '/x', signal: AbortSignal.abort() }, 'HYDRA_INVALID_OPTION'],
  ];

  it.each(bad)(
    'because of %s is recorded as a failure, and the run goes on',
    async (_, it_, code) => {
      const server = await world();
      const directory = folder();
      const source = ['/0', it_ as string, '/2'];
      const { isComplete, done, failed, log } = await workOff(server, source, { directory });
      expect({ isComplete, done, failed }).toEqual({ isComplete: true, done: 2, failed: 1 });
      expect((await held(directory)).bodies).toEqual(['/0', code, '/2']);
      expect(log.filter((line) => line.includes('cannot be sent'))).toHaveLength(1);
      expect(log.join('\n')).not.toContain('hunter2');
      // It is the same request the next time, too, and asked again when that is wanted.
      const again = await workOff(server, source, { directory, retryFailures: true });
      expect(again).toMatchObject({ isComplete: true, done: 2, failed: 1 });
      expect(server.asked).toHaveLength(2);
      expect((await held(directory)).ids).toEqual([0, 1, 2]);
    },
  );

  it('keeps its key', async () => {
    const server = await world();
    const directory = folder();
    await workOff(server, [{ path: 'x', key: 'mine' }], { directory });
    const [outcome] = (await held(directory)).outcomes;
    expect(outcome?.kind === 'failure' && outcome.failure.key).toBe('mine');
  });
});

describe('a source', () => {
  it('that gives what is no request ends the run; what is recorded stays', async () => {
    const server = await world();
    const directory = folder();
    const error = await errorOf(workOff(server, ['/0', '/1', 7 as never, '/3'], { directory }));
    expect(error).toMatchObject({ code: 'HYDRA_INVALID_REQUEST' });
    expect(error.message).toContain('7 (number)');
    const { ids } = await held(directory);
    await workOff(server, paths(0, 4), { directory });
    expect((await held(directory)).ids).toEqual(range(0, 4));
    expect(server.asked).toHaveLength(4);
    expect(ids.length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['an error', new Error('the file is gone'), new Error('the file is gone')],
    ['nothing at all', undefined, expect.any(Error)],
    ['a string', 'gone', 'gone'],
  ])('that throws %s ends the run; what is recorded stays', async (_, thrown, expected) => {
    const server = await world();
    const directory = folder();
    async function* source(): AsyncGenerator<string> {
      for (const one of paths(0, 20)) {
        yield one;
        while (server.asked.length < 20 && one === '/19') await new Promise(setImmediate);
      }
      throw thrown;
    }
    const { hydra, log } = hydraFor(server.origin);
    const run = hydra.run(source(), { directory });
    const error: unknown = await run.done.then(
      () => 'resolved',
      (reason: unknown) => reason,
    );
    expect(error).toEqual(expected);
    expect((await held(directory)).ids).toEqual(range(0, 20));
    expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
    const summary = await workOff(server, paths(0, 25), { directory });
    expect(summary).toMatchObject({ isComplete: true, skipped: 20, done: 25 });
    expect(server.asked).toHaveLength(25);
  });

  it('that cannot be iterated is refused at once', async () => {
    const { hydra } = hydraFor((await world()).origin);
    for (const source of [undefined, 5, '/users', {}]) {
      expect(() => hydra.run(source as never, { directory: folder() })).toThrow(
        'Expected `source` to be a list of paths or requests',
      );
    }
  });
});

describe('options of a run', () => {
  it.each([
    [{}, 'directory'],
    [{ directory: '' }, 'directory'],
    [{ directory: 'x', total: -1 }, 'total'],
    [{ directory: 'x', compress: 'zip' }, 'compress'],
    [{ directory: 'x', retryFailures: 1 }, 'retryFailures'],
    [{ directory: 'x', dir: 'y' }, 'dir'],
    [{ directory: 'x', signal: {} }, 'signal'],
  ])('%j is refused, and says what is wrong', async (options, name) => {
    const { hydra } = hydraFor((await world()).origin);
    expect(() => hydra.run([], options as never)).toThrow(`\`${name}\``);
  });
});

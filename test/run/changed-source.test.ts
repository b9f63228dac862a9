/** A source that is not what the run was begun with is an error that names the first difference. */
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
  workOff,
  world,
} from './run-setting.js';

describe('a source that has changed', () => {
  it('at one position is an error that names it, what it is and what it was', async () => {
    const server = await world();
    server.answer = failing('/4');
    const directory = folder();
    await workOff(server, paths(0, 20), { directory });
    for (const position of [0, 4, 19]) {
      const source = paths(0, 20).with(position, '/other');
      const { message, code, facts } = await errorOf(workOff(server, source, { directory }));
      expect([code, facts]).toEqual([
        'HYDRA_SOURCE_CHANGED',
        { file: directory, name: String(position) },
      ]);
      expect(message).toContain(`number ${position} (from 0)`);
      expect(message).toContain('it is GET /other');
      expect(message).toContain(`begun with GET ${server.origin}/${position}.`);
    }
    expect(server.asked).toHaveLength(20);
    expect((await held(directory)).ids).toEqual(range(0, 20));
    const summary = await workOff(server, paths(0, 20), { directory });
    expect(summary).toMatchObject({ isComplete: true, skipped: 20, done: 19, failed: 1 });
  });

  it('because it is shorter is an error, and nothing is lost', async () => {
    const server = await world();
    const directory = folder();
    await workOff(server, paths(0, 20), { directory });
    const error = await errorOf(workOff(server, paths(0, 19), { directory }));
    expect(error.code).toBe('HYDRA_SOURCE_CHANGED');
    expect(error.message).toContain('ends after 19 requests');
    expect(error.message).toContain('at least 20');
    expect(readInfo(directory)).toMatchObject({ source: { read: 20 }, totals: { done: 20 } });
    expect(await workOff(server, paths(0, 20), { directory })).toMatchObject({ isComplete: true });
  });

  const first: RunRequest = {
    path: '/x',
    method: 'PUT',
    query: { a: 1 },
    json: { password: 'hunter2' },
    headers: { 'x-key': 'hunter3' },
    key: 'k',
  };
  const others: [what: string, other: RunRequest | string][] = [
    ['query', { ...first, query: { a: 2 } }],
    ['method', { ...first, method: 'POST' }],
    ['body', { ...first, json: { password: 'hunter4' } }],
    ['headers', { ...first, headers: { 'x-key': 'hunter5' } }],
    ['key', { ...first, key: 'l' }],
    ['everything but the path', '/x'],
  ];
  it.each(others)('in its %s is an error, without secrets in it', async (_, other) => {
    const server = await world();
    const directory = folder();
    await workOff(server, [first], { directory });
    const error = await errorOf(workOff(server, [other], { directory }));
    expect(error.code).toBe('HYDRA_SOURCE_CHANGED');
    expect(error.message).toContain(`begun with PUT ${server.origin}/x?a=1`);
    expect(error.message).not.toContain('hunter');
    expect(server.asked).toHaveLength(1);
  });

  const same: [what: string, a: RunRequest | string, b: RunRequest | string][] = [
    ['the path alone or a request of it', '/x', { path: '/x', method: 'GET' }],
    ['how it is carried out', { path: '/x', priority: 1 }, { path: '/x', timeoutMs: 5000 }],
    [
      'bytes of the same content',
      { path: '/x', method: 'PUT', body: Uint8Array.of(1, 2) },
      { path: '/x', method: 'PUT', body: Buffer.from([1, 2]) },
    ],
  ];
  it.each(same)('only in %s is the same', async (_, a, b) => {
    const server = await world();
    const directory = folder();
    await workOff(server, [a], { directory });
    expect(await workOff(server, [b], { directory })).toMatchObject({ skipped: 1, done: 1 });
  });

  it('is found out also where nothing is recorded yet of the request', async () => {
    const server = await world();
    server.isHeld = true;
    const directory = folder();
    const stop = new AbortController();
    const { hydra } = hydraFor(server.origin, { maxConcurrency: 1 });
    const run = hydra.run(paths(0, 10), { directory, signal: stop.signal });
    while (server.asked.length === 0) await new Promise(setImmediate);
    stop.abort();
    server.release();
    expect(await run.done).toMatchObject({ done: 1 });
    const changed: RunSource = paths(0, 10).with(6, '/other');
    const error = await errorOf(workOff(server, changed, { directory }));
    expect(error.message).toContain('number 6');
    expect(error.message).toContain('begun with another one');
    expect(await workOff(server, paths(0, 10), { directory })).toMatchObject({ done: 10 });
  });
});

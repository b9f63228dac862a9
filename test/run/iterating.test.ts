/** Who iterates over a run gets its outcomes once they are recorded, at a pace of its own. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { outcomeId } from '../../src/request/request.js';
import { until } from '../transport/http-world.js';
import {
  countInFiles,
  errorOf,
  failing,
  folder,
  held,
  hydraFor,
  paths,
  range,
  world,
} from './run-setting.js';

const unhandled: unknown[] = [];
const keep = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', keep);
});
afterEach(() => {
  process.off('unhandledRejection', keep);
});

async function turns(howMany: number): Promise<void> {
  for (let turn = 0; turn < howMany; turn++) await new Promise(setImmediate);
}

function isRecorded(directory: string, outcome: Outcome): boolean {
  const id = outcomeId(outcome);
  if (outcome.kind === 'response') return countInFiles(directory).get(id) === 1;
  const text = fs.readFileSync(path.join(directory, 'failures.jsonl'), 'utf8');
  return text.split(`{"id":${id},`).length === 2;
}

async function idsOf(outcomes: AsyncIterable<Outcome>): Promise<number[]> {
  const ids: number[] = [];
  for await (const outcome of outcomes) ids.push(outcomeId(outcome));
  return ids;
}

describe('iterating over a run', () => {
  it('gives each outcome once, and only when it is in a file', async () => {
    const server = await world();
    server.answer = failing('/7');
    const { hydra } = hydraFor(server.origin);
    const directory = folder();
    const ids: number[] = [];
    for await (const outcome of hydra.run(paths(0, 60), { directory })) {
      const id = outcomeId(outcome);
      ids.push(id);
      expect([id, isRecorded(directory, outcome)]).toEqual([id, true]);
    }
    expect(ids.toSorted((a, b) => a - b)).toEqual(range(0, 60));
  });

  it('slows the run down when it is slow, and goes on where it was', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin, { maxConcurrency: 50 });
    const run = hydra.run(paths(0, 3600), { directory: folder() });
    const outcomes = run[Symbol.asyncIterator]();
    await outcomes.next();
    await until(() => run.progress.inFlight === 0 && run.progress.waiting === 0);
    await turns(50);
    const seen = server.asked.length;
    expect(seen).toBeLessThanOrEqual(256 + 2000 + 600);
    expect(seen).toBeLessThan(3600);
    await turns(50);
    expect(server.asked).toHaveLength(seen);
    let count = 1;
    while (!(await outcomes.next()).done) count += 1;
    expect([count, server.asked.length]).toEqual([3600, 3600]);
  });

  it('may ask for more with the same hydra, in the loop', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin, { maxConcurrency: 20 });
    let count = 0;
    for await (const outcome of hydra.run(paths(0, 600), { directory: folder() })) {
      const { status } = await hydra.get(`/more/${outcomeId(outcome)}`);
      count += status === 200 ? 1 : 0;
    }
    expect(count).toBe(600);
  });

  it('goes on when both the source and the reader are slow', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    async function* slowly(): AsyncGenerator<string> {
      for (const one of paths(0, 400)) {
        await Promise.resolve();
        yield one;
        // Each is answered before the next one is asked, so that nothing is ready when readers are full.
        await until(() => server.asked.includes(`GET ${one}`));
      }
    }
    const run = hydra.run(slowly(), { directory: folder() });
    const outcomes = run[Symbol.asyncIterator]();
    await until(() => run.progress.done >= 257 && run.progress.inFlight === 0);
    await turns(20);
    let count = 0;
    while (!(await outcomes.next()).done) count += 1;
    expect(count).toBe(400);
  });

  it('left early leaves the run alone', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    const directory = folder();
    const run = hydra.run(paths(0, 600), { directory });
    for await (const outcome of run) if (outcomeId(outcome) >= 0) break;
    expect(await run.done).toMatchObject({ isComplete: true, done: 600 });
    expect((await held(directory)).ids).toEqual(range(0, 600));
  });

  it('left before it began, or while it waits, leaves the run alone', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    const run = hydra.run(paths(0, 600), { directory: folder() });
    await run[Symbol.asyncIterator]().return?.();
    server.isHeld = true;
    const waiting = run[Symbol.asyncIterator]();
    const next = waiting.next();
    await waiting.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    server.release();
    expect(await run.done).toMatchObject({ isComplete: true, done: 600 });
  });

  it('by two at once gives both all outcomes', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    const run = hydra.run(paths(0, 400), { directory: folder() });
    const both = await Promise.all([idsOf(run), idsOf(run)]);
    for (const ids of both) expect(ids.toSorted((a, b) => a - b)).toEqual(range(0, 400));
  });

  it('begun late gives what comes from then on, and nothing after the end', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    const run = hydra.run(paths(0, 10), { directory: folder() });
    await run.done;
    expect(await idsOf(run)).toEqual([]);
  });

  it('throws what the run rejects with, after the outcomes before it', async () => {
    const server = await world();
    const { hydra, log } = hydraFor(server.origin);
    async function* source(): AsyncGenerator<string> {
      yield* paths(0, 10);
      await Promise.resolve();
      throw new Error('the file is gone');
    }
    const ids: number[] = [];
    const run = hydra.run(source(), { directory: folder() });
    const error = await errorOf(
      (async () => {
        for await (const outcome of run) ids.push(outcomeId(outcome));
      })(),
    );
    expect(error.message).toBe('the file is gone');
    expect(await errorOf(run.done)).toBe(error);
    const { done } = run.progress;
    expect(ids).toHaveLength(done);
    await turns(3);
    expect(unhandled).toEqual([]);
    expect(log.filter((line) => line.startsWith('error'))).toEqual([]);
  });
});

describe('a failure of a run that nobody looks at', () => {
  const source = (): string[] => ['/0', 5 as never];

  it('is logged, and no unhandled rejection', async () => {
    const { hydra, log } = hydraFor((await world()).origin);
    hydra.run(source(), { directory: folder() });
    await hydra.join();
    await turns(3);
    expect(log.filter((line) => line.startsWith('error The run stopped: Expected'))).toHaveLength(
      1,
    );
    expect(unhandled).toEqual([]);
  });

  it('is logged also when somebody had looked at its outcomes, and left', async () => {
    const server = await world();
    const { hydra, log } = hydraFor(server.origin);
    let fail = (): void => {};
    const failed = new Promise<void>((resolve) => (fail = resolve));
    async function* later(): AsyncGenerator<string> {
      yield '/0';
      await failed;
      throw new Error('the file is gone');
    }
    for await (const outcome of hydra.run(later(), { directory: folder() })) {
      expect(outcomeId(outcome)).toBe(0);
      break;
    }
    fail();
    await hydra.join();
    expect(log).toContain('error The run stopped: the file is gone');
    expect(unhandled).toEqual([]);
  });

  it('is not logged for who awaits it', async () => {
    const { hydra, log } = hydraFor((await world()).origin);
    await errorOf(hydra.run(source(), { directory: folder() }).done);
    expect(log.filter((line) => line.includes('The run stopped'))).toEqual([]);
  });
});

/** A source is read only as fast as its requests are sent, and let go of when the run ends. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { sleep } from '../../src/index.js';
import { until } from '../transport/http-world.js';
import { folder, held, hydraFor, range, workOff, world } from './run-setting.js';

/** What a run may hold ready, what is in flight, and what is not recorded yet. */
const MOST_AHEAD = 2000 + 100 + 2000;

interface Counted {
  read: number;
  returned: number;
}

function* endless(counted: Counted, end = Infinity): Generator<string> {
  try {
    for (; counted.read < end; counted.read++) yield `/${counted.read}`;
  } finally {
    counted.returned += 1;
  }
}

describe('a source of a million requests', () => {
  it('is never read more than some thousand ahead of its outcomes, and can be stopped', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin, { maxConcurrency: 100 });
    const counted = { read: 0, returned: 0 };
    const stop = new AbortController();
    const directory = folder();
    const run = hydra.run(endless(counted, 1_000_000), { directory, signal: stop.signal });
    let most = 0;
    await until(() => {
      most = Math.max(most, counted.read - run.progress.done);
      return run.progress.done >= 600;
    });
    stop.abort();
    const { isComplete, done } = await run.done;
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(MOST_AHEAD);
    expect([isComplete, counted.returned]).toEqual([false, 1]);
    expect((await held(directory)).ids).toHaveLength(done);
    expect(server.asked).toHaveLength(done);
  });

  it('is not read on while the server holds its answers back', async () => {
    const server = await world();
    server.isHeld = true;
    const { hydra } = hydraFor(server.origin, { maxConcurrency: 10 });
    const counted = { read: 0, returned: 0 };
    const stop = new AbortController();
    const run = hydra.run(endless(counted), { directory: folder(), signal: stop.signal });
    await until(() => server.asked.length === 10);
    await new Promise(setImmediate);
    const { read } = counted;
    for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
    expect(counted.read).toBe(read);
    expect(read).toBeLessThanOrEqual(2100);
    expect(run.progress).toMatchObject({ inFlight: 10, waiting: read - 9, done: 0 });
    stop.abort();
    server.release();
    await run.done;
    expect(counted.returned).toBe(1);
  });
});

describe('an async source', () => {
  it('that never yields can be stopped', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    let [asked, returned] = [0, 0];
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked += 1;
          return new Promise<IteratorResult<string>>(() => {});
        },
        return: () => {
          returned += 1;
          return new Promise<IteratorResult<string>>(() => {});
        },
      }),
    };
    const stop = new AbortController();
    const run = hydra.run(source, { directory: folder(), signal: stop.signal });
    await until(() => asked === 1);
    stop.abort();
    expect(await run.done).toMatchObject({ isComplete: false, done: 0 });
    expect(returned).toBe(1);
  });

  it('whose next request comes late is waited for, and all are asked', async () => {
    const server = await world();
    const { hydra } = hydraFor(server.origin);
    async function* source(): AsyncGenerator<string> {
      for (const one of range(0, 20)) {
        await sleep(systemClock, 5);
        yield `/${one}`;
      }
    }
    const directory = folder();
    await hydra.run(source(), { directory }).done;
    expect((await held(directory)).ids).toEqual(range(0, 20));
  });

  it('whose promises are of another kind is read all the same', async () => {
    const server = await world();
    let given = 0;
    const next = (): PromiseLike<IteratorResult<string>> => ({
      // oxlint-disable-next-line unicorn/no-thenable -- what it is about
      then: (onResult: never) =>
        Promise.resolve(
          given < 3 ? { done: false, value: `/${given++}` } : { done: true, value: undefined },
        ).then(onResult),
    });
    const source = { [Symbol.asyncIterator]: () => ({ next }) } as AsyncIterable<string>;
    const directory = folder();
    expect(await workOff(server, source, { directory })).toMatchObject({ done: 3 });
  });

  it('is told when the directory cannot be had, so that it lets go of its file', async () => {
    const server = await world();
    const counted = { read: 0, returned: 0 };
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: true, value: undefined }) as const,
        return: () => {
          counted.returned += 1;
          return { done: true, value: undefined } as const;
        },
      }),
    };
    const { hydra } = hydraFor(server.origin);
    const directory = folder();
    const first = hydra.run(endless(counted, 10), { directory });
    await expect(hydra.run(source, { directory }).done).rejects.toMatchObject({
      code: 'HYDRA_RUN_LOCKED',
    });
    await first.done;
    expect(counted.returned).toBe(2);
  });

  it('that has come to its end is not told once more', async () => {
    const server = await world();
    let returned = 0;
    let left = 3;
    const source = {
      [Symbol.iterator]: () => ({
        next: () =>
          left > 0
            ? { done: false, value: `/${left--}` }
            : ({ done: true, value: undefined } as IteratorResult<string>),
        return: () => {
          returned += 1;
          return { done: true, value: undefined } as IteratorResult<string>;
        },
      }),
    };
    await workOff(server, source, { directory: folder() });
    expect(returned).toBe(0);
  });
});

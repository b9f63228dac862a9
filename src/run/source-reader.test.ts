import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSource } from './run.js';
import { SourceReader } from './source-reader.js';

async function readAll(reader: SourceReader): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let item = await reader.next(); item !== undefined; item = await reader.next())
    items.push(item);
  return items;
}

async function* later(items: readonly string[]): AsyncGenerator<string> {
  yield* items;
}

describe('a source reader', () => {
  it('gives what the source gives, sync or async, and then nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), async (items) => {
        const sources: RunSource[] = [
          items,
          items.values(),
          later(items),
          items.map((path) => ({ path })),
        ];
        for (const source of sources) {
          const reader = new SourceReader(source);
          const read = await readAll(reader);
          expect(
            read.map((one) => (typeof one === 'string' ? one : (one as { path: string }).path)),
          ).toEqual(items);
          expect(await reader.next()).toBeUndefined();
        }
      }),
      { numRuns: 50 },
    );
  });

  it('makes no promise for a source that is sync', () => {
    expect(new SourceReader(['/a']).next()).toBe('/a');
  });

  it.each([5, null, undefined, true, Symbol('x')])('refuses %s, which is no request', (value) => {
    expect(() => new SourceReader([value as never]).next()).toThrow(
      'Expected the source to give paths or requests',
    );
  });

  it('gives nothing more once stopped, and lets the source go', async () => {
    let isReleased = false;
    const source = (function* () {
      try {
        yield '/a';
        yield '/b';
      } finally {
        isReleased = true;
      }
    })();
    const reader = new SourceReader(source);
    expect(reader.next()).toBe('/a');
    reader.stop();
    expect(reader.next()).toBeUndefined();
    await reader.close();
    expect(isReleased).toBe(true);
  });

  it('stops while it waits, drops what comes then, and does not wait for the end', async () => {
    let give: (result: IteratorResult<string>) => void = () => {};
    let returned = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<string>>((resolve) => (give = resolve)),
        return: () => {
          returned += 1;
          return Promise.reject(new Error('not now'));
        },
      }),
    };
    const reader = new SourceReader(source);
    const next = reader.next();
    reader.stop();
    expect(await next).toBeUndefined();
    await reader.close();
    give({ done: false, value: '/late' });
    await reader.close();
    expect(returned).toBe(1);
  });

  it('rejects with what the source throws, in its loop or when it is let go of', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield '/a';
      throw new Error('broken');
    }
    const reader = new SourceReader(broken());
    expect(await reader.next()).toBe('/a');
    await expect(reader.next()).rejects.toThrow('broken');
    const stubborn = new SourceReader(
      (function* () {
        try {
          yield '/a';
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- what it is about
          throw new Error('stubborn');
        }
      })(),
    );
    expect(stubborn.next()).toBe('/a');
    await expect(stubborn.close()).rejects.toThrow('stubborn');
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { response } from '../../test/store/outcomes.js';
import { idsOf } from '../../test/store/store-setting.js';
import { outcomeId, type Outcome } from '../request/request.js';
import { mergeOutcomes } from './merge-segments.js';
import { MemoryCursor, type OutcomeCursor } from './segment-cursor.js';

/** Counts how many cursors are in use at once. */
class CountedCursor implements OutcomeCursor {
  static readonly open: Set<CountedCursor> = new Set<CountedCursor>();
  static most = 0;
  readonly #ids: readonly number[];
  readonly #missing: ReadonlySet<number>;
  readonly #from: number;
  #taken = 0;

  constructor(ids: readonly number[], missing: readonly number[], from: number) {
    this.#ids = ids.toSorted((a, b) => a - b);
    this.#missing = new Set(missing);
    this.#from = from;
  }

  get nextId(): number | undefined {
    return this.#ids[this.#taken];
  }

  next(): Promise<Outcome | undefined> {
    CountedCursor.open.add(this);
    CountedCursor.most = Math.max(CountedCursor.most, CountedCursor.open.size);
    const id = this.#ids[this.#taken++];
    const isThere = id !== undefined && !this.#missing.has(id);
    return Promise.resolve(isThere ? response(id, { attempts: this.#from }) : undefined);
  }

  suspend(): Promise<void> {
    CountedCursor.open.delete(this);
    return Promise.resolve();
  }
}

const sources = fc.array(
  fc.record({ ids: fc.array(fc.nat(60)), missing: fc.array(fc.nat(60), { maxLength: 5 }) }),
  { maxLength: 30 },
);

describe('mergeOutcomes', () => {
  it('gives each id once, rising, from the first cursor that has it, with 16 open at most', async () => {
    await fc.assert(
      fc.asyncProperty(sources, async (all) => {
        CountedCursor.most = 0;
        const cursors = all.map(({ ids, missing }, at) => new CountedCursor(ids, missing, at));
        const found: [number, number][] = [];
        for await (const outcome of mergeOutcomes(cursors)) {
          const attempts = outcome.kind === 'response' ? outcome.response.attempts : -1;
          found.push([outcomeId(outcome), attempts]);
        }
        const expected = new Map<number, number>();
        for (const [at, { ids, missing }] of all.entries()) {
          for (const id of ids)
            if (!missing.includes(id) && !expected.has(id)) expected.set(id, at);
        }
        expect(found).toEqual([...expected].toSorted(([a], [b]) => a - b));
        expect(CountedCursor.most).toBeLessThanOrEqual(16);
        expect(CountedCursor.open.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('lets go of all cursors when the reader stops early, or when one fails', async () => {
    const cursors = [new CountedCursor([1, 4], [], 0), new CountedCursor([2, 3], [], 1)];
    for await (const outcome of mergeOutcomes(cursors)) if (outcomeId(outcome) === 2) break;
    expect(CountedCursor.open.size).toBe(0);

    const failing: OutcomeCursor = {
      nextId: 2,
      next: () => Promise.reject(new Error('gone')),
      suspend: () => Promise.resolve(),
    };
    const others = [new CountedCursor([1, 4], [], 0), failing];
    await expect(idsOf(mergeOutcomes(others))).rejects.toThrow('gone');
    expect(CountedCursor.open.size).toBe(0);
  });

  it('takes outcomes at hand, in any order', async () => {
    const cursor = new MemoryCursor([3, 1, 2].map((id) => [id, () => response(id)] as const));
    expect(await idsOf(mergeOutcomes([cursor, new MemoryCursor([])]))).toEqual([1, 2, 3]);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { response } from '../../test/store/outcomes.js';
import { outcomeId, type Outcome } from '../request/request.js';
import { OutcomeFeed } from './outcome-feed.js';

function put(feed: OutcomeFeed, from: number, to: number): void {
  for (let id = from; id < to; id++) {
    feed.add(response(id));
    feed.release([id]);
  }
}

async function drain(outcomes: AsyncIterator<Outcome>): Promise<number[]> {
  const ids: number[] = [];
  for (let one = await outcomes.next(); one.done !== true; one = await outcomes.next())
    ids.push(outcomeId(one.value));
  return ids;
}

describe('a feed of outcomes', () => {
  it('gives what is recorded from then on, in that order', async () => {
    const feed = new OutcomeFeed(() => {});
    put(feed, 0, 3);
    const outcomes = feed.read(true);
    feed.add(response(3));
    feed.add(response(4));
    feed.release([4, 3, 99]);
    feed.release([3]);
    feed.end();
    expect(await drain(outcomes)).toEqual([4, 3]);
  });

  it('gives nothing that is not recorded', async () => {
    const feed = new OutcomeFeed(() => {});
    const outcomes = feed.read(true);
    feed.add(response(1));
    feed.end();
    expect(await drain(outcomes)).toEqual([]);
  });

  it('is full from 256 on, and tells once it no longer is', async () => {
    let drained = 0;
    const feed = new OutcomeFeed(() => (drained += 1));
    put(feed, 0, 1000);
    expect(feed.isFull).toBe(false);
    const outcomes = feed.read(true);
    put(feed, 0, 255);
    expect(feed.isFull).toBe(false);
    put(feed, 255, 256);
    expect([feed.isFull, drained]).toEqual([true, 0]);
    await outcomes.next();
    expect([feed.isFull, drained]).toEqual([false, 1]);
  });

  it('throws a failure after what came before it', async () => {
    const feed = new OutcomeFeed(() => {});
    const outcomes = feed.read(true);
    put(feed, 0, 2);
    feed.end(new Error('it broke'));
    expect(outcomeId((await outcomes.next()).value as Outcome)).toBe(0);
    expect(outcomeId((await outcomes.next()).value as Outcome)).toBe(1);
    await expect(outcomes.next()).rejects.toThrow('it broke');
    expect(feed.isObserved).toBe(false);
  });

  const leaves: [when: string, leave: (outcomes: AsyncGenerator<Outcome>) => Promise<unknown>][] = [
    ['before it has begun', (outcomes) => outcomes.return(undefined)],
    [
      'in the middle',
      async (outcomes) => {
        await outcomes.next();
        return outcomes.return(undefined);
      },
    ],
    ['by an error', (outcomes) => outcomes.throw(new Error('no more')).catch(() => undefined)],
  ];
  it.each(leaves)('lets go of a reader that leaves %s', async (_, leave) => {
    let drained = 0;
    const feed = new OutcomeFeed(() => (drained += 1));
    const outcomes = feed.read(true);
    put(feed, 0, 300);
    await leave(outcomes);
    put(feed, 300, 900);
    expect([feed.isFull, feed.isObserved]).toEqual([false, false]);
    expect(drained).toBeGreaterThan(0);
    expect(await outcomes.next()).toEqual({ done: true, value: undefined });
  });

  it('is not observed by a reader that keeps errors to itself', async () => {
    const feed = new OutcomeFeed(() => undefined);
    const watching = feed.read(false);
    expect(feed.isObserved).toBe(false);
    const reading = feed.read(true);
    expect(feed.isObserved).toBe(true);
    await reading.return(undefined);
    expect(feed.isObserved).toBe(false);
    await watching.return(undefined);
  });

  it('lets go of a reader that leaves while it waits', async () => {
    const feed = new OutcomeFeed(() => {});
    const outcomes = feed.read(true);
    const next = outcomes.next();
    await new Promise(setImmediate);
    await outcomes.return(undefined);
    expect(await next).toEqual({ done: true, value: undefined });
    expect(feed.isObserved).toBe(false);
  });

  it('gives each reader each outcome from its begin on once, at any pace', async () => {
    const act = fc.constantFrom('put', 'release', 'read', 'take');
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 80 }), async (acts) => {
        const feed = new OutcomeFeed(() => {});
        const readers: { outcomes: AsyncIterator<Outcome>; got: number[]; want: number[] }[] = [];
        const unrecorded: [id: number, readers: typeof readers][] = [];
        for (const [id, one] of acts.entries()) {
          if (one === 'read') readers.push({ outcomes: feed.read(true), got: [], want: [] });
          if (one === 'put') {
            feed.add(response(id));
            // Those who come before it is recorded get it where somebody was there when it came.
            if (readers.length > 0) unrecorded.push([id, readers]);
          }
          if (one === 'release') {
            const ids = unrecorded.splice(0).map(([known]) => known);
            feed.release(ids);
            for (const reader of readers) reader.want.push(...ids);
          }
          const [reader] = readers;
          if (one === 'take' && reader !== undefined && reader.got.length < reader.want.length)
            reader.got.push(outcomeId((await reader.outcomes.next()).value as Outcome));
        }
        feed.end();
        for (const { outcomes, got, want } of readers)
          expect([...got, ...(await drain(outcomes))]).toEqual(want);
      }),
    );
  });
});
